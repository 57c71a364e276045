/** The clock of the machine. */
import type { Clock } from '../../ports/clock.ts';

/** The longest wait the timers of the platform take; longer ones are split. */
const waitMaxMs = 2 ** 31 - 1;

/** Returns the clock of the machine. */
export function createSystemClock(): Clock {
  return {
    now: () => Date.now(),
    elapsedMs: () => performance.now(),
    wakeAt(at, wake) {
      let timer: NodeJS.Timeout;
      const wait = (): void => {
        const leftMs = at - Date.now();
        // A timer may fire a moment early by this clock; then it waits once more.
        timer = setTimeout(
          () => (Date.now() >= at ? wake() : wait()),
          Math.min(Math.max(leftMs, 0), waitMaxMs),
        );
      };
      wait();
      return () => clearTimeout(timer);
    },
  };
}
