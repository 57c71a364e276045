/** Durations: what the language accepts and refuses. */
import { expect, test } from 'vitest';
import { parseDuration } from './duration.ts';

test.each([
  ['PT0.25S', 250],
  ['pt0.25s', 250],
  ['P1D', 86_400_000],
  ['P1DT2H3M4.005S', 93_784_005],
  ['PT-5M', -300_000],
  ['-PT5M', -300_000],
  ['PT0S', 0],
  ['PT.5S', undefined],
  ['PT36H', 129_600_000],
  ['PT0.000001S', 0.001],
  ['PT-0.5S', -500],
])('reads %s as %s ms', (text, ms) => {
  expect(parseDuration(text)).toBe(ms);
});

test.each([
  '',
  'P',
  'PT',
  'P1W',
  'P1M',
  'P1Y',
  '5m',
  '1h',
  'PT5',
  'PT1S1M',
  'P1DT',
  'PT1e3S',
  'PT99999999999999999S',
])('refuses `%s`', (text) => {
  expect(parseDuration(text)).toBeUndefined();
});
