/**
 * The door of changes that people make: a move of a flow, a deployment. A no that names an approval opens
 * it; whoever asked asks again once it is granted, and it is used up in the write of the change.
 *
 * INVARIANT: an approval lets through exactly the change that was shown, asked for by the same person and
 * under the same policies, and once.
 */
import {
  type Approval,
  type ApprovalTerms,
  changedParts,
  shownText,
  shownValue,
  termsOf,
} from '../../core/governance/index.ts';
import { Failure } from '../../core/failure/index.ts';
import {
  type ActionId,
  type ApprovalObligation,
  type Answer,
  denialOf,
  describeAnswer,
  type Facts,
  type MetObligation,
  personsBehind,
  type Principal,
  type Question,
  type ResourceType,
} from '../../core/policy/index.ts';
import { type Value, type ValueMap, mapOf } from '../../core/value/index.ts';
import type { NewEntry, RegisterRecord } from '../../ports/store.ts';
import type { Decider, Decision } from '../policy/index.ts';
import type { RegisterWork } from '../registers/index.ts';
import { approvalEntry, type ApprovalParts } from './approval-parts.ts';
import {
  approvalKeys,
  approvalKind,
  approvalRecord,
  type KeptApproval,
  listApprovals,
} from './approval-records.ts';
import { voided } from './open-approval.ts';
import { type Teller, tendApproval } from './tend-approval.ts';

/** Throws `policy.denied` unless `answer` is a yes. The policies themselves are not loaded for that. */
function assertYes(answer: Answer, what: string): void {
  const denial = denialOf(answer, what);
  if (denial !== undefined) throw denial;
}

/** A change that somebody wants to make. */
export interface ChangeRequest {
  readonly principal: Principal;
  readonly action: ActionId;
  readonly resource: {
    readonly type: ResourceType;
    readonly id: string;
    readonly namespace: string;
  };
  readonly flowId: string;
  readonly revision: number;
  readonly facts: Facts;
  /** What is asked, without anything of a value: `the move of …`. */
  readonly what: string;
  /** What an approval binds to besides who asks and the policies: texts by name. */
  readonly parts: Readonly<Record<string, string>>;
  /** What those see who decide. */
  readonly shown: ValueMap;
}

/** The use of the approval that a change rests on, in the write of the change. */
export type ChangeUse = (work: RegisterWork) => Promise<void>;

/** How long a granted approval may be used. */
const grantMs = 24 * 3_600_000;
const attemptsMax = 20;

function changeKey({ action, resource }: Pick<ChangeRequest, 'action' | 'resource'>): string {
  return `${action} ${resource.type} ${resource.id}`;
}

function approvalsIn({ answer }: Decision): readonly ApprovalObligation[] {
  return answer.obligations.filter((one) => one.kind === 'approval');
}

function metBy({ id, terms }: Approval): readonly MetObligation[] {
  return terms.stages
    .flat()
    .flatMap(({ policy }) => (policy === null ? [] : [{ policy, kind: 'approval', by: id }]));
}

interface Bound {
  readonly digest: string;
  readonly parts: Readonly<Record<string, string>>;
}

function bindingOf(
  { cipher }: ApprovalParts,
  { principal, action, resource, parts }: ChangeRequest,
  { note }: Decision,
): Bound {
  const texts = {
    ...parts,
    change: `${action} ${resource.type} ${resource.id}`,
    policies: note.version,
    requester: personsBehind(principal).join(' '),
  };
  const rows = Object.entries(texts)
    .map(([name, text]) => [name, cipher.keyedDigest(text)] as const)
    .toSorted(([a], [b]) => (a < b ? -1 : 1));
  return { digest: cipher.keyedDigest(JSON.stringify(rows)), parts: Object.fromEntries(rows) };
}

/** Returns everybody in the chain, with all of those they act for. */
async function chainOf(
  { principals, tenant }: ApprovalParts,
  { principal, facts }: ChangeRequest,
): Promise<readonly string[]> {
  const all = new Set([...personsBehind(principal), ...(facts.involved ?? [])]);
  for (const handle of facts.involved ?? []) {
    const found = await principals.find(tenant, handle);
    if (found !== undefined) for (const one of personsBehind(found)) all.add(one);
  }
  return [...all].toSorted();
}

