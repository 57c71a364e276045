/**
 * What became of runs of tasks that reserved something and whose process ended before it was settled: read
 * off their events, because these are what happened.
 */
import { decodeEvent, isTerminated, type State } from '../../core/engine/index.ts';
import type { Store } from '../../ports/store.ts';
import type { RunOutcome } from './budget-records.ts';

/** Returns what tells how much runs of a tenant have spent. */
export function runOutcomes({
  store,
  tenant,
}: {
  readonly store: Pick<Store, 'taskRuns' | 'entries'>;
  readonly tenant: string;
}): RunOutcome {
  return async ({ executionId, taskRunId, attempt, isIntended }, unit, amount) => {
    const runs = await store.taskRuns(tenant, executionId);
    const run = runs.find(({ id }) => id === taskRunId);
    if (run !== undefined && !isTerminated(run.state as State)) return undefined;
    const entries = await store.entries(tenant, `execution:${executionId}`);
    let hasBegun = !isIntended || entries.length === 0;
    let spent: number | undefined;
    for (const { type, at, payload, isErased } of entries) {
      if (type !== 'effect-intended' && type !== 'task-ended') continue;
      if (isErased === true) {
        hasBegun = true;
        continue;
      }
      const event = decodeEvent(type, at, payload);
      if (!('taskRunId' in event) || event.taskRunId !== taskRunId) continue;
      if (event.type === 'effect-intended') hasBegun ||= event.attempt >= attempt;
      if (event.type === 'task-ended' && hasBegun) spent = event.spent?.[unit];
    }
    // What was about to begin may have taken place, and what may have taken place is counted.
    return hasBegun ? (spent ?? amount) : 0;
  };
}
