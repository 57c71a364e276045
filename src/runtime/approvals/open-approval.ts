/**
 * Opening an approval: the event that shows what is asked, and the record of who may decide. Both are
 * written together, under an id that follows from the run, so that opening twice is opening once.
 */
import type { ApprovalOpened, DecisionNote, Execution, TaskRun } from '../../core/engine/index.ts';
import {
  type Approval,
  type ApprovalTerms,
  changedParts,
  shownText,
  shownValue,
} from '../../core/governance/index.ts';
import {
  encodeValue,
  flatten,
  mapOf,
  type Marks,
  marksAt,
  plainMarks,
  type Value,
  type ValueMap,
} from '../../core/value/index.ts';
import type { NewEntry, RegisterRecord } from '../../ports/store.ts';
import { approvalEntry, type ApprovalParts } from './approval-parts.ts';
import { approvalRecord, findApproval, type KeptApproval } from './approval-records.ts';
import type { Binding } from './binding.ts';
import { involvedIn } from './involved.ts';

/** What an approval is opened with. */
export interface ApprovalDraft {
  readonly execution: Execution;
  readonly run: TaskRun;
  readonly type: string;
  readonly effect: ApprovalOpened['effect'];
  readonly binding: Binding;
  readonly terms: ApprovalTerms;
  readonly isBinding: boolean;
  /** The arguments as people may see them, secrets hidden. */
  readonly arguments: ValueMap;
  readonly marks: Marks;
  /** What the flow says of what is asked. */
  readonly preview?: ValueMap;
  readonly previewMarks?: Marks;
  readonly reasons: readonly string[];
  readonly decision?: DecisionNote;
  readonly version: string;
  readonly stageOfLife: string | null;
  readonly riskTier: string | null;
  /** Values that another rendering would not give again. */
  readonly held: ValueMap;
  /** One that was granted for something that has changed since. */
  readonly replaces?: KeptApproval;
}

/** An event that opens an approval, with what is written together with it. */
export interface Opening {
  readonly event: Omit<ApprovalOpened, 'at'>;
  readonly entries: readonly NewEntry[];
  readonly registerRecords: readonly RegisterRecord[];
  isCurrent(): Promise<boolean>;
}

/** Returns the id of the approval of a run that was opened as its `ordinal`-th. */
export function approvalId(run: TaskRun, ordinal: number): string {
  return `${run.id}-${ordinal}`;
}

/** Tells whether a run waited for people whom plain resuming does not replace. */
export async function isBindingWait(
  parts: Pick<ApprovalParts, 'store' | 'tenant'>,
  run: TaskRun,
): Promise<boolean> {
  for (let ordinal = run.approvals; ordinal > 0; ordinal -= 1) {
    const kept = await findApproval(parts, approvalId(run, ordinal));
    if (kept?.approval.isBinding === true) return true;
  }
  return false;
}

/** Returns `approval` as one that nobody waits for any more. */
export function voided(approval: Approval, because: string, at: number): Approval {
  return { ...approval, state: 'voided', closedAt: at, closedBecause: because };
}

/** Returns the arguments that somebody vouched for in `before` and that are the same by now. */
function stillVouched({ parts }: Binding, before: KeptApproval | undefined): readonly string[] {
  if (before === undefined) return [];
  const { endorsed, vouched, parts: old } = before.approval;
  const isSame = (part: string): boolean => parts[part] !== undefined && parts[part] === old[part];
  return [...new Set([...endorsed, ...vouched])].filter(
    (name) => isSame(`argument ${name}`) && isSame(`origin of ${name}`),
  );
}

/** Why an approval that was granted is asked for anew. */
function whyAnew({ approval }: KeptApproval, changed: readonly string[]): string {
  if (changed.length > 0) return `it has changed since: ${changed.join(', ')}`;
  const isVouchedFor = approval.endorsed.length > 0;
  return isVouchedFor ? 'values were vouched for, and more is asked' : 'its time is over';
}

