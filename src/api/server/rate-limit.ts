/**
 * How many requests one may send: a bucket for each that fills with time. Kept in memory: it protects
 * this process, and one that starts anew owes nobody anything.
 */

/** How many, how fast. */
export interface RateLimit {
  /** What the bucket holds at most. */
  readonly burst: number;
  readonly perMinute: number;
}

/** Tells whether one more request may be taken. */
export interface RateLimiter {
  /** Takes one for `key`; gives how long to wait, 0 when it may go on, and what is left. */
  take(key: string): { readonly waitMs: number; readonly left: number };
}

interface Bucket {
  level: number;
  at: number;
}

const bucketsMax = 50_000;

/** Returns a limiter; `now` gives milliseconds. */
export function createRateLimiter(limit: RateLimit, now: () => number): RateLimiter {
  const buckets = new Map<string, Bucket>();
  const perMs = limit.perMinute / 60_000;
  return {
    take(key) {
      const at = now();
      const bucket = buckets.get(key) ?? { level: limit.burst, at };
      const level = Math.min(limit.burst, bucket.level + Math.max(0, at - bucket.at) * perMs);
      buckets.delete(key);
      // The one that was quiet longest is forgotten: it is full again or nearly so.
      if (buckets.size >= bucketsMax) buckets.delete(buckets.keys().next().value as string);
      const isEnough = level >= 1;
      buckets.set(key, { level: isEnough ? level - 1 : level, at });
      return {
        waitMs: isEnough ? 0 : (1 - level) / perMs,
        left: Math.floor(isEnough ? level - 1 : level),
      };
    },
  };
}
