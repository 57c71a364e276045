/** The clock of the machine keeps the contract of clocks. */
import { setTimeout } from 'node:timers/promises';
import { testClock } from '../../../test/contract/clock.contract.ts';
import { createSystemClock } from './system-clock.ts';

testClock('the clock of the machine', () => ({
  clock: createSystemClock(),
  pass: (milliseconds) => setTimeout(milliseconds + 5),
}));
