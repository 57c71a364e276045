/**
 * Public holidays by country, as rules: fixed days, days around Easter, weekdays of a month. A country
 * that is not listed is refused when a flow is saved, because a trigger must not wait for a day that
 * nobody can compute.
 */

interface HolidayRule {
  /** The first and last year in which it is one. */
  readonly since?: number;
  readonly until?: number;
  /** Returns the day in `year`. */
  day(year: number): Temporal.PlainDate;
}

function dayOf(year: number, month: number, day: number): Temporal.PlainDate {
  return Temporal.PlainDate.from({ year, month, day });
}

/** Returns Easter Sunday of the Gregorian calendar. */
function easterOf(year: number): Temporal.PlainDate {
  const golden = year % 19;
  const century = Math.floor(year / 100);
  const rest = year % 100;
  const skipped = Math.floor(century / 4);
  const corrected = Math.floor((century - Math.floor((century + 8) / 25) + 1) / 3);
  const epact = (19 * golden + century - skipped - corrected + 15) % 30;
  const weekday = (32 + 2 * (century % 4) + 2 * Math.floor(rest / 4) - epact - (rest % 4)) % 7;
  const late = Math.floor((golden + 11 * epact + 22 * weekday) / 451);
  const days = epact + weekday - 7 * late + 114;
  return dayOf(year, Math.floor(days / 31), (days % 31) + 1);
}

/** Days of a year, each as `MM-DD`. */
function fixed(...days: readonly string[]): readonly HolidayRule[] {
  return days.map((text) => {
    const [month = 1, day = 1] = text.split('-').map(Number);
    return { day: (year) => dayOf(year, month, day) };
  });
}

/** Days counted from Easter Sunday. */
function easter(...offsets: readonly number[]): readonly HolidayRule[] {
  return offsets.map((days) => ({ day: (year) => easterOf(year).add({ days }) }));
}

/** The first such weekday (1 is Monday) on or after a day. */
function weekdayFrom(month: number, day: number, weekday: number): HolidayRule {
  return {
    day(year) {
      const first = dayOf(year, month, day);
      return first.add({ days: (weekday - first.dayOfWeek + 7) % 7 });
    },
  };
}

/** The last Monday of a month. */
function lastMonday(month: number): HolidayRule {
  return {
    day(year) {
      const first = dayOf(year, month, 1);
      const last = first.with({ day: first.daysInMonth });
      return last.subtract({ days: last.dayOfWeek - 1 });
    },
  };
}

function between(rule: HolidayRule, since: number | undefined, until?: number): HolidayRule {
  return {
    ...rule,
    ...(since !== undefined && { since }),
    ...(until !== undefined && { until }),
  };
}

function since(year: number, ...rules: readonly HolidayRule[]): readonly HolidayRule[] {
  return rules.map((rule) => between(rule, year));
}

/** On a Saturday it is the Friday before, on a Sunday the Monday after. */
function nearest(...rules: readonly HolidayRule[]): readonly HolidayRule[] {
  return rules.map((rule) => ({
    ...rule,
    day(year) {
      const day = rule.day(year);
      if (day.dayOfWeek === 6) return day.subtract({ days: 1 });
      return day.dayOfWeek === 7 ? day.add({ days: 1 }) : day;
    },
  }));
}

/** On a Saturday or Sunday it is the Monday after; Boxing Day makes way for Christmas. */
function substituted(...days: readonly string[]): readonly HolidayRule[] {
  return fixed(...days).map((rule, at) => ({
    ...rule,
    day(year) {
      const day = rule.day(year);
      const isBoxingDay = days[at] === '12-26';
      if (day.dayOfWeek === 6) return day.add({ days: 2 });
      if (day.dayOfWeek === 7) return day.add({ days: isBoxingDay ? 2 : 1 });
      return isBoxingDay && day.dayOfWeek === 1 ? day.add({ days: 1 }) : day;
    },
  }));
}

const midsummer = weekdayFrom(6, 20, 6);
const allSaintsSaturday = weekdayFrom(10, 31, 6);

