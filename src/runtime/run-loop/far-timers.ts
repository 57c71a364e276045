/**
 * Timers that are not near: rows that nobody holds in memory. They are looked for shortly before the
 * first of them is due, so that a wait of a day costs what a row costs.
 */
import { type Execution, isTerminated } from '../../core/engine/index.ts';
import type { Clock } from '../../ports/clock.ts';

/** How far ahead timers are taken into memory. */
export const soonMs = 60_000;
/** How long before it is due a timer is looked for, and how long the next look waits at least. */
const aheadMs = soonMs / 2;

/** When to look for timers that are not in memory. */
export interface FarTimers {
  /** Has a look before `dueAt`. */
  awaitUntil(dueAt: number): void;
  close(): void;
}

/** Returns what calls `look` before the first of the timers it is told of is due. */
export function createFarTimers(clock: Clock, look: () => void): FarTimers {
  let lookAt: number | undefined;
  let takeBack: (() => void) | undefined;
  let isClosed = false;
  return {
    awaitUntil(dueAt) {
      const at = Math.max(dueAt - aheadMs, clock.now() + aheadMs);
      if (isClosed || (lookAt !== undefined && lookAt <= at)) return;
      takeBack?.();
      lookAt = at;
      takeBack = clock.wakeAt(at, () => {
        lookAt = undefined;
        look();
      });
    },
    close() {
      isClosed = true;
      takeBack?.();
    },
  };
}

/** Tells whether `execution` waits for somebody or for a time, and need not be in memory for it. */
export function isLongWait(execution: Execution): boolean {
  const { state, timers, runs } = execution;
  if (state === 'PAUSED' || state === 'QUEUED') return true;
  if ((state !== 'RETRYING' && state !== 'CREATED') || timers.size === 0) return false;
  // Whoever waits for executions is known by being in memory as long as they run.
  return runs.every((run) => run.children === undefined || isTerminated(run.state));
}
