/** Tests of dates given as properties. */
import { expect, test } from 'vitest';
import { readInstant } from './read-instant.ts';

test.each([
  ['2026-03-02T10:00:00Z', '2026-03-02T10:00:00Z'],
  ['2026-03-02T10:00:00+01:00', '2026-03-02T09:00:00Z'],
  ['2026-03-02T10:00+01:00[Europe/Berlin]', '2026-03-02T09:00:00Z'],
  ['2026-03-02T10:00', '2026-03-02T10:00:00Z'],
  ['2026-03-02', '2026-03-02T00:00:00Z'],
])('reads %s as %s', (text, instant) => {
  expect(readInstant(text)).toBe(instant);
});

test.each(['tomorrow', '', '2026-13-01'])('refuses `%s`', (text) => {
  expect(() => readInstant(text)).toThrow(
    expect.objectContaining({ code: 'task.input-invalid' }) as Error,
  );
});
