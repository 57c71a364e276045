/**
 * Faults that once broke something stay: each run of the simulated world that found a defect, by the
 * command that repeats it.
 */
import { expect, test } from 'vitest';
import { runFault, runSeed } from '../simulation/exhaust.ts';
import type { SingleFault } from '../simulation/faults.ts';
import { scenarioOf } from '../simulation/scenarios.ts';

/** What broke, the scenario, and the seed. */
const seeds: readonly (readonly [string, string, number])[] = [
  ['a child that its parent hears of twice is not killed', 'loop', 3],
  ['a parent goes on whose paused child ended before it was told', 'subflow-paused', 814],
  ['a parent hears of an end that came with the news of a pause', 'subflow-paused-last', 108_339],
];

/** What broke, the scenario, and the single fault. */
const faults: readonly (readonly [string, string, SingleFault])[] = [
  [
    'a disk that fails while a child starts is no outcome of the task',
    'loop',
    { at: 'commit', count: 4, fault: 'lock' },
  ],
  [
    'what may be durable already is not written again',
    'loop',
    { at: 'commit', count: 4, fault: 'lose-answer' },
  ],
  [
    'the error of an execution is stored when it is known',
    'errors',
    { at: 'commit', count: 1, fault: 'none' },
  ],
  [
    'a disk that fails beneath a repetition strands the loop',
    'flow-retry',
    { at: 'commit', count: 4, fault: 'refuse' },
  ],
  [
    'the folder that tasks share is there after a crash',
    'working-directory',
    { at: 'commit', count: 3, fault: 'crash-before' },
  ],
  [
    'a parent hears of a paused child that ended while nobody lived',
    'subflow-paused-last',
    { at: 'commit', count: 5, fault: 'crash-after' },
  ],
  [
    'what goes on beside a pause goes on after a crash',
    'pause-beside',
    { at: 'commit', count: 2, fault: 'crash-after' },
  ],
  [
    'who has asked for a slot is found after a crash, however far its timers',
    'queue-in-time',
    { at: 'commit', count: 1, fault: 'crash-after' },
  ],
];

test.each(seeds)('%s: %s with seed %i', async (_what, name, seed) => {
  expect((await runSeed(seed, scenarioOf(name))).finding).toBeUndefined();
});

test.each(faults)('%s: %s', async (_what, name, fault) => {
  expect(await runFault(scenarioOf(name), fault)).toBeUndefined();
});
