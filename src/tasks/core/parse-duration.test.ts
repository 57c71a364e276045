/** Tests of durations. */
import { expect, test } from 'vitest';
import { parseDuration } from './parse-duration.ts';

test.each([
  ['PT0.25S', 250],
  ['pt0.25s', 250],
  ['P1DT1H', 90_000_000],
  ['PT0S', 0],
])('reads %s as %i milliseconds', (text, milliseconds) => {
  expect(parseDuration(text)).toBe(milliseconds);
});

test.each(['P1W', 'P1M', 'P1Y', '5', 'soon', ''])('refuses `%s`', (text) => {
  expect(() => parseDuration(text)).toThrow(
    expect.objectContaining({ code: 'task.input-invalid' }) as Error,
  );
});
