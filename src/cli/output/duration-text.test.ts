/** Amounts of time read well at every size. */
import { expect, test } from 'vitest';
import { durationText } from './duration-text.ts';

test.each([
  [-5, '0 ms'],
  [0, '0 ms'],
  [999, '999 ms'],
  [1000, '1.0 s'],
  [59_940, '59.9 s'],
  [59_999, '1m 00s'],
  [125_000, '2m 05s'],
  [3_600_000, '1h 00m'],
  [90_000_000, '1d 01h'],
])('%i milliseconds are %s', (milliseconds, text) => {
  expect(durationText(milliseconds)).toBe(text);
});
