/**
 * What ends, or is overdue, at a date: exceptions, permissions of models, reviews of flows, deadlines of
 * changes. It is looked for when a process starts, at the next date, and every minute, because another
 * process may have set an earlier one.
 *
 * INVARIANT: nothing that has ended is of use meanwhile: whoever asks compares the date, this only enters it.
 */
import type { Clock } from '../../ports/clock.ts';

/** Does what is due by now; gives the moment of the next date, if it knows one. */
export type DueDates = () => Promise<number | undefined>;

const lookEveryMs = 60_000;
/** Dates follow each other; two looks at the same moment do not. */
const restMs = 1_000;

/** Watches over dates until it is stopped. */
export function watchDueDates(
  clock: Clock,
  all: readonly DueDates[],
  complain: (error: unknown) => void,
): { readonly stop: () => Promise<void> } {
  let isStopped = false;
  let takeBack: (() => void) | undefined;
  let looking: Promise<void> = Promise.resolve();

  const look = async (): Promise<void> => {
    let wakeAt = clock.now() + lookEveryMs;
    for (const doDue of all) {
      if (isStopped) return;
      try {
        const next = await doDue();
        if (next !== undefined) wakeAt = Math.min(wakeAt, next);
      } catch (error) {
        complain(error);
      }
    }
    if (!isStopped) takeBack = clock.wakeAt(Math.max(wakeAt, clock.now() + restMs), run);
  };
  const run = (): void => {
    if (isStopped) return;
    looking = look();
  };
  run();
  return {
    async stop() {
      isStopped = true;
      takeBack?.();
      await looking;
    },
  };
}
