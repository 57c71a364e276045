/** Conditions about a moment: days, times and holidays as the zone of that moment has them. */
import { Failure } from '../failure/index.ts';
import { plainText, type Value } from '../value/index.ts';
import type { DateRule } from './condition.ts';
import { isPublicHoliday } from '../expression/index.ts';

const days = ['MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY', 'SATURDAY', 'SUNDAY'];
const places = ['FIRST', 'SECOND', 'THIRD', 'FOURTH'];

function noDate(text: string): Failure {
  return new Failure('trigger.condition-failed', `\`${text}\` is no date`);
}

/** Returns the moment that a value spells; text without a zone is UTC, a date alone the start of its day. */
export function momentIn(value: Value): Temporal.ZonedDateTime {
  if (value instanceof Temporal.ZonedDateTime) return value;
  if (value instanceof Temporal.Instant) return value.toZonedDateTimeISO('UTC');
  if (value instanceof Temporal.PlainDate || value instanceof Temporal.PlainDateTime) {
    return value.toZonedDateTime('UTC');
  }
  const text = plainText(value).trim();
  try {
    const offset = /(?:Z|[+-]\d{2}:?\d{2})(?=$|\[)/i.exec(text)?.[0];
    const zone = /\[([^\]]+)\]$/.exec(text)?.[1];
    if (offset === undefined)
      return Temporal.PlainDateTime.from(text).toZonedDateTime(zone ?? 'UTC');
    const fixed = /^z$/i.test(offset) ? 'UTC' : offset;
    return Temporal.Instant.from(text.replace(/\[[^\]]*\]$/, '')).toZonedDateTimeISO(zone ?? fixed);
  } catch {
    throw noDate(text);
  }
}

/** Returns how far into its day a time is, in nanoseconds; with an offset, in that of `moment`. */
function timeOfDay(text: string, moment: Temporal.ZonedDateTime): number {
  const match = /^(\d{1,2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?)\s*(Z|[+-]\d{2}(?::?\d{2})?)?$/i.exec(
    text.trim(),
  );
  if (match === null) throw noDate(text);
  const [, clock = '', offset] = match;
  const time = Temporal.PlainTime.from(clock.padStart(5, '0'));
  const own =
    offset === undefined
      ? time
      : moment
          .withTimeZone(/^z$/i.test(offset) ? 'UTC' : offset)
          .withPlainTime(time)
          .withTimeZone(moment.timeZoneId)
          .toPlainTime();
  return nanosecondsOf(own);
}

function nanosecondsOf(time: Temporal.PlainTime): number {
  return time.since(Temporal.PlainTime.from('00:00')).total('nanoseconds');
}

function isBetween(at: number, after: number | undefined, before: number | undefined): boolean {
  return (after === undefined || at > after) && (before === undefined || at < before);
}

function isDayInMonth(day: Temporal.PlainDate, wanted: string, place: string): boolean {
  if (days[day.dayOfWeek - 1] !== wanted) return false;
  if (place === 'LAST') return day.day > day.daysInMonth - 7;
  return places.indexOf(place) === Math.ceil(day.day / 7) - 1;
}

/** Tells whether `rule` holds of the moment that `value` spells; throws `trigger.condition-failed`. */
export function dateHolds(rule: DateRule, value: Value): boolean {
  const moment = momentIn(value);
  const day = moment.toPlainDate();
  switch (rule.kind) {
    case 'between': {
      const bound = (text: string | undefined): number | undefined =>
        text === undefined ? undefined : momentIn(text).epochMilliseconds;
      return isBetween(moment.epochMilliseconds, bound(rule.after), bound(rule.before));
    }
    case 'time-between': {
      const bound = (text: string | undefined): number | undefined =>
        text === undefined ? undefined : timeOfDay(text, moment);
      return isBetween(nanosecondsOf(moment.toPlainTime()), bound(rule.after), bound(rule.before));
    }
    case 'day-of-week':
      return days[day.dayOfWeek - 1] === rule.day;
    case 'day-in-month':
      return isDayInMonth(day, rule.day, rule.place);
    case 'weekend':
      return day.dayOfWeek > 5;
    case 'holiday':
      return isPublicHoliday(day, rule.country, rule.subDivision);
  }
}
