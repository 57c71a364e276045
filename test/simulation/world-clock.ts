/**
 * The time of the world: it stands still until the simulation moves it, and what the machine shows can
 * be set forward or back meanwhile. Whoever waits does so the way the timers of the platform do: for a
 * span that was right when the wait began, and on when the shown time is not there yet.
 */
import type { Clock } from '../../src/ports/clock.ts';

interface Sleeper {
  readonly at: number;
  readonly wake: () => void;
  dueElapsed: number;
  readonly order: number;
}

/** The time of the world. */
export class WorldClock implements Clock {
  #elapsed = 0;
  #offset: number;
  #sleepers = new Set<Sleeper>();
  #order = 0;

  constructor(start = Date.UTC(2026, 0, 1)) {
    this.#offset = start;
  }

  now(): number {
    return this.#offset + this.#elapsed;
  }

  elapsedMs(): number {
    return this.#elapsed;
  }

  wakeAt(at: number, wake: () => void): () => void {
    this.#order += 1;
    const dueElapsed = this.#elapsed + Math.max(0, at - this.now());
    const sleeper: Sleeper = { at, wake, dueElapsed, order: this.#order };
    this.#sleepers.add(sleeper);
    return () => void this.#sleepers.delete(sleeper);
  }

  /** Sets what the machine shows forward, or back, without time passing. */
  jump(milliseconds: number): void {
    this.#offset += milliseconds;
  }

  /** Lets time pass until somebody wakes; false when nobody sleeps. */
  moveToNext(): boolean {
    for (;;) {
      let next: Sleeper | undefined;
      for (const one of this.#sleepers) {
        const isEarlier =
          next === undefined ||
          one.dueElapsed < next.dueElapsed ||
          (one.dueElapsed === next.dueElapsed && one.order < next.order);
        if (isEarlier) next = one;
      }
      if (next === undefined) return false;
      this.#elapsed = Math.max(this.#elapsed, next.dueElapsed);
      if (this.now() >= next.at) {
        this.#sleepers.delete(next);
        next.wake();
        return true;
      }
      next.dueElapsed = this.#elapsed + (next.at - this.now());
    }
  }

  /** Forgets who sleeps: their process is gone. */
  forgetAll(): void {
    this.#sleepers.clear();
  }
}
