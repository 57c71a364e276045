/** When a failed attempt is repeated: delays by type, bounds by count and by time, whose policy. */
import { expect, test } from 'vitest';
import type { Retry } from '../flow/index.ts';
import { delayBefore, nextAttemptAt } from './retry.ts';

const policy = (more: Partial<Retry>): Retry => ({
  type: 'constant',
  intervalMs: 1_000,
  warnsOnRetry: false,
  behavior: 'RETRY_FAILED_TASK',
  ...more,
});

test('a constant delay is the same before each attempt', () => {
  expect([2, 3, 9].map((attempt) => delayBefore(policy({}), attempt, 0.5))).toEqual([
    1_000, 1_000, 1_000,
  ]);
});

test('an exponential delay grows by its factor from the interval on and is cut at the longest', () => {
  const doubling = policy({ type: 'exponential', intervalMaxMs: 5_000 });
  expect([2, 3, 4, 5, 50].map((attempt) => delayBefore(doubling, attempt, 0))).toEqual([
    1_000, 2_000, 4_000, 5_000, 5_000,
  ]);
  const tripling = policy({ type: 'exponential', delayFactor: 3, intervalMaxMs: 100_000 });
  expect([2, 3, 4].map((attempt) => delayBefore(tripling, attempt, 0))).toEqual([
    1_000, 3_000, 9_000,
  ]);
});

test('a random delay lies between its bounds, as chance says', () => {
  const random = policy({ type: 'random', intervalMaxMs: 3_000 });
  expect([0, 0.5, 0.999].map((chance) => delayBefore(random, 2, chance))).toEqual([
    1_000, 2_000, 2_998,
  ]);
});

test('there is no further attempt once as many were made as there may be', () => {
  const three = policy({ attemptsMax: 3 });
  expect(nextAttemptAt(three, 2, 0, 500, 0)).toBe(1_500);
  expect(nextAttemptAt(three, 3, 0, 500, 0)).toBeUndefined();
});

test('there is no further attempt that would begin after the longest time since the first', () => {
  const brief = policy({ durationMaxMs: 2_000 });
  expect(nextAttemptAt(brief, 1, 100, 1_100, 0)).toBe(2_100);
  expect(nextAttemptAt(brief, 1, 100, 1_101, 0)).toBeUndefined();
});

test('without a policy there is one attempt', () => {
  expect(nextAttemptAt(undefined, 1, 0, 0, 0)).toBeUndefined();
});
