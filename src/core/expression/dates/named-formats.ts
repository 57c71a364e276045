/** The named forms of dates (`iso`, `sql`, `rfc_1123_date_time`, `full`, …), in both directions. */
import type { Value } from '../../value/index.ts';
import { wrongArgument, wrongType } from '../stop.ts';
import { isOffsetZone } from '../values/time-text.ts';
import { kindOf } from '../values/truth.ts';
import { writeDate } from './date-pattern.ts';
import { parseDate } from './parse-date.ts';
import { momentOf, readIsoText, readMoment } from './read-date.ts';
import { onCalendar } from './zones.ts';

const patterns: Readonly<Record<string, string>> = {
  iso: "yyyy-MM-dd'T'HH:mm:ss.SSSSSSXXX",
  iso_sec: "yyyy-MM-dd'T'HH:mm:ssXXX",
  sql: 'yyyy-MM-dd HH:mm:ss.SSSSSS',
  sql_seq: 'yyyy-MM-dd HH:mm:ss',
  iso_local_date: 'yyyy-MM-dd',
  iso_date: 'yyyy-MM-ddXXX',
  iso_ordinal_date: 'yyyy-DDDXXX',
};

const styles: readonly string[] = ['full', 'long', 'medium', 'short'];

const readAsIso: readonly string[] = [
  'iso_date_time',
  'iso_date',
  'iso_local_date',
  'iso_instant',
  'iso_local_date_time',
  'iso_zoned_date_time',
  'iso_offset_date_time',
];

/** Returns the time of day, with as many digits of the second as are not zero. */
function timeOfDay(date: Temporal.ZonedDateTime): string {
  const nanoseconds = date.millisecond * 1_000_000 + date.microsecond * 1_000 + date.nanosecond;
  const fraction = String(nanoseconds).padStart(9, '0').replace(/0+$/, '');
  const clock = [date.hour, date.minute, date.second].map((part) => String(part).padStart(2, '0'));
  return clock.join(':') + (fraction === '' ? '' : `.${fraction}`);
}

function dayOf(date: Temporal.ZonedDateTime): string {
  return date.toPlainDate().toString();
}

function offsetOf(date: Temporal.ZonedDateTime): string {
  return date.offsetNanoseconds === 0 ? 'Z' : date.offset;
}

function zoneSuffix(date: Temporal.ZonedDateTime): string {
  const isOffset = isOffsetZone(date.timeZoneId) && date.timeZoneId !== 'UTC';
  return isOffset ? '' : `[${date.timeZoneId}]`;
}

type Writer = (date: Temporal.ZonedDateTime) => string;

const zonedWriter: Writer = (date) =>
  `${dayOf(date)}T${timeOfDay(date)}${offsetOf(date)}${zoneSuffix(date)}`;

const writers: Readonly<Record<string, Writer>> = {
  iso_date_time: zonedWriter,
  iso_zoned_date_time: zonedWriter,
  iso_offset_date_time: (date) => `${dayOf(date)}T${timeOfDay(date)}${offsetOf(date)}`,
  iso_instant: (date) => {
    const utc = date.withTimeZone('UTC');
    return `${dayOf(utc)}T${timeOfDay(utc)}Z`;
  },
  iso_local_date_time: (date) => `${dayOf(date)}T${timeOfDay(date)}`,
  iso_local_time: timeOfDay,
  iso_time: (date) => timeOfDay(date) + offsetOf(date),
  iso_offset_time: (date) => timeOfDay(date) + offsetOf(date),
  iso_week_date: (date) => {
    const week = String(date.weekOfYear ?? 1).padStart(2, '0');
    return `${date.yearOfWeek ?? date.year}-W${week}-${date.dayOfWeek}${offsetOf(date)}`;
  },
  rfc_1123_date_time: (date) => {
    const day = writeDate(date, 'EEE, d MMM yyyy HH:mm:ss', 'en');
    return `${day} ${date.offsetNanoseconds === 0 ? 'GMT' : date.offset.replace(':', '')}`;
  },
};

/** Returns the locale that an argument names. */
export function localeOf(name: string | null): string {
  if (name === null || name === '') return 'en-US';
  try {
    return Intl.getCanonicalLocales(name.replaceAll('_', '-'))[0] ?? 'en-US';
  } catch {
    throw wrongArgument('the locale is unknown', 'write it like `fr` or `en_GB`');
  }
}

/** Returns a moment as text, in a named form or that of a pattern. */
export function formatMoment(date: Temporal.ZonedDateTime, format: string, locale: string): string {
  if (Object.hasOwn(writers, format)) return writers[format]?.(date) ?? '';
  if (styles.includes(format)) {
    const style = format as 'full' | 'long' | 'medium' | 'short';
    return date.toLocaleString(locale, { dateStyle: style, timeStyle: style });
  }
  const pattern = Object.hasOwn(patterns, format) ? (patterns[format] ?? format) : format;
  return onCalendar('the date cannot be written in this form', 'use another format', () =>
    writeDate(date, pattern, locale),
  );
}

/** Returns the moment that `value` stands for; text is read in the form `format`, or as ISO text without one. */
export function readFormatted(
  value: Value,
  format: string | null,
  zone: string,
  locale: string,
): Temporal.ZonedDateTime {
  if (format === null || typeof value !== 'string') {
    if (value === null) throw wrongType(`${kindOf(value)} is no date`);
    return readMoment(value, zone);
  }
  if (readAsIso.includes(format)) return momentOf(readIsoText(value), zone);
  if (format === 'rfc_1123_date_time') {
    return parseDate(value, '[EEE, ]d MMM yyyy HH:mm[:ss] Z', zone, 'en-US');
  }
  return parseDate(
    value,
    Object.hasOwn(patterns, format) ? (patterns[format] ?? '') : format,
    zone,
    locale,
  );
}