/** The King's birthday; a day earlier where that is a Sunday. */
const kingsDay: HolidayRule = {
  day(year) {
    const day = dayOf(year, 4, 27);
    return day.dayOfWeek === 7 ? day.subtract({ days: 1 }) : day;
  },
};

/** The first Monday of February, or the first day of it where that is a Friday. */
const saintBrigid: HolidayRule = {
  since: 2023,
  day(year) {
    const day = dayOf(year, 2, 1);
    return day.dayOfWeek === 5 ? day : weekdayFrom(2, 1, 1).day(year);
  },
};

/** By country: the whole of it under an empty name, what is added in its parts under theirs. */
const holidays: Readonly<Record<string, Readonly<Record<string, readonly HolidayRule[]>>>> = {
  AT: {
    '': [
      ...fixed('01-01', '01-06', '05-01', '08-15', '10-26', '11-01', '12-08', '12-25', '12-26'),
      ...easter(1, 39, 50, 60),
    ],
  },
  BE: {
    '': [
      ...fixed('01-01', '05-01', '07-21', '08-15', '11-01', '11-11', '12-25'),
      ...easter(1, 39, 50),
    ],
  },
  CA: {
    '': [
      ...fixed('01-01', '07-01', '11-11', '12-25', '12-26'),
      ...since(2021, ...fixed('09-30')),
      ...easter(-2),
      weekdayFrom(5, 18, 1),
      weekdayFrom(9, 1, 1),
      weekdayFrom(10, 8, 1),
    ],
  },
  CH: { '': [...fixed('01-01', '08-01', '12-25'), ...easter(39)] },
  CZ: {
    '': [
      ...fixed('01-01', '05-01', '05-08', '07-05', '07-06', '09-28', '10-28', '11-17'),
      ...fixed('12-24', '12-25', '12-26'),
      ...easter(-2, 1),
    ],
  },
  DE: {
    '': [...fixed('01-01', '05-01', '10-03', '12-25', '12-26'), ...easter(-2, 1, 39, 50)],
    BB: [...easter(0, 49), ...fixed('10-31')],
    BE: since(2019, ...fixed('03-08')),
    BW: [...fixed('01-06', '11-01'), ...easter(60)],
    BY: [...fixed('01-06', '11-01'), ...easter(60)],
    HB: since(2018, ...fixed('10-31')),
    HE: easter(60),
    HH: since(2018, ...fixed('10-31')),
    MV: [...fixed('10-31'), ...since(2023, ...fixed('03-08'))],
    NI: since(2018, ...fixed('10-31')),
    NW: [...fixed('11-01'), ...easter(60)],
    RP: [...fixed('11-01'), ...easter(60)],
    SH: since(2018, ...fixed('10-31')),
    SL: [...fixed('08-15', '11-01'), ...easter(60)],
    SN: [...fixed('10-31'), weekdayFrom(11, 16, 3)],
    ST: fixed('01-06', '10-31'),
    TH: [...fixed('10-31'), ...since(2019, ...fixed('09-20'))],
  },
  DK: {
    '': [
      ...fixed('01-01', '12-25', '12-26'),
      ...easter(-3, -2, 0, 1, 39, 49, 50),
      ...easter(26).map((rule) => between(rule, undefined, 2023)),
    ],
  },
  ES: {
    '': [
      ...fixed('01-01', '01-06', '05-01', '08-15', '10-12', '11-01', '12-06', '12-08', '12-25'),
      ...easter(-2),
    ],
  },
  FI: {
    '': [
      ...fixed('01-01', '01-06', '05-01', '12-06', '12-25', '12-26'),
      ...easter(-2, 0, 1, 39, 49),
      midsummer,
      allSaintsSaturday,
    ],
  },
  FR: {
    '': [
      ...fixed('01-01', '05-01', '05-08', '07-14', '08-15', '11-01', '11-11', '12-25'),
      ...easter(1, 39, 50),
    ],
  },
  GB: {
    '': [
      ...substituted('01-01', '12-25', '12-26'),
      ...easter(-2),
      weekdayFrom(5, 1, 1),
      lastMonday(5),
    ],
    ENG: [...easter(1), lastMonday(8)],
    NIR: [...easter(1), lastMonday(8), ...substituted('03-17', '07-12')],
    SCT: [...substituted('01-02', '11-30'), weekdayFrom(8, 1, 1)],
    WLS: [...easter(1), lastMonday(8)],
  },
  IE: {
    '': [
      ...fixed('01-01', '03-17', '12-25', '12-26'),
      ...easter(1),
      saintBrigid,
      weekdayFrom(5, 1, 1),
      weekdayFrom(6, 1, 1),
      weekdayFrom(8, 1, 1),
      lastMonday(10),
    ],
  },
  IT: {
    '': [
      ...fixed('01-01', '01-06', '04-25', '05-01', '06-02', '08-15', '11-01', '12-08'),
      ...fixed('12-25', '12-26'),
      ...since(2026, ...fixed('10-04')),
      ...easter(0, 1),
    ],
  },
  LU: {
    '': [
      ...fixed('01-01', '05-01', '06-23', '08-15', '11-01', '12-25', '12-26'),
      ...since(2019, ...fixed('05-09')),
      ...easter(1, 39, 50),
    ],
  },
  NL: { '': [...fixed('01-01', '12-25', '12-26'), kingsDay, ...easter(0, 1, 39, 49, 50)] },
  NO: {
    '': [
      ...fixed('01-01', '05-01', '05-17', '12-25', '12-26'),
      ...easter(-3, -2, 0, 1, 39, 49, 50),
    ],
  },
  PL: {
    '': [
      ...fixed('01-01', '01-06', '05-01', '05-03', '08-15', '11-01', '11-11', '12-25', '12-26'),
      ...since(2025, ...fixed('12-24')),
      ...easter(0, 1, 49, 60),
    ],
  },
  PT: {
    '': [
      ...fixed('01-01', '04-25', '05-01', '06-10', '08-15', '10-05', '11-01', '12-01', '12-08'),
      ...fixed('12-25'),
      ...easter(-2, 0, 60),
    ],
  },
  SE: {
    '': [
      ...fixed('01-01', '01-06', '05-01', '06-06', '12-25', '12-26'),
      ...easter(-2, 0, 1, 39, 49),
      midsummer,
      allSaintsSaturday,
    ],
  },
  US: {
    '': [
      ...nearest(...fixed('01-01', '07-04', '11-11', '12-25')),
      ...nearest(...since(2021, ...fixed('06-19'))),
      weekdayFrom(1, 15, 1),
      weekdayFrom(2, 15, 1),
      lastMonday(5),
      weekdayFrom(9, 1, 1),
      weekdayFrom(10, 8, 1),
      weekdayFrom(11, 22, 4),
    ],
  },
};

