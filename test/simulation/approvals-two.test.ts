/** Every single fault in the other half of the stories with approvals, and seeds that draw many for all of them. */
import { describe, expect, test } from 'vitest';
import { approvalScenarios } from './approval-scenarios.ts';
import { exhaust, runSeed } from './exhaust.ts';

describe('whatever single thing goes wrong, approvals hold', () => {
  for (const scenario of approvalScenarios.filter((_, at) => at % 2 === 1)) {
    test(`in ${scenario.name}`, async () => {
      const { runs, findings } = await exhaust(scenario);
      expect(findings).toEqual([]);
      expect(runs).toBeGreaterThan(10);
    });
  }
});

test('whatever many things go wrong at once, approvals hold', async () => {
  for (let seed = 0; seed < 60; seed += 1) {
    const scenario = approvalScenarios[seed % approvalScenarios.length];
    expect((await runSeed(seed, scenario)).finding).toBeUndefined();
  }
});
