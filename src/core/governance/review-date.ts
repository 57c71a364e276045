/** When a flow is to be looked at again, and whether that is overdue. A day is over when it is in UTC. */

const dayMs = 86_400_000;

/** Tells whether `text` is a day like 2027-01-31. */
export function isDay(text: string): boolean {
  try {
    return Temporal.PlainDate.from(text).toString() === text;
  } catch {
    return false;
  }
}

/** Returns the moment at which a review date is overdue; undefined where there is none. */
export function overdueFrom(reviewDate: string | null | undefined): number | undefined {
  if (reviewDate === null || reviewDate === undefined || !isDay(reviewDate)) return undefined;
  const begins = Temporal.PlainDate.from(reviewDate).toZonedDateTime('UTC').epochMilliseconds;
  return begins + dayMs;
}

/** Tells whether a review date is overdue at the moment `at`. */
export function isReviewDue(reviewDate: string | null | undefined, at: number): boolean {
  const from = overdueFrom(reviewDate);
  return from !== undefined && from <= at;
}
