/** A clock that stands still until a test moves it. */
import type { Clock } from '../../src/ports/clock.ts';

/** A clock whose time a test moves. */
export interface VirtualClock extends Clock {
  /** Moves to `at`, waking in order of time all who wait until then. */
  moveTo(at: number): void;
  /** Moves on by `milliseconds`. */
  advance(milliseconds: number): void;
  /** Moves to the earliest moment someone waits for; tells whether there was one. */
  moveToNext(): boolean;
}

interface Sleeper {
  readonly at: number;
  readonly wake: () => void;
}

/** Returns a clock that stands at `start`. */
export function createVirtualClock(start = Date.UTC(2026, 0, 1)): VirtualClock {
  let now = start;
  let sleepers: Sleeper[] = [];

  const next = (): Sleeper | undefined =>
    sleepers.reduce<Sleeper | undefined>(
      (first, one) => (first === undefined || one.at < first.at ? one : first),
      undefined,
    );
  const moveTo = (at: number): void => {
    for (let first = next(); first !== undefined && first.at <= at; first = next()) {
      const due = first;
      sleepers = sleepers.filter((one) => one !== due);
      now = Math.max(now, due.at);
      due.wake();
    }
    now = Math.max(now, at);
  };
  return {
    now: () => now,
    elapsedMs: () => now - start,
    wakeAt(at, wake) {
      const sleeper = { at, wake };
      sleepers.push(sleeper);
      return () => {
        sleepers = sleepers.filter((one) => one !== sleeper);
      };
    },
    moveTo,
    advance: (milliseconds) => moveTo(now + milliseconds),
    moveToNext() {
      const first = next();
      if (first === undefined) return false;
      moveTo(Math.max(now, first.at));
      return true;
    },
  };
}
