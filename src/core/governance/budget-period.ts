/** Periods of budgets: days, weeks, months and years as a calendar in a time zone has them. */

/** How long a budget counts before it begins again; `total` never does. */
export const budgetPeriods = ['hour', 'day', 'week', 'month', 'year', 'total'] as const;

/** How long a budget counts before it begins again. */
export type BudgetPeriod = (typeof budgetPeriods)[number];

/** A period that has a beginning. */
export interface PeriodBounds {
  /** Names the period: its first day or moment as a local time; `total` for the one that never ends. */
  readonly name: string;
  /** Epoch milliseconds; null where it never ends. */
  readonly endsAt: number | null;
}

/** Tells whether `zone` is the name of a time zone. */
export function isTimeZone(zone: string): boolean {
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(zone);
    return true;
  } catch {
    return false;
  }
}

const startOf = {
  hour: (at: Temporal.ZonedDateTime) => at.round({ smallestUnit: 'hour', roundingMode: 'floor' }),
  day: (at: Temporal.ZonedDateTime) => at.startOfDay(),
  week: (at: Temporal.ZonedDateTime) => at.subtract({ days: at.dayOfWeek - 1 }).startOfDay(),
  month: (at: Temporal.ZonedDateTime) => at.with({ day: 1 }).startOfDay(),
  year: (at: Temporal.ZonedDateTime) => at.with({ month: 1, day: 1 }).startOfDay(),
};

const lengths = {
  hour: { hours: 1 },
  day: { days: 1 },
  week: { weeks: 1 },
  month: { months: 1 },
  year: { years: 1 },
};

/** Returns the period that holds the moment `at`; weeks begin on Monday. */
export function periodAt(period: BudgetPeriod, timeZone: string, at: number): PeriodBounds {
  if (period === 'total') return { name: 'total', endsAt: null };
  const local = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timeZone);
  const start = startOf[period](local);
  const next = start.add(lengths[period]);
  // An hour that a change of the clock repeats is told apart by its offset.
  const name =
    period === 'hour' ? start.toString({ timeZoneName: 'never' }) : start.toPlainDate().toString();
  return { name, endsAt: (period === 'hour' ? next : next.startOfDay()).epochMilliseconds };
}
