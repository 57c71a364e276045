/** Holidays that calendars print, by country and part. */
import { expect, test } from 'vitest';
import { isPublicHoliday, knowsHolidays } from './public-holidays.ts';

const isHoliday = (day: string, country: string, part?: string): boolean =>
  isPublicHoliday(Temporal.PlainDate.from(day), country, part);

test.each([
  // Easter Sunday: 31 March 2024, 20 April 2025, 5 April 2026.
  ['2024-04-01', 'DE', undefined],
  ['2025-04-18', 'DE', undefined],
  ['2026-04-06', 'AT', undefined],
  ['2026-06-04', 'DE', 'BY'],
  ['2026-10-31', 'DE', 'DE-SN'],
  ['2026-11-18', 'DE', 'SN'],
  ['2026-03-08', 'DE', 'BE'],
  ['2026-01-19', 'US', undefined],
  ['2026-11-26', 'US', undefined],
  ['2026-07-03', 'US', undefined],
  ['2027-12-31', 'US', undefined],
  ['2026-05-25', 'GB', undefined],
  ['2026-12-28', 'GB', undefined],
  ['2026-08-31', 'GB', 'ENG'],
  ['2027-12-27', 'GB', undefined],
  ['2027-12-28', 'GB', undefined],
  ['2026-05-18', 'CA', undefined],
  ['2026-04-27', 'NL', undefined],
  ['2025-04-26', 'NL', undefined],
  ['2026-02-02', 'IE', undefined],
  ['2026-06-20', 'SE', undefined],
  ['2026-10-31', 'FI', undefined],
  ['2026-07-14', 'fr', undefined],
])('%s is a holiday in %s %s', (day, country, part) => {
  expect(isHoliday(day, country, part)).toBe(true);
});

test.each([
  ['2026-06-04', 'DE', undefined],
  ['2018-03-08', 'DE', 'BE'],
  ['2026-07-06', 'US', undefined],
  ['2020-06-19', 'US', undefined],
  ['2024-04-26', 'DK', undefined],
  ['2026-08-31', 'GB', 'SCT'],
  ['2026-12-24', 'AT', undefined],
  ['2026-12-25', 'XX', undefined],
])('%s is none in %s %s', (day, country, part) => {
  expect(isHoliday(day, country, part)).toBe(false);
});

test('what is not known is told', () => {
  expect(knowsHolidays('at')).toBe(true);
  expect(knowsHolidays('DE', 'BY')).toBe(true);
  expect(knowsHolidays('DE', 'XX')).toBe(false);
  expect(knowsHolidays('ATLANTIS')).toBe(false);
  expect(knowsHolidays('constructor')).toBe(false);
});
