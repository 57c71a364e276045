/** Functions over dates. The present time comes from the host's function `now`. */
import type { Value } from '../../value/index.ts';
import { holidayCountries, isPublicHoliday, knowsHolidays } from '../dates/public-holidays.ts';
import { momentOf, type WrittenDate, writtenDate } from '../dates/read-date.ts';
import { callHostWith } from '../evaluation/call-host.ts';
import { writeByArguments } from '../filters/date-filters.ts';
import type { BuiltIn } from '../filters/filter.ts';
import { wrongArgument } from '../stop.ts';
import { kindOf } from '../values/truth.ts';
import { plainText } from '../values/value-text.ts';

const weekdays = ['MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY', 'SATURDAY', 'SUNDAY'];
const positions = ['FIRST', 'SECOND', 'THIRD', 'FOURTH', 'LAST'];

function dateOf(value: Value | undefined, name = 'date'): WrittenDate {
  const date = value === undefined ? undefined : writtenDate(value);
  if (date === undefined) throw wrongArgument(`\`${name}\` has to be a date, not ${kindOf(value)}`);
  return date;
}

function weekdayOf(value: Value | undefined): number {
  const index = weekdays.indexOf(plainText(value ?? null).toUpperCase());
  if (index === -1) throw wrongArgument(`a day is one of ${weekdays.join(', ')}`);
  return index + 1;
}

function isDayWeekInMonth(args: readonly (Value | undefined)[]): boolean {
  const date = dateOf(args[0]);
  const weekday = weekdayOf(args[1]);
  const position = positions.indexOf(plainText(args[2] ?? null).toUpperCase());
  if (position === -1) throw wrongArgument(`\`position\` is one of ${positions.join(', ')}`);
  if (date.dayOfWeek !== weekday) return false;
  if (position === 4) return date.day + 7 > date.daysInMonth;
  return Math.ceil(date.day / 7) === position + 1;
}

function isLastWorkingDay(value: Value | undefined, days: Value | undefined): boolean {
  const date = dateOf(value);
  const names = days === undefined || days === null ? '' : plainText(days).trim();
  const working = new Set(names === '' ? [1, 2, 3, 4, 5] : names.split(/[,\s]+/).map(weekdayOf));
  if (!working.has(date.dayOfWeek)) return false;
  for (let day = date.day + 1; day <= date.daysInMonth; day += 1) {
    if (working.has(((date.dayOfWeek - 1 + day - date.day) % 7) + 1)) return false;
  }
  return true;
}

/** Returns the order of two dates on the time line; what has no zone counts as UTC. */
function order(a: Value | undefined, b: Value | undefined): number {
  const left = momentOf(dateOf(a), 'UTC');
  const right = momentOf(dateOf(b), 'UTC');
  return Temporal.Instant.compare(left.toInstant(), right.toInstant());
}

function isHoliday(args: readonly (Value | undefined)[]): boolean {
  const date = dateOf(args[0]);
  const country = plainText(args[1] ?? null);
  const part = args[2] === undefined || args[2] === null ? undefined : plainText(args[2]);
  if (!knowsHolidays(country, part)) {
    const known = `known are ${holidayCountries.join(', ')}`;
    throw wrongArgument('the holidays of that country are not known', known);
  }
  const day = date instanceof Temporal.PlainDate ? date : date.toPlainDate();
  return isPublicHoliday(day, country, part);
}

function hourOfDay(value: Value | undefined): number {
  const date = dateOf(value);
  if (date instanceof Temporal.PlainDate) {
    throw wrongArgument('the date has no time of day', 'give a date with a time');
  }
  return date.hour;
}

function builtIn(parameters: readonly string[], required: number, run: BuiltIn['run']): BuiltIn {
  return { parameters, required, run };
}

/** Functions over dates, by name. */
export const dateFunctions: readonly (readonly [string, BuiltIn])[] = [
  [
    'now',
    builtIn(['format', 'timeZone', 'existingFormat', 'locale'], 0, (args, frame) =>
      writeByArguments(callHostWith(frame, 'now'), args, frame),
    ),
  ],
  ['isWeekend', builtIn(['date'], 1, ([date]) => dateOf(date).dayOfWeek > 5)],
  ['isDayWeekInMonth', builtIn(['date', 'dayOfWeek', 'position'], 3, isDayWeekInMonth)],
  [
    'isLastWorkingDay',
    builtIn(['date', 'workingDays'], 1, ([date, days]) => isLastWorkingDay(date, days)),
  ],
  ['isPublicHoliday', builtIn(['date', 'country', 'subDivision'], 2, isHoliday)],
  ['dayOfWeek', builtIn(['date'], 1, ([date]) => weekdays[dateOf(date).dayOfWeek - 1] ?? null)],
  ['dayOfMonth', builtIn(['date'], 1, ([date]) => dateOf(date).day)],
  ['monthOfYear', builtIn(['date'], 1, ([date]) => dateOf(date).month)],
  ['hourOfDay', builtIn(['date'], 1, ([date]) => hourOfDay(date))],
  ['isDateBefore', builtIn(['date', 'before'], 2, ([date, other]) => order(date, other) < 0)],
  ['isDateAfter', builtIn(['date', 'after'], 2, ([date, other]) => order(date, other) > 0)],
  [
    'isDateBetween',
    builtIn(
      ['date', 'after', 'before'],
      3,
      ([date, after, before]) => order(date, after) > 0 && order(date, before) < 0,
    ),
  ],
];
