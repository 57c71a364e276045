/**
 * Looking after something: now when asked, and again at the moment that the last look gave, one look at a
 * time. Trouble in a look is told, and it is looked again later.
 */
import type { Clock } from '../../ports/clock.ts';

/** How long it takes at most until it is looked again. */
export const lookEveryMs = 15_000;

/** Looks, and looks again. */
export interface LookAgain {
  /** Looks now; after the look under way, where there is one. */
  now(): void;
  stop(): void;
}

/** Returns what has `look` called until it is stopped; `look` gives when to look again, if that is soon. */
export function lookAgain(
  clock: Clock,
  look: () => Promise<number | undefined>,
  complain: (error: unknown) => void,
): LookAgain {
  let isStopped = false;
  let isLooking = false;
  let isAskedAgain = false;
  let takeBack: (() => void) | undefined;

  const lookOnce = async (): Promise<number> => {
    const latest = clock.now() + lookEveryMs;
    try {
      return Math.min((await look()) ?? latest, latest);
    } catch (error) {
      complain(error);
      return latest;
    }
  };
  const run = (): void => {
    if (isStopped) return;
    if (isLooking) {
      isAskedAgain = true;
      return;
    }
    takeBack?.();
    isLooking = true;
    isAskedAgain = false;
    void lookOnce().then((wakeAt) => {
      isLooking = false;
      if (isAskedAgain) run();
      else if (!isStopped) takeBack = clock.wakeAt(Math.max(wakeAt, clock.now()), run);
    });
  };
  return {
    now: run,
    stop() {
      isStopped = true;
      takeBack?.();
    },
  };
}
