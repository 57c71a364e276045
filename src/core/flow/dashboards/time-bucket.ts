/** Pieces of time: how finely a time is cut so that a chart can show it, and where a piece begins. */

const dayMs = 86_400_000;

/** How long a piece of time is. */
export type TimeBucket = 'minute' | 'hour' | 'day' | 'month';

/** Returns how finely a time of `ms` is cut: into a number of pieces that a chart can show. */
export function bucketFor(ms: number): TimeBucket {
  if (ms <= dayMs / 12) return 'minute';
  if (ms <= dayMs * 4) return 'hour';
  return ms <= dayMs * 180 ? 'day' : 'month';
}

const lengths = { minute: 16, hour: 13, day: 10, month: 7 } as const;
const rests = {
  minute: ':00Z',
  hour: ':00:00Z',
  day: 'T00:00:00Z',
  month: '-01T00:00:00Z',
} as const;

/** Returns the ISO time at which the piece begins that `at`, in epoch milliseconds, lies in. */
export function bucketStart(at: number, bucket: TimeBucket): string {
  const text = Temporal.Instant.fromEpochMilliseconds(at).toString();
  return `${text.slice(0, lengths[bucket])}${rests[bucket]}`;
}
