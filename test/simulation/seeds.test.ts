/** Two hundred seeds, each with faults of many kinds at once; and that a seed decides everything. */
import { expect, test } from 'vitest';
import { runSeed } from './exhaust.ts';

test('whatever two hundred seeds let go wrong, everything holds', { timeout: 60_000 }, async () => {
  for (let seed = 0; seed < 200; seed += 1) expect((await runSeed(seed)).finding).toBeUndefined();
});

test('a seed decides everything that happens', async () => {
  for (const seed of [3, 17, 42, 99]) {
    const [first, second] = [
      await runSeed(seed, undefined, { isTraced: true }),
      await runSeed(seed, undefined, { isTraced: true }),
    ];
    expect(first.trace.length).toBeGreaterThan(5);
    expect(second.trace).toEqual(first.trace);
    expect(second.ends).toBe(first.ends);
  }
});
