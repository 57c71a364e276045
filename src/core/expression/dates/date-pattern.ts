/**
 * Dates as text by patterns of letters (`yyyy-MM-dd HH:mm`): cutting the pattern, and writing.
 * Letters between single quotes are text; `[…]` encloses what may be left out when reading.
 */
import { wrongArgument } from '../stop.ts';

/** A part of a pattern: a letter so many times, text, or a bracket. */
export type PatternPart =
  | { readonly kind: 'field'; readonly letter: string; readonly count: number }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'open' | 'close' };

const letters = 'GuyDMLdQqYwWEecFaBhKkHmsSAnNVvzOXxZ';

function wrongFormat(): Error {
  return wrongArgument(
    'the date format is wrong',
    'write it like `yyyy-MM-dd HH:mm:ss`, or use a name like `iso`',
  );
}

/** Returns the parts of a pattern. */
export function datePatternParts(pattern: string): readonly PatternPart[] {
  if (pattern.length > 300) throw wrongFormat();
  const parts: PatternPart[] = [];
  const pieces = /([A-Za-z])\1*|'((?:[^']|'')*)'|[\s\S]/g;
  for (const piece of pattern.matchAll(pieces)) {
    const [whole, letter, quoted] = piece;
    if (letter !== undefined) {
      if (!letters.includes(letter)) throw wrongFormat();
      parts.push({ kind: 'field', letter, count: whole.length });
    } else if (quoted !== undefined) {
      parts.push({ kind: 'text', text: quoted === '' ? "'" : quoted.replaceAll("''", "'") });
    } else if (whole === "'") throw wrongFormat();
    else if (whole === '[' || whole === ']') parts.push({ kind: whole === '[' ? 'open' : 'close' });
    else parts.push({ kind: 'text', text: whole });
  }
  return parts;
}

/** Returns the nanoseconds of a moment inside its second. */
function nanosecondOf(date: Temporal.ZonedDateTime): number {
  return date.millisecond * 1_000_000 + date.microsecond * 1_000 + date.nanosecond;
}

function pad(value: number, length: number): string {
  const digits = String(Math.abs(value)).padStart(length, '0');
  return value < 0 ? `-${digits}` : digits;
}

/** Returns the week of a year that starts on Sunday and whose first week may be short. */
function localWeek(date: Temporal.ZonedDateTime): { readonly year: number; readonly week: number } {
  const plain = date.toPlainDate();
  const sunday = plain.subtract({ days: plain.dayOfWeek % 7 });
  const saturday = sunday.add({ days: 6 });
  const { year } = saturday;
  const first = Temporal.PlainDate.from({ year, month: 1, day: 1 });
  const start = first.subtract({ days: first.dayOfWeek % 7 });
  return { year, week: Math.round(start.until(sunday, { largestUnit: 'days' }).days / 7) + 1 };
}

/** Tells whether weeks in a locale start on Sunday. */
function startsOnSunday(locale: string): boolean {
  return /^en(-(US|CA|AU))?$/.test(locale);
}

function weekOf(
  date: Temporal.ZonedDateTime,
  locale: string,
): { readonly year: number; readonly week: number } {
  if (startsOnSunday(locale)) return localWeek(date);
  return { year: date.yearOfWeek ?? date.year, week: date.weekOfYear ?? 1 };
}

function localName(
  date: Temporal.ZonedDateTime,
  locale: string,
  options: Intl.DateTimeFormatOptions,
  type: Intl.DateTimeFormatPartTypes,
): string {
  const formatter = new Intl.DateTimeFormat(locale, { ...options, timeZone: 'UTC' });
  const { year, month, day, hour, minute } = date;
  const moment = Temporal.PlainDateTime.from({ year, month, day, hour, minute });
  const at = moment.toZonedDateTime('UTC').epochMilliseconds;
  return formatter.formatToParts(at).find((part) => part.type === type)?.value ?? '';
}

const widths = ['short', 'short', 'short', 'long', 'narrow'] as const;

function widthOf(count: number): 'short' | 'long' | 'narrow' {
  return widths[Math.min(count, 5) - 1] ?? 'long';
}

function offsetParts(date: Temporal.ZonedDateTime): {
  readonly sign: string;
  readonly hours: string;
  readonly minutes: string;
  readonly isZero: boolean;
} {
  const total = Math.round(date.offsetNanoseconds / 60_000_000_000);
  const size = Math.abs(total);
  return {
    sign: total < 0 ? '-' : '+',
    hours: pad(Math.floor(size / 60), 2),
    minutes: pad(size % 60, 2),
    isZero: total === 0,
  };
}

function offsetField(date: Temporal.ZonedDateTime, letter: string, count: number): string {
  const { sign, hours, minutes, isZero } = offsetParts(date);
  if (letter === 'O') {
    if (isZero) return 'GMT';
    if (count === 4) return `GMT${sign}${hours}:${minutes}`;
    return `GMT${sign}${Number(hours)}${minutes === '00' ? '' : `:${minutes}`}`;
  }
  if (letter === 'Z') {
    if (count === 4) return isZero ? 'GMT' : `GMT${sign}${hours}:${minutes}`;
    if (count === 5) return isZero ? 'Z' : `${sign}${hours}:${minutes}`;
    return `${sign}${hours}${minutes}`;
  }
  if (letter === 'X' && isZero) return 'Z';
  if (count === 1) return `${sign}${hours}${minutes === '00' ? '' : minutes}`;
  return count === 2 || count === 4 ? `${sign}${hours}${minutes}` : `${sign}${hours}:${minutes}`;
}

