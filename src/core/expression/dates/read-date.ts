/**
 * Values to moments: date objects, epoch seconds, and ISO text with or without a zone or time. What has
 * no zone is taken to be in the given one; a date alone is the start of its day.
 */
import type { Value } from '../../value/index.ts';
import { Stop, wrongType } from '../stop.ts';
import { isWhole, isNumeric } from '../values/numbers.ts';
import { kindOf } from '../values/truth.ts';
import { onCalendar } from './zones.ts';

const isoText =
  /^([+-]?\d{4,6}-\d{2}-\d{2})(?:[Tt ](\d{2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?))?\s?(Z|z|[+-]\d{2}(?::?\d{2})?(?::?\d{2})?)?(?:\[([^\]]{1,60})\])?$/;

/** A date as it was written: each part where it was given. */
export type WrittenDate = Temporal.ZonedDateTime | Temporal.PlainDateTime | Temporal.PlainDate;

function noDate(): Stop {
  return new Stop('expression.failed', 'the text is no date', {
    help: 'give ISO text like `2024-01-31T12:00:00Z`, or name its form with `existingFormat`',
  });
}

/** Returns the date that ISO text spells. */
export function readIsoText(text: string): WrittenDate {
  const found = isoText.exec(text.trim());
  if (found === null) throw noDate();
  const [, day = '', time, offset, zone] = found;
  return onCalendar('the text is no date that exists', 'check day, month and zone', () => {
    if (time === undefined && offset === undefined) return Temporal.PlainDate.from(day);
    const local = Temporal.PlainDateTime.from(`${day}T${time ?? '00:00'}`);
    if (offset === undefined) return zone === undefined ? local : local.toZonedDateTime(zone);
    const at = Temporal.Instant.from(`${local.toString()}${offset.toUpperCase()}`);
    const fixed = /^z$/i.test(offset) ? 'UTC' : offset;
    return at.toZonedDateTimeISO(zone ?? fixed);
  });
}

/** Returns `value` as it was written, or undefined when it is no date. */
export function writtenDate(value: Value): WrittenDate | undefined {
  if (typeof value === 'string') return readIsoText(value);
  if (value instanceof Temporal.Instant) return value.toZonedDateTimeISO('UTC');
  if (
    value instanceof Temporal.ZonedDateTime ||
    value instanceof Temporal.PlainDateTime ||
    value instanceof Temporal.PlainDate
  ) {
    return value;
  }
  return undefined;
}

/** Returns a written date as a moment in `zone` when it has no zone of its own. */
export function momentOf(date: WrittenDate, zone: string): Temporal.ZonedDateTime {
  if (date instanceof Temporal.ZonedDateTime) return date;
  return onCalendar('the date is out of range', 'use a date between the years 0 and 9999', () =>
    date.toZonedDateTime(zone),
  );
}

/** Returns the moment that `value` stands for. */
export function readMoment(value: Value, zone: string): Temporal.ZonedDateTime {
  if (isNumeric(value)) {
    if (!isWhole(value)) throw wrongType('a decimal is no date', 'give whole epoch seconds');
    return onCalendar('the number is too large for a date', 'give epoch seconds', () =>
      Temporal.Instant.fromEpochMilliseconds(Number(value) * 1000).toZonedDateTimeISO(zone),
    );
  }
  const written = writtenDate(value);
  if (written === undefined) throw wrongType(`${kindOf(value)} is no date`);
  return momentOf(written, zone);
}