/** Shows where each argument comes from, beside its value. */
function withOrigins(shown: ValueMap, marks: Marks): ValueMap {
  const rows = Object.entries(shown).map(([name, value]) => {
    const { trust, classes } = flatten(marksAt(marks, name));
    const origin = mapOf({ trust, classes: classes.map((one) => one.name) });
    return [name, trust === 'trusted' && classes.length === 0 ? value : mapOf({ value, origin })];
  });
  return mapOf(Object.fromEntries(rows) as Record<string, Value>);
}

/** Returns the opening of an approval. */
export async function openApproval(parts: ApprovalParts, draft: ApprovalDraft): Promise<Opening> {
  const { clock, cipher } = parts;
  const { execution, run, binding, terms, replaces } = draft;
  const { flow } = execution;
  const id = approvalId(run, run.approvals + 1);
  const now = clock.now();
  const deadlineAt = terms.deadlineMs === null ? null : now + terms.deadlineMs;
  const involved = await involvedIn(parts, execution);
  const title = `run \`${draft.type}\` as \`${run.task.id}\` of \`${flow.namespace}/${flow.id}\``;
  const approval: Approval = {
    id,
    executionId: execution.id,
    taskRunId: run.id,
    taskId: run.task.id,
    taskType: draft.type,
    namespace: flow.namespace,
    flowId: flow.id,
    revision: execution.revision,
    title,
    digest: binding.digest,
    parts: binding.parts,
    isBinding: draft.isBinding,
    terms,
    stage: 0,
    isEscalated: false,
    requester: execution.by ?? 'engine',
    involved,
    state: 'open',
    votes: [],
    claimedBy: null,
    claimedUntil: null,
    form: null,
    openedAt: now,
    deadlineAt,
    remindedAt: null,
    closedAt: null,
    closedBecause: null,
    endorsed: [],
    vouched: stillVouched(binding, replaces),
    brokenGlass: null,
    usedFor: null,
    version: draft.version,
    riskTier: draft.riskTier,
    stageOfLife: draft.stageOfLife,
  };
  const digest = (text: string): string => cipher.keyedDigest(text);
  const held =
    Object.keys(draft.held).length === 0 ? null : cipher.encrypt(encodeValue(draft.held));
  const registerRecords = [
    approvalRecord(parts, { approval, held, given: null, version: 0 }),
    ...(parts.notices?.recordsOf('opened', approval) ?? []),
  ];
  const entries: NewEntry[] = [];
  const changed =
    replaces === undefined ? [] : changedParts(replaces.approval.parts, binding.parts);
  if (replaces !== undefined) {
    const why = whyAnew(replaces, changed);
    const before = voided(replaces.approval, why, now);
    registerRecords.push(approvalRecord(parts, { ...replaces, approval: before }));
    const told = { approval: before.id, because: why, changed, by: id };
    entries.push(approvalEntry(parts, before.id, 'approval-voided', 'engine', told));
  }
  return {
    event: {
      type: 'approval-opened',
      taskRunId: run.id,
      approval: id,
      isBinding: draft.isBinding,
      ...(deadlineAt !== null && {
        deadlineAt,
        reminderAt: now + Math.floor((terms.deadlineMs ?? 0) / 2),
      }),
      ...(draft.decision !== undefined && { decision: draft.decision }),
      digest: binding.digest,
      parts: mapOf({ ...binding.parts }),
      effect: draft.effect,
      taskType: draft.type,
      title,
      ...(draft.preview !== undefined && {
        preview: shownValue(draft.preview, digest) as ValueMap,
      }),
      ...(draft.previewMarks !== undefined &&
        draft.previewMarks !== plainMarks && { previewMarks: draft.previewMarks }),
      reasons: draft.reasons.map((one) => shownText(one, digest)),
      arguments: withOrigins(shownValue(draft.arguments, digest) as ValueMap, draft.marks),
      ...(draft.marks !== plainMarks && { argumentsMarks: draft.marks }),
      terms: terms as unknown as ValueMap,
      involved,
      ...(replaces !== undefined && {
        replaces: mapOf({ approval: replaces.approval.id, changed: [...changed] }),
      }),
    },
    entries,
    registerRecords,
    isCurrent: async () => {
      const before =
        replaces === undefined ? undefined : await findApproval(parts, replaces.approval.id);
      return (await findApproval(parts, id)) === undefined && before?.version === replaces?.version;
    },
  };
}
