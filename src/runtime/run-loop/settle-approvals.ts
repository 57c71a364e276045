/** Approvals and executions: an execution hears what people decided in the write in which it is decided. */
import {
  type Execution,
  type ExecutionEvent,
  isTerminated,
  type TaskRun,
} from '../../core/engine/index.ts';
import { emptyMap, type Marks, plainMarks, type ValueMap } from '../../core/value/index.ts';
import {
  type ApprovalNews,
  isApprovalRecord,
  type NewsRecord,
  type Teller,
  tendApproval,
  type Told,
  withdrawal,
} from '../approvals/index.ts';
import type { NewEntry, RegisterRecord } from '../../ports/store.ts';
import type { Active } from './active.ts';
import type { EventDraft, RunLoop } from './loop.ts';
import { formValues, quiet } from './operations.ts';

async function draftOf(
  loop: RunLoop,
  one: Active,
  run: TaskRun,
  approval: string,
  news: ApprovalNews,
): Promise<EventDraft> {
  const about = { taskRunId: run.id, approval };
  if (news.type === 'escalated') {
    const { deadlineAt } = news;
    return { type: 'approval-escalated', ...about, ...(deadlineAt !== null && { deadlineAt }) };
  }
  const { outcome, reason, by } = news;
  let form: { values: ValueMap; marks: Marks } = { values: emptyMap(), marks: plainMarks };
  if (outcome === 'granted') {
    form = await formValues(loop, one, run, news.inputs ?? {}, undefined, plainMarks);
  }
  return {
    type: 'approval-closed',
    ...about,
    outcome,
    by,
    ...(reason !== undefined && { reason }),
    ...(Object.keys(form.values).length > 0 && { inputs: form.values }),
    ...(form.marks !== plainMarks && { inputsMarks: form.marks }),
  };
}

/** Returns what tells executions of `loop` what became of approvals. */
export function approvalTeller(loop: RunLoop): Teller {
  return {
    async check({ executionId, taskRunId }, inputs) {
      const one = await loop.load(executionId);
      await quiet(loop, one);
      const run = one.execution.runsById.get(taskRunId);
      if (run !== undefined) await formValues(loop, one, run, inputs, undefined, plainMarks);
    },
    async tell({ id, executionId, taskRunId }, news, record: NewsRecord): Promise<Told> {
      const one = await loop.load(executionId);
      await quiet(loop, one);
      const run = one.execution.runsById.get(taskRunId);
      if (run === undefined || isTerminated(run.state) || run.approval?.id !== id) return 'gone';
      const draft = await draftOf(loop, one, run, id, news);
      const told = await new Promise<Told>((resolve) => {
        const over = (isWritten: boolean): void => resolve(isWritten ? 'told' : 'stale');
        loop.push(one, draft, { ...record, over });
        // When nothing can be written any more, nobody calls back.
        quiet(loop, one).catch(() => resolve('gone'));
      });
      await quiet(loop, one);
      return told;
    },
  };
}

/** Does what an approval that `run` waits for was set a time for. */
export async function tend(
  loop: RunLoop,
  one: Active,
  approval: string,
  purpose: 'deadline' | 'reminder',
): Promise<void> {
  const { approvals } = loop.parts;
  if (approvals === undefined) return;
  const done = loop.begin(one);
  try {
    await tendApproval(approvals.parts, approvalTeller(loop), approval, purpose);
  } finally {
    done();
  }
}

/** What is written together with the end of runs that waited for approvals. */
export interface Withdrawals {
  readonly entries: NewEntry[];
  readonly registerRecords: RegisterRecord[];
}

/**
 * Voids `approvals`, which nobody waits for once `batch` is written, in that same write. One that comes to
 * be in it is written as void.
 *
 * INVARIANT: no approval is open for a run that has ended.
 */
export async function voidApprovals(
  loop: RunLoop,
  approvals: readonly string[],
  batch: Withdrawals,
): Promise<void> {
  const { parts } = loop.parts.approvals ?? {};
  if (parts === undefined) return;
  for (const id of approvals) {
    const at = batch.registerRecords.findLastIndex((one) => isApprovalRecord(one, id));
    const because = 'its execution does not wait for it any more';
    const found = await withdrawal(parts, id, because, batch.registerRecords[at]);
    if (found === undefined) continue;
    if (at >= 0) batch.registerRecords.splice(at, 1);
    batch.entries.push(...found.entries);
    batch.registerRecords.push(...found.registerRecords);
  }
}

/** Tells whether `event` is news about an approval that its run does not wait for. */
export function isUnwanted(execution: Execution, event: ExecutionEvent): boolean {
  if (event.type !== 'approval-closed' && event.type !== 'approval-escalated') return false;
  const run = execution.runsById.get(event.taskRunId);
  return run === undefined || isTerminated(run.state) || run.approval?.id !== event.approval;
}