function draft(
  parts: ApprovalParts,
  request: ChangeRequest,
  decision: Decision,
  bound: Bound,
  place: { readonly id: string; readonly involved: readonly string[] },
): Approval {
  const now = parts.clock.now();
  const terms: ApprovalTerms = termsOf(approvalsIn(decision));
  const { action, resource, facts, what, revision, flowId, principal } = request;
  return {
    id: place.id,
    change: changeKey(request),
    executionId: '',
    taskRunId: '',
    taskId: '',
    taskType: action,
    namespace: resource.namespace,
    flowId,
    revision,
    title: what,
    digest: bound.digest,
    parts: bound.parts,
    isBinding: true,
    terms,
    stage: 0,
    isEscalated: false,
    requester: principal.id,
    involved: place.involved,
    state: 'open',
    votes: [],
    claimedBy: null,
    claimedUntil: null,
    form: null,
    openedAt: now,
    deadlineAt: terms.deadlineMs === null ? null : now + terms.deadlineMs,
    remindedAt: null,
    closedAt: null,
    closedBecause: null,
    endorsed: [],
    vouched: [],
    brokenGlass: null,
    usedFor: null,
    version: decision.note.version,
    riskTier: facts.riskTier ?? null,
    stageOfLife: facts.stage ?? null,
  };
}

/** Opens an approval in place of those of the same person that bind to something else. */
async function open(
  parts: ApprovalParts,
  decider: Decider,
  request: ChangeRequest,
  decision: Decision,
  bound: Bound,
  before: readonly KeptApproval[],
): Promise<Approval> {
  const { cipher, clock, committer } = parts;
  const ordinal = before.length + 1;
  const name = cipher.keyedDigest(changeKey(request)).replaceAll(/[^a-zA-Z0-9]/g, '');
  const id = `change-${name.slice(0, 12)}-${ordinal}`;
  const involved = await chainOf(parts, request);
  const approval = draft(parts, request, decision, bound, { id, involved });
  const keyed = (text: string): string => cipher.keyedDigest(text);
  const registerRecords: RegisterRecord[] = [
    approvalRecord(parts, { approval, held: null, given: null, version: 0 }),
    ...(parts.notices?.recordsOf('opened', approval) ?? []),
  ];
  const entries: NewEntry[] = [];
  const stale = before.filter(
    (one) =>
      one.approval.requester === approval.requester &&
      (one.approval.state === 'open' || one.approval.state === 'granted'),
  );
  const changed = stale.flatMap((one) => changedParts(one.approval.parts, bound.parts));
  for (const one of stale) {
    const because = `it has changed since: ${changed.join(', ') || 'its time is over'}`;
    const after = voided(one.approval, because, clock.now());
    registerRecords.push(approvalRecord(parts, { ...one, approval: after }));
    const told = { approval: after.id, because, changed, by: id };
    entries.push(approvalEntry(parts, after.id, 'approval-voided', 'engine', told));
  }
  const reasons = describeAnswer(decision.answer).map((one) => shownText(one, keyed));
  entries.push(
    approvalEntry(parts, id, 'approval-opened', approval.requester, {
      approval: id,
      title: approval.title,
      reasons,
      arguments: shownValue(request.shown, keyed) as ValueMap,
      digest: bound.digest,
      parts: mapOf({ ...bound.parts }),
      terms: approval.terms as unknown as Value,
      involved: [...involved],
      ...(stale.length > 0 && {
        replaces: mapOf({ approval: stale[0]?.approval.id ?? '', changed }),
      }),
    }),
  );
  await decider.keep(decision);
  const decided = decider.entryOf(decision);
  if (decided !== undefined) entries.push(decided);
  await committer.commit({ entries, registerRecords });
  parts.notices?.wake();
  return approval;
}

function useOf({ approval, version }: KeptApproval, request: ChangeRequest): ChangeUse {
  return async (work) => {
    const now = await work.read<Approval>(approvalKind, approval.id);
    if (now?.state !== 'granted' || now.digest !== approval.digest) {
      throw new Failure('approval.closed', 'the approval was used already, or is void', {
        details: { approval: approval.id, version },
      });
    }
    const used: Approval = { ...now, state: 'used', usedFor: changeKey(request) };
    const { parts: _gone, ...rest } = used;
    await work.put(
      approvalKind,
      approval.id,
      { ...rest, parts: {}, held: null, given: null },
      approvalKeys(used),
    );
    work.enter({
      stream: `approval:${approval.id}`,
      type: 'approval-used',
      actor: request.principal.id,
      payload: { approval: approval.id, digest: approval.digest, change: changeKey(request) },
    });
  };
}