function zoneName(date: Temporal.ZonedDateTime, locale: string, count: number): string {
  const timeZoneName = count >= 4 ? 'long' : 'short';
  const formatter = new Intl.DateTimeFormat(locale, { timeZone: date.timeZoneId, timeZoneName });
  const parts = formatter.formatToParts(date.epochMilliseconds);
  return parts.find((part) => part.type === 'timeZoneName')?.value ?? date.timeZoneId;
}

function yearText(year: number, count: number): string {
  return count === 2 ? pad(((year % 100) + 100) % 100, 2) : pad(year, count);
}

function dayPeriod(date: Temporal.ZonedDateTime, locale: string): string {
  const name = localName(date, locale, { hour: 'numeric', hour12: true }, 'dayPeriod');
  return name === '' ? (date.hour < 12 ? 'AM' : 'PM') : name;
}

function millisecondOfDay(date: Temporal.ZonedDateTime): number {
  const seconds = (date.hour * 60 + date.minute) * 60 + date.second;
  return seconds * 1000 + date.millisecond;
}

type FieldWriter = (date: Temporal.ZonedDateTime, count: number, locale: string) => string;

const quarterOf = (date: Temporal.ZonedDateTime): number => Math.ceil(date.month / 3);

function quarterText(date: Temporal.ZonedDateTime, count: number): string {
  const quarter = quarterOf(date);
  if (count < 3) return pad(quarter, count);
  if (count === 3) return `Q${quarter}`;
  const names = ['1st', '2nd', '3rd', '4th'];
  return count === 4 ? `${names[quarter - 1]} quarter` : String(quarter);
}

function monthText(date: Temporal.ZonedDateTime, count: number, locale: string): string {
  if (count < 3) return pad(date.month, count);
  return localName(date, locale, { month: widthOf(count), day: 'numeric' }, 'month');
}

function weekdayText(date: Temporal.ZonedDateTime, count: number, locale: string): string {
  return localName(date, locale, { weekday: widthOf(count) }, 'weekday');
}

function weekdayNumber(date: Temporal.ZonedDateTime, count: number, locale: string): string {
  if (count > 2) return weekdayText(date, count, locale);
  return pad(startsOnSunday(locale) ? (date.dayOfWeek % 7) + 1 : date.dayOfWeek, count);
}

const writers: Readonly<Record<string, FieldWriter>> = {
  G: (date) => (date.year > 0 ? 'AD' : 'BC'),
  u: (date, count) => yearText(date.year, count),
  y: (date, count) => yearText(date.year > 0 ? date.year : 1 - date.year, count),
  Y: (date, count, locale) => yearText(weekOf(date, locale).year, count),
  M: monthText,
  L: monthText,
  d: (date, count) => pad(date.day, count),
  D: (date, count) => pad(date.dayOfYear, count),
  Q: quarterText,
  q: quarterText,
  w: (date, count, locale) => pad(weekOf(date, locale).week, count),
  W: (date, count) => pad(Math.ceil((date.day + (date.with({ day: 1 }).dayOfWeek % 7)) / 7), count),
  F: (date, count) => pad(Math.ceil(date.day / 7), count),
  E: weekdayText,
  e: weekdayNumber,
  c: weekdayNumber,
  a: (date, _, locale) => dayPeriod(date, locale),
  B: (date, _, locale) => dayPeriod(date, locale),
  H: (date, count) => pad(date.hour, count),
  k: (date, count) => pad(date.hour === 0 ? 24 : date.hour, count),
  K: (date, count) => pad(date.hour % 12, count),
  h: (date, count) => pad(date.hour % 12 === 0 ? 12 : date.hour % 12, count),
  m: (date, count) => pad(date.minute, count),
  s: (date, count) => pad(date.second, count),
  S: (date, count) => pad(nanosecondOf(date), 9).slice(0, count).padEnd(Math.min(count, 30), '0'),
  n: (date, count) => pad(nanosecondOf(date), count),
  A: (date, count) => pad(millisecondOfDay(date), count),
  N: (date, count) =>
    pad(millisecondOfDay(date) * 1_000_000 + (nanosecondOf(date) % 1_000_000), count),
  V: (date) => (date.timeZoneId === 'UTC' ? 'UTC' : date.timeZoneId),
  v: (date, count, locale) => zoneName(date, locale, count),
  z: (date, count, locale) => zoneName(date, locale, count),
  O: (date, count) => offsetField(date, 'O', count),
  X: (date, count) => offsetField(date, 'X', count),
  x: (date, count) => offsetField(date, 'x', count),
  Z: (date, count) => offsetField(date, 'Z', count),
};

/** Returns a moment as text in the form of a pattern. */
export function writeDate(date: Temporal.ZonedDateTime, pattern: string, locale: string): string {
  let text = '';
  for (const part of datePatternParts(pattern)) {
    if (part.kind === 'text') text += part.text;
    else if (part.kind === 'field') text += writers[part.letter]?.(date, part.count, locale) ?? '';
  }
  return text;
}

export { localName };
