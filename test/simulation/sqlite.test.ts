/**
 * The same world over the real store: the files are taken at the moment of the crash, and what nobody
 * was told of is torn at any byte. Fewer runs, because each life opens files.
 */
import { expect, test } from 'vitest';
import { runSeed } from './exhaust.ts';
import { noFaults, oneFault } from './faults.ts';
import { scenarioOf } from './scenarios.ts';
import { simulate } from './simulation.ts';
import { SqliteDisk } from './sqlite-disk.ts';

test('a commit that is torn at any byte is there whole or not at all', async () => {
  const scenario = scenarioOf('sequential');
  const base = await simulate(scenario, noFaults, { disk: await SqliteDisk.make() });
  expect(base.troubles).toEqual([]);
  for (let count = 1; count <= 4; count += 1) {
    for (const tornAt of [0, 0.001, 0.3, 0.5, 0.75, 0.999]) {
      const faults = {
        ...oneFault({ at: 'commit', count, fault: 'crash-after' } as const),
        tornAt: () => tornAt,
      };
      const result = await simulate(scenario, faults, { disk: await SqliteDisk.make() });
      expect(result.troubles, `commit ${count} torn at ${tornAt}`).toEqual([]);
      expect(result.ends).toBe(base.ends);
    }
  }
});

test('seeds hold over the real store', { timeout: 60_000 }, async () => {
  for (let seed = 0; seed < 30; seed += 1) {
    const { finding } = await runSeed(seed, undefined, { disk: await SqliteDisk.make() });
    expect(finding).toBeUndefined();
  }
});
