/**
 * Every single fault in every second story with approvals: never an effect that nobody agreed to, never
 * two, never a decision lost, never an approval open for what has ended.
 */
import { describe, expect, test } from 'vitest';
import { approvalScenarios } from './approval-scenarios.ts';
import { exhaust } from './exhaust.ts';

describe('whatever single thing goes wrong, approvals hold', () => {
  for (const scenario of approvalScenarios.filter((_, at) => at % 2 === 0)) {
    test(`in ${scenario.name}`, async () => {
      const { runs, findings } = await exhaust(scenario);
      expect(findings).toEqual([]);
      expect(runs).toBeGreaterThan(10);
    });
  }
});