/** The countries whose holidays are known. */
export const holidayCountries: readonly string[] = Object.keys(holidays);

/** Returns the rules of a country and a part of it; undefined where one of them is not known. */
function rulesOf(country: string, part: string | undefined): readonly HolidayRule[] | undefined {
  const code = country.toUpperCase();
  const known = Object.hasOwn(holidays, code) ? holidays[code] : undefined;
  const whole = known?.[''];
  if (known === undefined || whole === undefined || part === undefined) return whole;
  const name = part.toUpperCase().replace(`${code}-`, '');
  return Object.hasOwn(known, name) ? [...whole, ...(known[name] ?? [])] : undefined;
}

/** Tells whether the holidays of a country, or of a part of it, are known. */
export function knowsHolidays(country: string, part?: string): boolean {
  return rulesOf(country, part) !== undefined;
}

/** Tells whether `day` is a public holiday; of what is not known, no day is one. */
export function isPublicHoliday(day: Temporal.PlainDate, country: string, part?: string): boolean {
  return (rulesOf(country, part) ?? []).some((rule) =>
    // A holiday may be taken on a day of the year before or after.
    [day.year - 1, day.year, day.year + 1].some(
      (year) =>
        (rule.since === undefined || year >= rule.since) &&
        (rule.until === undefined || year <= rule.until) &&
        rule.day(year).equals(day),
    ),
  );
}
