/** Counts attempts that failed, and makes whoever guesses wait longer and longer. Kept in memory. */

interface Failed {
  count: number;
  until: number;
  at: number;
}

/** Attempts that failed, by where they came from. */
export interface Attempts {
  /** Returns how long `source` has to wait; 0 when it may try. */
  waitMs(source: string): number;
  failed(source: string): void;
  succeeded(source: string): void;
}

const freeAttempts = 10;
const forgottenMs = 5 * 60_000;
const lockedMs = 60_000;
const lockedMaxMs = 30 * 60_000;
const sourcesMax = 20_000;

/** Returns what counts attempts; `now` gives milliseconds that only grow. */
export function createAttempts(now: () => number): Attempts {
  const sources = new Map<string, Failed>();
  return {
    waitMs: (source) => Math.max(0, (sources.get(source)?.until ?? 0) - now()),
    failed(source) {
      const at = now();
      const known = sources.get(source);
      const isFresh = known !== undefined && at - known.at < forgottenMs + lockedMaxMs;
      const count = (isFresh ? known.count : 0) + 1;
      const over = count - freeAttempts;
      const until = over < 0 ? 0 : at + Math.min(lockedMaxMs, lockedMs * 2 ** Math.min(over, 6));
      if (sources.size >= sourcesMax) sources.delete(sources.keys().next().value as string);
      sources.delete(source);
      sources.set(source, { count, until, at });
    },
    succeeded: (source) => void sources.delete(source),
  };
}
