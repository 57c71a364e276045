/**
 * Timers that are not near: rows that nobody holds in memory. They are looked for shortly before the
 * first of them is due, so that a wait of a day costs what a row costs.
 */
import { type Execution, isTerminated } from '../../core/engine/index.ts';
import type { Clock } from '../../ports/clock.ts';
import type { TimerRecord } from '../../ports/store.ts';
import type { RunLoop } from './loop.ts';

/** How far ahead timers are taken into memory. */
export const soonMs = 60_000;
/** How long before it is due a timer is looked for, and how long the next look waits at least. */
const aheadMs = soonMs / 2;
const timersMax = 10_000;

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

/** Returns the timers of the loop's tenant that are due soon. */
export async function timersSoon(loop: RunLoop): Promise<readonly TimerRecord[]> {
  const { store, tenant } = loop.parts;
  const timers = await store.dueTimers(loop.now() + soonMs, timersMax);
  return timers.filter((one) => one.tenant === tenant);
}

/** Takes executions into memory whose timers have come near, and sees to it that the rest is looked for. */
export async function takeDueTimers(loop: RunLoop): Promise<void> {
  if (loop.isClosed()) return;
  for (const { executionId, id } of await timersSoon(loop)) {
    const one = await loop.load(executionId);
    const dueAt = one.execution.timers.get(id);
    // Others only say that there is more to do.
    if (dueAt !== undefined) loop.wake(one, id, dueAt);
  }
  await awaitTimers(loop);
}

/** Sees to it that the next timer is looked for, for as long as the process runs. */
export async function awaitTimers(loop: RunLoop): Promise<void> {
  const next = await loop.parts.store.nextTimer();
  if (next !== undefined) loop.farTimers.awaitUntil(next);
}

/** Tells whether `execution` waits for somebody or for a time, and need not be in memory for it. */
export function isLongWait(execution: Execution): boolean {
  const { state, timers, runs } = execution;
  if (state === 'PAUSED' || state === 'QUEUED') return true;
  if ((state !== 'RETRYING' && state !== 'CREATED') || timers.size === 0) return false;
  // Whoever waits for executions is known by being in memory as long as they run.
  return runs.every((run) => run.children === undefined || isTerminated(run.state));
}
