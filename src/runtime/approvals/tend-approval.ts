/**
 * What becomes of an approval when its time comes, or when nobody waits for it any more. Each change of its
 * record is written together with the event that tells its execution.
 *
 * INVARIANT: a deadline never grants anything.
 */
import type { ApprovalClosed } from '../../core/engine/index.ts';
import {
  type Approval,
  decidersOf,
  passDeadline,
  type Refusal,
} from '../../core/governance/index.ts';
import { Failure } from '../../core/failure/index.ts';
import type { Value } from '../../core/value/index.ts';
import type { ApprovalNotice } from '../../ports/approval-notices.ts';
import type { NewEntry, RegisterRecord } from '../../ports/store.ts';
import { approvalEntry, type ApprovalParts } from './approval-parts.ts';
import { approvalRecord, findApproval, type KeptApproval } from './approval-records.ts';
import { voided } from './open-approval.ts';

/** What tells an execution what became of an approval it waits for. */
export type ApprovalNews =
  | {
      readonly type: 'closed';
      readonly outcome: ApprovalClosed['outcome'];
      readonly reason?: string;
      /** The values of its form, as they were given. */
      readonly inputs?: Readonly<Record<string, Value>>;
      readonly by: string;
    }
  | { readonly type: 'escalated'; readonly deadlineAt: number | null };

/** What is written together with the news. */
export interface NewsRecord {
  readonly entries: readonly NewEntry[];
  readonly registerRecords: readonly RegisterRecord[];
  isCurrent(): Promise<boolean>;
}

/** Whether the news came; `stale`: the record changed meanwhile; `gone`: the execution does not wait for it. */
export type Told = 'told' | 'stale' | 'gone';

/** Tells executions what became of approvals. */
export interface Teller {
  tell(
    approval: Pick<Approval, 'id' | 'executionId' | 'taskRunId'>,
    news: ApprovalNews,
    record: NewsRecord,
  ): Promise<Told>;
}

/** Sends a notice about an approval. */
export function notify(
  { notices, tenant }: ApprovalParts,
  event: ApprovalNotice['event'],
  approval: Approval,
): void {
  notices?.send({
    tenant,
    event,
    approval: approval.id,
    title: approval.title,
    deciders: decidersOf(approval),
    deadlineAt: approval.deadlineAt,
  });
}

/** Returns the failure that a refusal is. */
export function refusalFailure(refusal: Refusal, approval: string): Failure {
  return new Failure(refusal.code, refusal.message, { details: { approval } });
}

/** Returns a record that replaces `kept` as long as nobody else has replaced it. */
export function newsRecord(
  parts: ApprovalParts,
  kept: KeptApproval,
  approval: Approval,
  entries: readonly NewEntry[],
  more: readonly RegisterRecord[] = [],
): NewsRecord {
  return {
    entries,
    registerRecords: [approvalRecord(parts, { ...kept, approval }), ...more],
    isCurrent: async () => (await findApproval(parts, approval.id))?.version === kept.version,
  };
}

/** Does what an approval was set a time for. */
export async function tendApproval(
  parts: ApprovalParts,
  teller: Teller,
  id: string,
  purpose: 'deadline' | 'reminder',
): Promise<void> {
  for (;;) {
    const kept = await findApproval(parts, id);
    if (kept?.approval.state !== 'open') return;
    if (purpose === 'reminder') {
      const told = { approval: id, deciders: [...decidersOf(kept.approval)] };
      const entry = approvalEntry(parts, id, 'approval-reminded', 'engine', told);
      await parts.committer.commit({ entries: [entry] });
      notify(parts, 'reminder', kept.approval);
      return;
    }
    const after = passDeadline(kept.approval, parts.clock.now());
    const isEscalated = after.state === 'open';
    const type = isEscalated ? 'approval-escalated' : 'approval-expired';
    const told = { approval: id, deciders: [...decidersOf(after)], deadlineAt: after.deadlineAt };
    const record = newsRecord(parts, kept, after, [approvalEntry(parts, id, type, 'engine', told)]);
    const news: ApprovalNews = isEscalated
      ? { type: 'escalated', deadlineAt: after.deadlineAt }
      : { type: 'closed', outcome: 'expired', by: 'engine' };
    if ((await teller.tell(after, news, record)) === 'stale') continue;
    notify(parts, isEscalated ? 'escalated' : 'expired', after);
    return;
  }
}

/** Notes that nobody waits for an approval any more. */
export async function withdrawApproval(
  parts: ApprovalParts,
  id: string,
  because: string,
): Promise<void> {
  for (;;) {
    const kept = await findApproval(parts, id);
    if (kept === undefined || !['open', 'granted'].includes(kept.approval.state)) return;
    const after = voided(kept.approval, because, parts.clock.now());
    const told = { approval: id, because };
    try {
      await parts.committer.commit({
        entries: [approvalEntry(parts, id, 'approval-voided', 'engine', told)],
        registerRecords: [approvalRecord(parts, { ...kept, approval: after })],
      });
      notify(parts, 'voided', after);
      return;
    } catch (error) {
      if (!(error instanceof Failure) || error.code !== 'store.conflict') throw error;
    }
  }
}
