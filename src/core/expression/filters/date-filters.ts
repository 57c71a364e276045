/** Filters over dates. */
import { integer, type Value } from '../../value/index.ts';
import { formatMoment, localeOf, readFormatted } from '../dates/named-formats.ts';
import { onCalendar, zoneOrDefault } from '../dates/zones.ts';
import type { Frame } from '../evaluation/frame.ts';
import { wrongArgument } from '../stop.ts';
import { isWhole, operandOf } from '../values/numbers.ts';
import { type ArgumentValues, type Filter, filter, optionalText, textArgument } from './filter.ts';

const units: Readonly<Record<string, (amount: number) => Temporal.DurationLike>> = {
  NANOS: (nanoseconds) => ({ nanoseconds }),
  MICROS: (microseconds) => ({ microseconds }),
  MILLIS: (milliseconds) => ({ milliseconds }),
  SECONDS: (seconds) => ({ seconds }),
  MINUTES: (minutes) => ({ minutes }),
  HOURS: (hours) => ({ hours }),
  HALF_DAYS: (amount) => ({ hours: amount * 12 }),
  DAYS: (days) => ({ days }),
  WEEKS: (weeks) => ({ weeks }),
  MONTHS: (months) => ({ months }),
  YEARS: (years) => ({ years }),
  DECADES: (amount) => ({ years: amount * 10 }),
  CENTURIES: (amount) => ({ years: amount * 100 }),
  MILLENNIA: (amount) => ({ years: amount * 1000 }),
};

/** Returns a moment as text by the arguments `format`, `timeZone`, `existingFormat` and `locale`. */
export function writeByArguments(
  input: Value,
  [format, timeZone, existingFormat, locale]: ArgumentValues,
  frame: Frame,
  change: (date: Temporal.ZonedDateTime) => Temporal.ZonedDateTime = (date) => date,
): string {
  const zone = zoneOrDefault(optionalText(timeZone, 'timeZone', null), frame.host);
  const language = localeOf(optionalText(locale, 'locale', null));
  const existing = optionalText(existingFormat, 'existingFormat', null);
  const date = readFormatted(input, existing, zone, language);
  const shown = onCalendar('the date is out of range', 'use a smaller amount', () =>
    change(date).withTimeZone(zone),
  );
  return formatMoment(shown, optionalText(format, 'format', 'iso'), language);
}

function addition(
  amount: Value | undefined,
  unit: Value | undefined,
): (date: Temporal.ZonedDateTime) => Temporal.ZonedDateTime {
  const number = operandOf(amount ?? null, 'dateAdd');
  const name = textArgument(unit, 'unit');
  const duration = Object.hasOwn(units, name) ? units[name] : undefined;
  if (duration === undefined) {
    throw wrongArgument(`\`unit\` has to be one of ${Object.keys(units).join(', ')}`);
  }
  if (!isWhole(number)) throw wrongArgument('`amount` has to be a whole number');
  return (date) => date.add(duration(Number(number)));
}

/** Returns a filter that gives the place of a date on the time line. */
function timestampFilter(count: (date: Temporal.ZonedDateTime) => bigint): Filter {
  return filter(['timeZone', 'existingFormat'], 0, (input, [timeZone, existing], frame) => {
    if (input === null) return null;
    const zone = zoneOrDefault(optionalText(timeZone, 'timeZone', null), frame.host);
    const format = optionalText(existing, 'existingFormat', null);
    return integer(count(readFormatted(input, format, zone, 'en-US')));
  });
}

/** Divides towards the past, so that moments before 1970 count right. */
function floorDivide(nanoseconds: bigint, by: bigint): bigint {
  const quotient = nanoseconds / by;
  return nanoseconds % by < 0n ? quotient - 1n : quotient;
}

const dateParameters = ['format', 'timeZone', 'existingFormat', 'locale'];

/** The filters over dates, by name. */
export const dateFilters: readonly (readonly [string, Filter])[] = [
  [
    'date',
    filter(dateParameters, 0, (input, args, frame) =>
      input === null ? null : writeByArguments(input, args, frame),
    ),
  ],
  [
    'dateAdd',
    filter(['amount', 'unit', ...dateParameters], 2, (input, [amount, unit, ...rest], frame) =>
      input === null ? null : writeByArguments(input, rest, frame, addition(amount, unit)),
    ),
  ],
  ['timestamp', timestampFilter((date) => floorDivide(date.epochNanoseconds, 1_000_000_000n))],
  ['timestampMilli', timestampFilter((date) => floorDivide(date.epochNanoseconds, 1_000_000n))],
  ['timestampMicro', timestampFilter((date) => floorDivide(date.epochNanoseconds, 1_000n))],
  ['timestampNano', timestampFilter((date) => date.epochNanoseconds)],
];
