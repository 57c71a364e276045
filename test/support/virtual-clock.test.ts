/** The clock of the tests keeps the contract of clocks. */
import { expect, test } from 'vitest';
import { testClock } from '../contract/clock.contract.ts';
import { createVirtualClock } from './virtual-clock.ts';

testClock('the virtual clock', () => {
  const clock = createVirtualClock();
  return { clock, pass: async (milliseconds) => clock.advance(milliseconds) };
});

test('the virtual clock shows each sleeper the moment it waited for', () => {
  const clock = createVirtualClock(0);
  const seen: number[] = [];
  clock.wakeAt(50, () => seen.push(clock.now()));
  clock.wakeAt(10, () => {
    seen.push(clock.now());
    clock.wakeAt(20, () => seen.push(clock.now()));
  });
  expect(clock.moveToNext()).toBe(true);
  expect(clock.now()).toBe(10);
  clock.moveTo(60);
  expect(seen).toEqual([10, 20, 50]);
  expect(clock.now()).toBe(60);
  expect(clock.moveToNext()).toBe(false);
});