/** Returns the failure of a change that waits for people. */
function pending({ id, title }: Approval, deciders: readonly string[]): Failure {
  return new Failure(
    'approval.pending',
    `${title} waits for people: ${deciders.map((one) => `\`${one}\``).join(', ')} decide about \`${id}\``,
    { details: { approval: id, deciders }, help: 'ask for the same once more when it is granted' },
  );
}

function decidersIn(decision: Decision): readonly string[] {
  const names = approvalsIn(decision).flatMap(({ approvers }) =>
    approvers.map(({ kind, name }) => `${kind}:${name}`),
  );
  return [...new Set(names)].toSorted();
}

/**
 * Asks about a change. Gives the use of the approval that it rests on, undefined where it needs none.
 * Throws `policy.denied`, and `approval.pending` for one that waits for people.
 */
export async function askForChange(
  parts: ApprovalParts,
  request: ChangeRequest,
): Promise<ChangeUse | undefined> {
  const decider = await parts.policies.look();
  if (decider === 'built-in') return undefined;
  const { principal, action, resource, facts, what } = request;
  const question: Question = {
    principal,
    action,
    resource: { ...resource, tenant: parts.tenant },
    situation: { facts },
  };
  const keepEntry = async (decision: Decision): Promise<void> => {
    const entry = decider.entryOf(decision);
    if (entry === undefined) return;
    await decider.keep(decision);
    await parts.committer.commit({ entries: [entry] });
  };
  for (let attempt = 1; ; attempt += 1) {
    const first = decider.decide(question);
    const { verdict, obligations } = first.answer;
    const isForPeople =
      verdict === 'obliged' && obligations.every(({ kind }) => kind === 'approval');
    if (!isForPeople) {
      await keepEntry(first);
      assertYes(first.answer, what);
      return undefined;
    }
    const bound = bindingOf(parts, request, first);
    const all = await listApprovals(parts, { change: changeKey(request) });
    const now = parts.clock.now();
    const standing = all.find(
      ({ approval }) => approval.digest === bound.digest && isStanding(approval, now),
    );
    if (standing?.approval.state === 'granted') {
      const settled = decider.decide(question, metBy(standing.approval));
      await keepEntry(settled);
      assertYes(settled.answer, what);
      return useOf(standing, request);
    }
    if (standing !== undefined) throw pending(standing.approval, decidersIn(first));
    try {
      throw pending(await open(parts, decider, request, first, bound, all), decidersIn(first));
    } catch (error) {
      const isRace = error instanceof Failure && error.code === 'store.conflict';
      if (!isRace || attempt >= attemptsMax) throw error;
    }
  }
}

function isStanding({ state, deadlineAt, closedAt }: Approval, now: number): boolean {
  if (state === 'open') return deadlineAt === null || now < deadlineAt;
  return state === 'granted' && now < (closedAt ?? 0) + grantMs;
}

/** Returns what tells of approvals: those of runs to their executions; nobody waits for those of changes. */
export function tellerOfAll(parts: ApprovalParts, runs: Teller): Teller {
  return {
    async check(approval, inputs) {
      if (approval.executionId !== '') await runs.check(approval, inputs);
    },
    async tell(approval, news, record) {
      if (approval.executionId !== '') return runs.tell(approval, news, record);
      try {
        const { entries, registerRecords } = record;
        await parts.committer.commit({ entries, registerRecords });
        return 'told';
      } catch (error) {
        if (error instanceof Failure && error.code === 'store.conflict') return 'stale';
        throw error;
      }
    },
  };
}

/** Closes or escalates approvals of changes whose deadline has passed. */
export async function tendChanges(parts: ApprovalParts, teller: Teller): Promise<void> {
  const now = parts.clock.now();
  for (const { approval } of await listApprovals(parts, { state: 'open' })) {
    const isOver = approval.deadlineAt !== null && approval.deadlineAt <= now;
    if (approval.change === undefined || !isOver) continue;
    await tendApproval(parts, teller, approval.id, 'deadline');
  }
}
