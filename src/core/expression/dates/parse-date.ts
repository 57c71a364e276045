/**
 * Reads dates from text by a pattern of letters, for `existingFormat`. What a pattern does not fix
 * (a time, a zone) is filled by the caller, never guessed here.
 */
import { Stop } from '../stop.ts';
import { datePatternParts, localName, type PatternPart } from './date-pattern.ts';
import { onCalendar, zoneOf } from './zones.ts';

/** What was read so far. */
interface Fields {
  year?: number;
  month?: number;
  day?: number;
  dayOfYear?: number;
  hour?: number;
  hourOfHalf?: number;
  isAfternoon?: boolean;
  minute?: number;
  second?: number;
  nanosecond?: number;
  zone?: string;
  epochMillisecondOfDay?: number;
}

interface Reading {
  readonly text: string;
  readonly locale: string;
  at: number;
  fields: Fields;
}

function mismatch(): Stop {
  return new Stop('expression.failed', 'the text does not have the form of `existingFormat`', {
    help: 'compare the text with the format, letter by letter',
  });
}

function readNumber(reading: Reading, least: number, most: number): number {
  const found = /^[+-]?\d+/.exec(reading.text.slice(reading.at, reading.at + most));
  if (found === null || found[0].length < least) throw mismatch();
  reading.at += found[0].length;
  return Number(found[0]);
}

/** Returns which of several names the text continues with; the longest counts. */
function readName(reading: Reading, names: readonly string[]): number {
  const rest = reading.text.slice(reading.at).toLowerCase();
  let best = -1;
  names.forEach((name, index) => {
    const isBetter = best === -1 || name.length > (names[best] ?? '').length;
    if (name !== '' && isBetter && rest.startsWith(name.toLowerCase())) best = index;
  });
  if (best === -1) throw mismatch();
  reading.at += (names[best] ?? '').length;
  return best;
}

function namesOf(
  locale: string,
  count: number,
  type: 'month' | 'weekday' | 'dayPeriod',
): readonly string[] {
  const width = count >= 4 ? 'long' : 'short';
  const dates = Array.from({ length: type === 'month' ? 12 : type === 'weekday' ? 7 : 2 }, (_, i) =>
    Temporal.PlainDateTime.from({
      year: 2024,
      month: type === 'month' ? i + 1 : 1,
      day: type === 'weekday' ? i + 1 : 1,
      hour: type === 'dayPeriod' ? i * 12 : 0,
    }).toZonedDateTime('UTC'),
  );
  return dates.map((date) => {
    if (type === 'month') return localName(date, locale, { month: width, day: 'numeric' }, type);
    if (type === 'weekday') return localName(date, locale, { weekday: width }, type);
    return localName(date, locale, { hour: 'numeric', hour12: true }, type);
  });
}

/** A field of digits followed directly by another must have exactly its width. */
function widthOf(count: number, isFollowed: boolean, most: number): readonly [number, number] {
  return isFollowed ? [count, count] : [count, Math.max(count, most)];
}

function readOffset(reading: Reading): string {
  const found = /^(?:Z|GMT|UTC)?(?:[+-]\d{2}:?(?:\d{2})?)?/i.exec(reading.text.slice(reading.at));
  if (found === null || found[0] === '') throw mismatch();
  reading.at += found[0].length;
  return /\d/.test(found[0]) ? zoneOf(found[0]) : 'UTC';
}

function readZone(reading: Reading): string {
  const found = /^[A-Za-z][A-Za-z0-9_/+-]*|^[+-]\d{2}:?\d{2}/.exec(reading.text.slice(reading.at));
  if (found === null) throw mismatch();
  reading.at += found[0].length;
  return zoneOf(found[0]);
}

function readFraction(reading: Reading, count: number): number {
  const digits = new RegExp(`^\\d{1,${Math.min(count, 9)}}`).exec(reading.text.slice(reading.at));
  if (digits === null) throw mismatch();
  reading.at += digits[0].length;
  return Number(digits[0].padEnd(9, '0'));
}

function readYear(reading: Reading, count: number, isFollowed: boolean): number {
  if (count === 2) return 2000 + readNumber(reading, 2, 2);
  const [least, most] = widthOf(count, isFollowed, 9);
  return readNumber(reading, least, most);
}

