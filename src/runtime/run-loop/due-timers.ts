/** Timers that come near: their executions are taken into memory and woken there. */
import type { TimerRecord } from '../../ports/store.ts';
import { soonMs } from './far-timers.ts';
import type { RunLoop } from './loop.ts';

const timersMax = 10_000;

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
