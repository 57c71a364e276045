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
  isUnexamined,
  passDeadline,
  type Refusal,
} from '../../core/governance/index.ts';
import { Failure } from '../../core/failure/index.ts';
import type { Value } from '../../core/value/index.ts';
import type { NewEntry, RegisterRecord } from '../../ports/store.ts';
import { approvalEntry, type ApprovalParts } from './approval-parts.ts';
import {
  approvalRecord,
  findApproval,
  type KeptApproval,
  listApprovals,
  readPending,
} from './approval-records.ts';
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
  /** Throws `input.invalid` when the form of what waits would not take `inputs`. */
  check(
    approval: Pick<Approval, 'executionId' | 'taskRunId'>,
    inputs: Readonly<Record<string, Value>>,
  ): Promise<void>;
  tell(
    approval: Pick<Approval, 'id' | 'executionId' | 'taskRunId'>,
    news: ApprovalNews,
    record: NewsRecord,
  ): Promise<Told>;
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
      if (kept.approval.remindedAt !== null || (await isReminded(parts, kept))) return;
      continue;
    }
    const after = passDeadline(kept.approval, parts.clock.now());
    const isEscalated = after.state === 'open';
    const type = isEscalated ? 'approval-escalated' : 'approval-expired';
    const told = { approval: id, deciders: [...decidersOf(after)], deadlineAt: after.deadlineAt };
    const record = newsRecord(
      parts,
      kept,
      after,
      [approvalEntry(parts, id, type, 'engine', told)],
      parts.notices?.recordsOf(isEscalated ? 'escalated' : 'expired', after),
    );
    const news: ApprovalNews = isEscalated
      ? { type: 'escalated', deadlineAt: after.deadlineAt }
      : { type: 'closed', outcome: 'expired', by: 'engine' };
    if ((await teller.tell(after, news, record)) === 'stale') continue;
    parts.notices?.wake();
    return;
  }
}

/** Writes `entries` and the records of `after`; false when somebody else has replaced `kept` meanwhile. */
export async function replaced(
  parts: ApprovalParts,
  kept: KeptApproval,
  entries: readonly NewEntry[],
  more: readonly RegisterRecord[] = [],
): Promise<boolean> {
  try {
    await parts.committer.commit({
      entries,
      registerRecords: [approvalRecord(parts, kept), ...more],
    });
    parts.notices?.wake();
    return true;
  } catch (error) {
    if (error instanceof Failure && error.code === 'store.conflict') return false;
    throw error;
  }
}

/** Reminds of an approval: once, whoever else does the same or did before. */
async function isReminded(parts: ApprovalParts, kept: KeptApproval): Promise<boolean> {
  const { id } = kept.approval;
  const after = { ...kept.approval, remindedAt: parts.clock.now() };
  const told = { approval: id, deciders: [...decidersOf(after)] };
  const entry = approvalEntry(parts, id, 'approval-reminded', 'engine', told);
  return replaced(
    parts,
    { ...kept, approval: after },
    [entry],
    parts.notices?.recordsOf('reminder', after),
  );
}

/** Notes which broken glasses nobody has examined in time; each once. */
export async function noteUnexamined(parts: ApprovalParts): Promise<void> {
  const now = parts.clock.now();
  for (const kept of await listApprovals(parts, { isUnexamined: true })) {
    const { approval } = kept;
    const { brokenGlass } = approval;
    if (brokenGlass === null || brokenGlass.isOverdue || !isUnexamined(approval, now)) continue;
    const after = { ...approval, brokenGlass: { ...brokenGlass, isOverdue: true } };
    const told = { approval: approval.id, by: brokenGlass.by, dueAt: brokenGlass.reviewDueAt };
    const entry = approvalEntry(parts, approval.id, 'glass-unexamined', 'engine', told);
    const incident = `incident:${incidentOf(approval.id)}`;
    await replaced(
      parts,
      { ...kept, approval: after },
      [entry, { ...entry, stream: incident, type: 'incident-escalated' }],
      parts.notices?.recordsOf('glass-unexamined', after),
    );
  }
}

/** Returns the id of the incident that breaking the glass of an approval is. */
export function incidentOf(approval: string): string {
  return `glass-${approval}`;
}

/** Returns what is written together with the end of a run that waited for an approval; undefined when nothing is to be. */
export async function withdrawal(
  parts: ApprovalParts,
  id: string,
  because: string,
  /** One that comes to be, or is replaced, in the same write. */
  pending?: RegisterRecord,
): Promise<Pick<NewsRecord, 'entries' | 'registerRecords'> | undefined> {
  const kept = pending === undefined ? await findApproval(parts, id) : readPending(pending);
  if (kept === undefined || !['open', 'granted'].includes(kept.approval.state)) return undefined;
  const after = voided(kept.approval, because, parts.clock.now());
  const told = { approval: id, because };
  return {
    entries: [approvalEntry(parts, id, 'approval-voided', 'engine', told)],
    registerRecords: [
      approvalRecord(parts, { ...kept, approval: after }),
      ...(parts.notices?.recordsOf('voided', after) ?? []),
    ],
  };
}