function readField(reading: Reading, letter: string, count: number, isFollowed: boolean): void {
  const { fields, locale } = reading;
  const number = (most: number): number =>
    readNumber(reading, ...widthOf(Math.min(count, most), isFollowed, most));
  switch (letter) {
    case 'u':
    case 'y':
    case 'Y':
      fields.year = readYear(reading, count, isFollowed);
      return;
    case 'M':
    case 'L':
      fields.month = count < 3 ? number(2) : readName(reading, namesOf(locale, count, 'month')) + 1;
      return;
    case 'd':
      fields.day = number(2);
      return;
    case 'D':
      fields.dayOfYear = number(3);
      return;
    case 'E':
    case 'e':
    case 'c':
      if (count < 3 && letter !== 'E') number(1);
      else readName(reading, namesOf(locale, count, 'weekday'));
      return;
    case 'a':
    case 'B':
      fields.isAfternoon = readName(reading, namesOf(locale, 3, 'dayPeriod')) === 1;
      return;
    case 'H':
    case 'k':
      fields.hour = number(2) % 24;
      return;
    case 'h':
    case 'K':
      fields.hourOfHalf = number(2) % 12;
      return;
    case 'm':
      fields.minute = number(2);
      return;
    case 's':
      fields.second = number(2);
      return;
    case 'S':
      fields.nanosecond = readFraction(reading, count);
      return;
    case 'n':
      fields.nanosecond = number(9);
      return;
    case 'X':
    case 'x':
    case 'Z':
    case 'O':
      fields.zone = readOffset(reading);
      return;
    case 'V':
    case 'v':
    case 'z':
      fields.zone = readZone(reading);
      return;
    case 'G':
      readName(reading, ['AD', 'BC']);
      return;
    default:
      throw new Stop(
        'expression.argument-wrong',
        `the letter \`${letter}\` cannot be read from text`,
        {
          help: 'use year, month, day, hour, minute, second, fraction and zone',
        },
      );
  }
}

/** Returns the index of the bracket that closes the one at `open`. */
function closingOf(parts: readonly PatternPart[], open: number): number {
  let depth = 0;
  for (let i = open; i < parts.length; i += 1) {
    const kind = parts[i]?.kind;
    if (kind === 'open') depth += 1;
    if (kind === 'close') depth -= 1;
    if (depth === 0) return i;
  }
  return parts.length;
}

function readParts(reading: Reading, parts: readonly PatternPart[]): void {
  for (let i = 0; i < parts.length; i += 1) {
    const part = parts[i] as PatternPart;
    if (part.kind === 'open') {
      const end = closingOf(parts, i);
      const { at } = reading;
      const fields = { ...reading.fields };
      try {
        readParts(reading, parts.slice(i + 1, end));
      } catch (error) {
        if (!(error instanceof Stop) || error.code !== 'expression.failed') throw error;
        // What stands in brackets may be missing.
        reading.at = at;
        reading.fields = fields;
      }
      i = end;
    } else if (part.kind === 'text') {
      if (!reading.text.startsWith(part.text, reading.at)) throw mismatch();
      reading.at += part.text.length;
    } else if (part.kind === 'field') {
      readField(reading, part.letter, part.count, parts[i + 1]?.kind === 'field');
    }
  }
}

/** Returns the moment that `text` spells in the form of `pattern`; missing parts are the earliest, in `zone`. */
export function parseDate(
  text: string,
  pattern: string,
  zone: string,
  locale: string,
): Temporal.ZonedDateTime {
  const reading: Reading = { text, locale, at: 0, fields: {} };
  readParts(reading, datePatternParts(pattern));
  if (reading.at !== text.length) throw mismatch();
  const { fields } = reading;
  const half = fields.hourOfHalf ?? 0;
  const hour = fields.hour ?? (fields.isAfternoon === true ? half + 12 : half);
  const nanosecond = fields.nanosecond ?? 0;
  return onCalendar('the text is no date that exists', 'check day, month and zone', () => {
    const day = Temporal.PlainDate.from(
      { year: fields.year ?? 1970, month: fields.month ?? 1, day: fields.day ?? 1 },
      { overflow: 'reject' },
    );
    const date = fields.dayOfYear === undefined ? day : day.add({ days: fields.dayOfYear - 1 });
    const time = Temporal.PlainTime.from(
      {
        hour,
        minute: fields.minute ?? 0,
        second: fields.second ?? 0,
        millisecond: Math.floor(nanosecond / 1_000_000),
        microsecond: Math.floor(nanosecond / 1_000) % 1_000,
        nanosecond: nanosecond % 1_000,
      },
      { overflow: 'reject' },
    );
    return date.toZonedDateTime({ timeZone: fields.zone ?? zone, plainTime: time });
  });
}
