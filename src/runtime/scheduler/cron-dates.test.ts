/** Dates of cron expressions, among them those that calendars and clocks make difficult. */
import { describe, expect, test } from 'vitest';
import { cronDates } from './cron-dates.ts';

const at = (text: string): number => Temporal.Instant.from(text).epochMilliseconds;
const shown = (ms: number | undefined): string =>
  ms === undefined ? 'none' : Temporal.Instant.fromEpochMilliseconds(ms).toString();

describe('the next date', () => {
  test.each([
    ['*/15 * * * *', 'UTC', '2026-01-01T00:00:00Z', '2026-01-01T00:15:00Z'],
    ['* * * * *', 'UTC', '2026-01-01T00:00:30Z', '2026-01-01T00:01:00Z'],
    ['*/5 * * * * *', 'UTC', '2026-01-01T00:00:58Z', '2026-01-01T00:01:00Z'],
    ['0 9 * * MON-FRI', 'UTC', '2026-01-02T09:00:00Z', '2026-01-05T09:00:00Z'],
    ['30 8 1 * *', 'UTC', '2026-01-31T00:00:00Z', '2026-02-01T08:30:00Z'],
    ['0 0 29 2 *', 'UTC', '2026-01-01T00:00:00Z', '2028-02-29T00:00:00Z'],
    ['0 0 L * *', 'UTC', '2026-02-01T00:00:00Z', '2026-02-28T00:00:00Z'],
    ['0 0 L-2 * *', 'UTC', '2026-02-01T00:00:00Z', '2026-02-26T00:00:00Z'],
    ['0 0 LW * *', 'UTC', '2026-01-01T00:00:00Z', '2026-01-30T00:00:00Z'],
    ['0 0 1W * *', 'UTC', '2026-08-01T00:00:00Z', '2026-08-03T00:00:00Z'],
    ['0 0 * * 5L', 'UTC', '2026-01-01T00:00:00Z', '2026-01-30T00:00:00Z'],
    ['0 0 * * MON#2', 'UTC', '2026-01-01T00:00:00Z', '2026-01-12T00:00:00Z'],
    ['0 0 * * 7', 'UTC', '2026-01-01T00:00:00Z', '2026-01-04T00:00:00Z'],
    ['0 0 13 * FRI', 'UTC', '2026-01-01T00:00:00Z', '2026-01-02T00:00:00Z'],
    ['0 12 * JAN,JUL *', 'UTC', '2026-02-01T00:00:00Z', '2026-07-01T12:00:00Z'],
    ['@daily', 'Europe/Berlin', '2026-06-01T00:00:00Z', '2026-06-01T22:00:00Z'],
    ['@yearly', 'UTC', '2026-01-01T00:00:00Z', '2027-01-01T00:00:00Z'],
    // Clocks jump from 02:00 to 03:00: the date comes behind the gap.
    ['30 2 * * *', 'Europe/Berlin', '2026-03-28T12:00:00Z', '2026-03-29T01:30:00Z'],
    // Clocks go back: the hour comes twice, the date once.
    ['30 2 * * *', 'Europe/Berlin', '2026-10-25T00:30:00Z', '2026-10-26T01:30:00Z'],
    ['0 0 30 2 *', 'UTC', '2026-01-01T00:00:00Z', 'none'],
  ])('of %s in %s after %s', (cron, zone, from, wanted) => {
    const found = cronDates(cron, zone).after(at(from));
    expect(shown(found)).toBe(wanted === 'none' ? wanted : shown(at(wanted)));
  });
});

test('the last date before lies before, and the next after it is where it began', () => {
  for (const cron of ['*/7 * * * *', '0 9 * * MON', '0 0 L * *', '@hourly']) {
    const dates = cronDates(cron, 'America/New_York');
    const next = dates.after(at('2026-03-07T12:00:00Z')) ?? 0;
    const before = dates.before(next) ?? 0;
    expect(before).toBeLessThan(next);
    expect(dates.after(before)).toBe(next);
  }
});

test('looking for a date costs little, whatever the expression', () => {
  const dates = cronDates('* * * * * *', 'Europe/Berlin');
  const from = performance.now();
  let next = at('2026-03-29T00:59:00Z');
  for (let count = 0; count < 200; count += 1) next = dates.after(next) ?? 0;
  expect(shown(next)).toBe('2026-03-29T01:02:20Z');
  expect(dates.before(next)).toBe(next - 1_000);
  expect(performance.now() - from).toBeLessThan(2_000);
});
