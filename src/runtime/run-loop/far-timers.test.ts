/** When timers that nobody holds in memory are looked for. */
import { expect, test } from 'vitest';
import { createVirtualClock } from '../../../test/support/virtual-clock.ts';
import { createFarTimers, soonMs } from './far-timers.ts';

const hour = 3_600_000;

function watched() {
  const clock = createVirtualClock(0);
  const looks: number[] = [];
  const timers = createFarTimers(clock, () => void looks.push(clock.now()));
  return { clock, looks, timers };
}

test('a look comes before the timer is due, near enough to take it into memory', () => {
  const { clock, looks, timers } = watched();
  timers.awaitUntil(2 * hour);
  clock.moveTo(2 * hour - soonMs);
  expect(looks).toEqual([]);
  clock.moveTo(2 * hour);
  expect(looks).toHaveLength(1);
  expect(looks[0]).toBeLessThan(2 * hour);
  expect(2 * hour - (looks[0] ?? 0)).toBeLessThan(soonMs);
});

test('the earliest timer decides, whatever the order in which they are set', () => {
  const { clock, looks, timers } = watched();
  timers.awaitUntil(8 * hour);
  timers.awaitUntil(2 * hour);
  timers.awaitUntil(5 * hour);
  clock.moveTo(2 * hour);
  expect(looks).toHaveLength(1);
  // Who looks says what comes next.
  timers.awaitUntil(5 * hour);
  clock.moveTo(5 * hour);
  expect(looks).toHaveLength(2);
});

test('looks do not follow each other at once, and none comes after the end', () => {
  const { clock, looks, timers } = watched();
  timers.awaitUntil(0);
  clock.advance(1_000);
  expect(looks).toEqual([]);
  clock.advance(soonMs);
  expect(looks).toHaveLength(1);
  timers.awaitUntil(hour);
  timers.close();
  timers.awaitUntil(2 * hour);
  clock.moveTo(3 * hour);
  expect(looks).toHaveLength(1);
});
