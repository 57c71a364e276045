/**
 * Approvals as the disk shows them, compared with the executions that wait for them. What decides is read
 * from records and entries; nothing that the desk says is believed.
 */
import { isTerminated } from '../../../src/core/engine/index.ts';
import type { Approval } from '../../../src/core/governance/index.ts';
import { decodeValue } from '../../../src/core/value/index.ts';
import type { Store } from '../../../src/ports/store.ts';
import type { Asks } from '../approvals.ts';
import type { Effect } from '../outside-tasks.ts';
import { tenant } from './fold.ts';
import type { TrackedExecution } from './tracked-execution.ts';

const everything = 100_000;

/** Returns the approvals on the disk. */
export async function approvalsIn(store: Store): Promise<readonly Approval[]> {
  const records = await store.registerRecords({ tenant, kind: 'approval', limit: everything });
  return records.map(({ document }) => decodeValue(document) as unknown as Approval);
}

function closingOf(
  tracked: TrackedExecution | undefined,
  { id }: Approval,
): readonly { readonly outcome: string }[] {
  return (tracked?.events ?? []).flatMap((event) =>
    event.type === 'approval-closed' && event.approval === id ? [event] : [],
  );
}

/** What the execution was told, by the state of the approval. */
const outcomes: Readonly<Record<Approval['state'], readonly string[]>> = {
  open: [],
  granted: ['granted'],
  used: ['granted'],
  rejected: ['rejected'],
  returned: ['returned'],
  withdrawn: ['withdrawn'],
  expired: ['expired'],
  voided: [],
};

/** Returns what is wrong between an approval and the execution that asked for it. */
function troubleOf(approval: Approval, tracked: TrackedExecution | undefined): string | undefined {
  const { id, state, taskRunId } = approval;
  const run = tracked?.execution.runsById.get(taskRunId);
  if (run === undefined) return `the approval ${id} is of no run`;
  const waits = run.approval?.id === id && !isTerminated(run.state);
  if (state === 'open' && !waits) return `the approval ${id} is open, and nobody waits for it`;
  if (state !== 'open' && waits) return `the run of ${id} waits for it, but it is ${state}`;
  if (state === 'open' && tracked?.execution.isClosed === true) {
    return `the approval ${id} is open, and its execution has ended`;
  }
  const told = closingOf(tracked, approval).map(({ outcome }) => outcome);
  const wanted = outcomes[state];
  // One that was granted may be void afterwards: something changed before it was used.
  const isRight =
    state === 'voided' ? told.length <= 1 : JSON.stringify(told) === JSON.stringify(wanted);
  if (!isRight) return `the approval ${id} is ${state}, its execution was told ${told.join(', ')}`;
  const voices = approval.votes.filter(({ verdict }) => verdict === 'approve').length;
  const quorum = approval.terms.stages.flat().reduce((sum, one) => Math.max(sum, one.quorum), 0);
  const isGranted = state === 'granted' || state === 'used';
  if (isGranted && voices < quorum)
    return `the approval ${id} is ${state} by ${voices} of ${quorum}`;
  return undefined;
}

/** Returns what is wrong with the approvals on the disk. */
export function approvalTrouble(
  approvals: readonly Approval[],
  executions: ReadonlyMap<string, TrackedExecution>,
): string | undefined {
  for (const approval of approvals) {
    const trouble = troubleOf(approval, executions.get(approval.executionId));
    if (trouble !== undefined) return trouble;
  }
  const uses = new Map<string, string>();
  for (const { events } of executions.values()) {
    for (const event of events) {
      if (event.type !== 'effect-intended' || event.approval === undefined) continue;
      if (event.effect !== 'external') continue;
      const use = `attempt ${event.attempt} of ${event.taskRunId}`;
      const other = uses.get(event.approval);
      if (other !== undefined) return `${event.approval} was used for ${other} and for ${use}`;
      uses.set(event.approval, use);
    }
  }
  for (const { id, execution } of executions.values()) {
    for (const run of execution.runs) {
      const waitsFor = run.approval?.id;
      if (waitsFor !== undefined && !approvals.some((one) => one.id === waitsFor)) {
        return `a run of ${id} waits for the approval ${waitsFor}, which is not on the disk`;
      }
    }
  }
  return undefined;
}

/** Returns what is wrong with an effect that people had to agree to: nobody agreed to it, or to another one. */
export function effectTrouble(
  { kind, taskId, taskRunId, attempt, key }: Effect,
  asks: Asks,
  approvals: readonly Approval[],
  tracked: TrackedExecution,
): string | undefined {
  const type = `sim.${kind.slice(0, 1).toUpperCase()}${kind.slice(1)}`;
  if (!Object.hasOwn(asks, type)) return undefined;
  const intent = tracked.events.find(
    (event) =>
      event.type === 'effect-intended' &&
      event.taskRunId === taskRunId &&
      event.attempt === attempt,
  );
  const id = intent?.type === 'effect-intended' ? intent.approval : undefined;
  const used = approvals.find((one) => one.id === id);
  if (used === undefined) return `${type} of ${taskId} had an effect that nobody agreed to`;
  if (used.state !== 'used' || used.usedFor !== key || used.taskRunId !== taskRunId) {
    return `${type} of ${taskId} had an effect under ${used.id}, which is ${used.state}`;
  }
  return undefined;
}
