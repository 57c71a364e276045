/**
 * The dates of a cron expression in a time zone: the next after an instant, the last before it. A date
 * that a change of clocks leaves out is moved behind the gap; one that it repeats happens once.
 */

const nicknames: Readonly<Record<string, string>> = {
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
  '@monthly': '0 0 1 * *',
  '@weekly': '0 0 * * 0',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@hourly': '0 * * * *',
};

const monthNames = 'JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC'.split(' ');
const dayNames = 'SUN MON TUE WED THU FRI SAT'.split(' ');

/** How far a date is looked for: a leap day on one weekday comes back within 40 years. */
const daysMax = 40 * 366;

/** A cron expression, read. */
export interface CronDates {
  /** Returns the first date after `at`, as epoch milliseconds. */
  after(at: number): number | undefined;
  /** Returns the last date before `at`. */
  before(at: number): number | undefined;
}

function numberOf(text: string, names: readonly string[], first: number): number {
  const named = names.indexOf(text.toUpperCase());
  return named < 0 ? Number(text) : named + first;
}

/** Returns the numbers of a field in order. */
function numbersOf(
  text: string,
  min: number,
  max: number,
  names: readonly string[] = [],
): readonly number[] {
  const found = new Set<number>();
  for (const part of text.split(',')) {
    const [range = '*', step] = part.split('/');
    const every = step === undefined ? 1 : Number(step);
    let [from, to] = [min, max];
    if (range !== '*' && range !== '?') {
      const [low = '', high] = range.split('-');
      from = numberOf(low, names, min);
      to = high === undefined ? (step === undefined ? from : max) : numberOf(high, names, min);
    }
    for (let one = from; one <= to; one += every) found.add(one);
  }
  return [...found].toSorted((a, b) => a - b);
}

function isAny(text: string): boolean {
  return text === '*' || text === '?';
}

type DayTest = (day: Temporal.PlainDate) => boolean;

/** Returns the weekday of the month nearest to a day, inside the month. */
function nearestWeekday(day: Temporal.PlainDate): Temporal.PlainDate {
  if (day.dayOfWeek === 6) return day.day === 1 ? day.add({ days: 2 }) : day.subtract({ days: 1 });
  if (day.dayOfWeek !== 7) return day;
  return day.day === day.daysInMonth ? day.subtract({ days: 2 }) : day.add({ days: 1 });
}

function dayOfMonthTest(part: string): DayTest {
  const text = part.toUpperCase();
  if (text === 'L') return (day) => day.day === day.daysInMonth;
  if (text === 'LW') {
    return (day) => day.equals(nearestWeekday(day.with({ day: day.daysInMonth })));
  }
  const fromEnd = /^L-(\d+)$/.exec(text);
  if (fromEnd !== null) return (day) => day.day === day.daysInMonth - Number(fromEnd[1]);
  const near = /^(\d+)W$/.exec(text);
  if (near !== null) {
    const wanted = Number(near[1]);
    return (day) =>
      wanted <= day.daysInMonth && day.equals(nearestWeekday(day.with({ day: wanted })));
  }
  const numbers = numbersOf(part, 1, 31);
  return (day) => numbers.includes(day.day);
}

function dayOfWeekTest(part: string): DayTest {
  const text = part.toUpperCase();
  if (text === 'L') return (day) => day.dayOfWeek === 6;
  const last = /^(\w+?)L$/.exec(text);
  if (last !== null) {
    const wanted = numberOf(last[1] ?? '', dayNames, 0) % 7;
    return (day) => day.dayOfWeek % 7 === wanted && day.day > day.daysInMonth - 7;
  }
  const nth = /^(\w+)#([1-5])$/.exec(text);
  if (nth !== null) {
    const wanted = numberOf(nth[1] ?? '', dayNames, 0) % 7;
    return (day) => day.dayOfWeek % 7 === wanted && Math.ceil(day.day / 7) === Number(nth[2]);
  }
  const numbers = numbersOf(part, 0, 7, dayNames).map((one) => one % 7);
  return (day) => numbers.includes(day.dayOfWeek % 7);
}

/** A day matches where either field names it, when both name some: cron's own rule. */
function dayTest(ofMonth: string, ofWeek: string): DayTest {
  const months = ofMonth.split(',').map(dayOfMonthTest);
  const weeks = ofWeek.split(',').map(dayOfWeekTest);
  const inMonth: DayTest = (day) => months.some((test) => test(day));
  const inWeek: DayTest = (day) => weeks.some((test) => test(day));
  if (isAny(ofMonth) && isAny(ofWeek)) return () => true;
  if (isAny(ofMonth)) return inWeek;
  if (isAny(ofWeek)) return inMonth;
  return (day) => inMonth(day) || inWeek(day);
}

/** Returns the dates of a valid `cron` in `timezone`. */
export function cronDates(cron: string, timezone: string): CronDates {
  const text = nicknames[cron.trim().toLowerCase()] ?? cron.trim();
  const parts = text.split(/\s+/);
  const [ofSecond = '0', ofMinute = '*', ofHour = '*', ofMonth = '*', ofYear = '*', ofWeek = '*'] =
    parts.length === 6 ? parts : ['0', ...parts];
  const seconds = numbersOf(ofSecond, 0, 59);
  const minutes = numbersOf(ofMinute, 0, 59);
  const hours = numbersOf(ofHour, 0, 23);
  const months = numbersOf(ofYear, 1, 12, monthNames);
  const isDay = dayTest(ofMonth, ofWeek);

  const instantOf = (day: Temporal.PlainDate, h: number, m: number, s: number): number =>
    day.toPlainDateTime({ hour: h, minute: m, second: s }).toZonedDateTime(timezone)
      .epochMilliseconds;

  const search = (at: number, direction: 1 | -1): number | undefined => {
    const start = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timezone);
    const inOrder = (numbers: readonly number[]) =>
      direction === 1 ? numbers : numbers.toReversed();
    // A day earlier: behind a change of clocks the date of a day may lie in the next one.
    let day = start.toPlainDate().subtract({ days: direction });
    for (let count = 0; count < daysMax; count += 1, day = day.add({ days: direction })) {
      if (!months.includes(day.month) || !isDay(day)) continue;
      for (const hour of inOrder(hours)) {
        const first = instantOf(day, hour, 0, 0);
        const last = instantOf(day, hour, 59, 59);
        if (direction === 1 ? last <= at : first >= at) continue;
        // In nearly every hour clocks do not change, and its dates are plain sums.
        const isEven = last - first === 3_599_000;
        for (const minute of inOrder(minutes)) {
          for (const second of inOrder(seconds)) {
            const found = isEven
              ? first + (minute * 60 + second) * 1_000
              : instantOf(day, hour, minute, second);
            if (direction === 1 ? found > at : found < at) return found;
          }
        }
      }
    }
    return undefined;
  };
  return { after: (at) => search(at, 1), before: (at) => search(at, -1) };
}
