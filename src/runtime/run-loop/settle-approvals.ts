/** Approvals and executions: an execution hears what people decided in the write in which it is decided. */
import { isTerminated, type TaskRun } from '../../core/engine/index.ts';
import { emptyMap, type Marks, plainMarks, type ValueMap } from '../../core/value/index.ts';
import {
  type ApprovalNews,
  type NewsRecord,
  type Teller,
  tendApproval,
  type Told,
  withdrawApproval,
} from '../approvals/index.ts';
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

/** Notes that `run` waits for `approval` no more. */
export async function withdraw(loop: RunLoop, one: Active, approval: string): Promise<void> {
  const { approvals } = loop.parts;
  if (approvals === undefined) return;
  const done = loop.begin(one);
  try {
    await withdrawApproval(
      approvals.parts,
      approval,
      'its execution does not wait for it any more',
    );
  } finally {
    done();
  }
}
