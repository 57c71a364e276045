/**
 * Settling what runs have reserved, with their ends. What a run has spent stands in the event of its end;
 * the counters of budgets follow it, and whoever finds a reservation left behind reads it off there.
 *
 * INVARIANT: what may have taken place is counted at every moment: it stays reserved until its end is
 * durable, and is settled before another attempt could take its place.
 */
import { isTerminated } from '../../core/engine/index.ts';
import { budgetUnits } from '../../core/governance/index.ts';
import { knownBudgets, runOutcomes, settleRun } from '../budgets/index.ts';
import { registerDesk } from '../registers/index.ts';
import { type BudgetParts, reservationId, type Settlement } from '../worker/index.ts';
import type { Active } from './active.ts';
import type { EventDraft, RunLoop } from './loop.ts';

const known = new WeakMap<RunLoop, BudgetParts>();

/** Returns where the budgets of the tenant of `loop` are kept: the same for all runs. */
export function budgetParts(loop: RunLoop): BudgetParts {
  let parts = known.get(loop);
  if (parts === undefined) {
    parts = {
      desk: registerDesk(loop.parts),
      subjects: loop.parts.subjects,
      outcomeOf: runOutcomes(loop.parts),
      now: () => loop.now(),
    };
    known.set(loop, parts);
  }
  return parts;
}

/** Reports the end of an attempt that has reserved something, and settles it. */
export async function endSettled(
  loop: RunLoop,
  one: Active,
  ended: Extract<EventDraft, { type: 'task-ended' }>,
  { ids, effect, spent, isUnknown }: Settlement,
): Promise<void> {
  const { desk } = budgetParts(loop);
  const actor = one.execution.by ?? 'engine';
  // The next attempt at it would be another effect: both count, whatever ends in between.
  const isSettledBefore = isUnknown && effect === 'external' && ended.outcome === 'FAILED';
  if (isSettledBefore) await settleRun(desk, ids, {}, actor);
  const event = { ...ended, ...(spent !== undefined && { spent }) };
  if (isSettledBefore) {
    loop.push(one, event);
    return;
  }
  const done = loop.begin(one);
  const settle = async (): Promise<void> => {
    const run = one.execution.runsById.get(ended.taskRunId);
    const isOver = run === undefined || isTerminated(run.state);
    // Another attempt at the same effect goes on with what was reserved for it.
    if (isOver || !isUnknown) await settleRun(desk, ids, spent ?? {}, actor);
  };
  loop.push(one, event, {
    registerRecords: [],
    isCurrent: () => Promise.resolve(true),
    over: () => loop.carry(settle().finally(done)),
  });
}

/** Settles what a run has reserved that ended without a worker: lost, and failed or told to have happened. */
export async function settleEnded(loop: RunLoop, one: Active, runId: string): Promise<void> {
  const run = one.execution.runsById.get(runId);
  if (run === undefined || !isTerminated(run.state)) return;
  const { desk, now } = budgetParts(loop);
  if (!(await knownBudgets(desk).isAny(now()))) return;
  const done = loop.begin(one);
  const ids = budgetUnits.map((unit) => reservationId(run, unit));
  await settleRun(desk, ids, {}, one.execution.by ?? 'engine').finally(done);
}
