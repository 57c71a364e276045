/** Every single fault in every second scenario: the other half runs beside it. */
import { describe, expect, test } from 'vitest';
import { exhaust } from './exhaust.ts';
import { scenarios } from './scenarios.ts';

describe('whatever single thing goes wrong, everything holds', () => {
  for (const scenario of scenarios.filter((_, at) => at % 2 === 0)) {
    test(`in ${scenario.name}`, async () => {
      const { runs, findings } = await exhaust(scenario);
      expect(findings).toEqual([]);
      expect(runs).toBeGreaterThan(10);
    });
  }
});
