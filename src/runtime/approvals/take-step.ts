/**
 * One step that somebody takes with an approval: the policies in force decide whether they may, the rules
 * of approvals what it means, and both are written with what follows from it.
 *
 * INVARIANT: what somebody says and what follows from it for the execution are one write; of two who say
 * something at the same moment, the second is asked again about what the first left.
 */
import {
  type Approval,
  decidersOf,
  type Delegation,
  isInForce,
  isOver,
  lendersOf,
  rightOf,
  type Voter,
  type VoterDelegation,
  type VoteOutcome,
} from '../../core/governance/index.ts';
import { Failure } from '../../core/failure/index.ts';
import {
  type ActionId,
  describeAnswer,
  type Facts,
  personsBehind,
  type Principal,
  titlesOf,
} from '../../core/policy/index.ts';
import type { ApprovalNotice } from '../../ports/approval-notices.ts';
import type { NewEntry } from '../../ports/store.ts';
import { approvalEntry, type ApprovalParts } from './approval-parts.ts';
import { approvalOf, type KeptApproval, listDelegations } from './approval-records.ts';
import {
  type ApprovalNews,
  newsRecord,
  refusalFailure,
  replaced,
  type Teller,
  tendApproval,
} from './tend-approval.ts';

/** Who decides, and what tells executions of it. */
export interface Deciding {
  readonly parts: ApprovalParts;
  readonly teller: Teller;
  readonly principal: Principal;
}

const attemptsMax = 50;

/** Returns `principal` as one who decides about `approval`. */
export async function voterFor(
  { parts, principal }: Pick<Deciding, 'parts' | 'principal'>,
  { namespace, openedAt }: Pick<Approval, 'namespace' | 'openedAt'>,
  known?: readonly Delegation[],
): Promise<Voter> {
  const now = parts.clock.now();
  const all = known ?? (await listDelegations(parts));
  const persons = personsBehind(principal);
  const delegations: VoterDelegation[] = [];
  for (const one of all) {
    if (one.to !== principal.id || !isInForce(one, now)) continue;
    const from = await parts.principals.find(parts.tenant, one.from);
    delegations.push({
      id: one.id,
      from: one.from,
      // Whoever is there no more lends no right, and still is who they were.
      titles: from?.kind === 'user' ? titlesOf(from, namespace) : [],
      persons: from === undefined ? [one.from] : personsBehind(from),
    });
  }
  const lenders = persons.flatMap((person) => lendersOf(all, person, openedAt, now));
  const chain = [...persons, ...lenders, ...delegations.flatMap((one) => one.persons)];
  return {
    id: principal.id,
    isPerson: principal.kind === 'user',
    persons,
    chain: [...new Set(chain)].toSorted(),
    titles: titlesOf(principal, namespace),
    delegations,
  };
}

/** One step that somebody takes with an approval. */
export interface Step {
  readonly action: ActionId;
  readonly reason: string;
  /** The version of the approval that they have seen; absent: whatever it is. */
  readonly expects?: number;
  /** The digest of the effect that they have seen. */
  readonly digest?: string;
  /** Who decides, where it is not who decides at present. */
  deciders?(approval: Approval): readonly string[];
  /** Looks at what only the world says; throws. */
  check?(approval: Approval, after: Approval): Promise<void>;
  take(approval: Approval, voter: Voter, at: number): VoteOutcome | Promise<VoteOutcome>;
  entries(after: Approval, voter: Voter): readonly NewEntry[];
  news?(after: Approval, kept: KeptApproval): ApprovalNews | undefined;
  /** What stands in the record beside the approval afterwards. */
  given?(after: Approval, kept: KeptApproval): string | null;
  notice?(after: Approval): ApprovalNotice['event'] | undefined;
}

/** Returns what policies may know of an approval that `voter` does something with. */
export function factsOf(
  approval: Approval,
  voter: Voter,
  deciders: readonly string[],
  reason: string,
): Facts {
  const { stageOfLife, riskTier, involved } = approval;
  const right = rightOf(approval, voter);
  // A delegate decides in the place of somebody who is named.
  const isDelegate = !('code' in right) && right.delegation !== null;
  return {
    approvers: isDelegate ? [...deciders, `user:${voter.id}`] : deciders,
    involved,
    hasReason: reason.trim() !== '',
    ...(stageOfLife !== null && { stage: stageOfLife }),
    ...(riskTier !== null && { riskTier }),
  };
}

/** Asks the policies in force; throws `policy.denied`, with the refusal kept. Gives the entry of a yes. */
async function allow(
  { parts, principal }: Deciding,
  step: Step,
  approval: Approval,
  voter: Voter,
): Promise<readonly NewEntry[]> {
  const decider = await parts.policies.look();
  if (decider === 'built-in') return [];
  const { action, reason } = step;
  const deciders = step.deciders?.(approval) ?? decidersOf(approval);
  const decision = decider.decide({
    principal,
    action,
    resource: {
      type: 'Approval',
      id: approval.id,
      tenant: parts.tenant,
      namespace: approval.namespace,
    },
    situation: {
      ...(action === 'endorse' && { arguments: {} }),
      facts: factsOf(approval, voter, deciders, reason),
    },
  });
  await decider.keep(decision);
  const entry = decider.entryOf(decision);
  if (decision.answer.verdict === 'allow') return entry === undefined ? [] : [entry];
  if (entry !== undefined) await parts.committer.commit({ entries: [entry] });
  const reasons = describeAnswer(decision.answer);
  const needs = decision.answer.obligations.map(({ kind }) => kind);
  throw new Failure('policy.denied', `policy refuses to ${action}: ${reasons.join('; ')}`, {
    details: { verdict: decision.answer.verdict, reasons, needs, approval: approval.id },
  });
}

async function write(
  { parts, teller }: Deciding,
  step: Step,
  kept: KeptApproval,
  after: Approval,
  entries: readonly NewEntry[],
): Promise<'done' | 'stale'> {
  const event = step.notice?.(after);
  const notices = event === undefined ? [] : (parts.notices?.recordsOf(event, after) ?? []);
  const news = step.news?.(after, kept);
  const given = step.given?.(after, kept) ?? kept.given;
  const next: KeptApproval = { ...kept, given };
  if (news === undefined) {
    const isDone = await replaced(parts, { ...next, approval: after }, entries, notices);
    return isDone ? 'done' : 'stale';
  }
  const told = await teller.tell(after, news, newsRecord(parts, next, after, entries, notices));
  if (told === 'gone') {
    throw new Failure('approval.closed', 'its execution does not wait for it any more', {
      details: { approval: after.id },
    });
  }
  return told === 'told' ? 'done' : 'stale';
}

function assertSeen({ approval, version }: KeptApproval, { expects, digest }: Step): void {
  const isSeen = expects === undefined || expects === version;
  // A beginning is enough for people to compare.
  if (isSeen && (digest === undefined || approval.digest.startsWith(digest))) return;
  throw new Failure(
    'request.precondition-failed',
    `the approval \`${approval.id}\` is not as it was when you looked at it`,
    {
      details: { approval: approval.id, version },
      help: 'look at it again, then decide about what it is',
    },
  );
}

/** Takes a step with the approval `id`; gives the approval after it. */
export async function takeStep(deciding: Deciding, id: string, step: Step): Promise<Approval> {
  const { parts } = deciding;
  for (let attempt = 0; attempt < attemptsMax; attempt += 1) {
    const kept = await approvalOf(parts, id);
    assertSeen(kept, step);
    const { change, state } = kept.approval;
    // No execution wakes for the deadline of a change: it passes for whoever looks next.
    if (change !== undefined && state === 'open' && isOver(kept.approval, parts.clock.now())) {
      await tendApproval(parts, deciding.teller, id, 'deadline');
      continue;
    }
    const voter = await voterFor(deciding, kept.approval);
    const outcome = await step.take(kept.approval, voter, parts.clock.now());
    if (!outcome.isAllowed) {
      const { code, message } = outcome.refusal;
      const told = { approval: id, what: step.action, code, because: message };
      const entry = approvalEntry(parts, id, 'approval-refused', voter.id, told);
      await parts.committer.commit({ entries: [entry] });
      throw refusalFailure(outcome.refusal, id);
    }
    if (!outcome.isChanged) return outcome.approval;
    const decided = await allow(deciding, step, kept.approval, voter);
    const after = outcome.approval;
    await step.check?.(kept.approval, after);
    const entries = [...step.entries(after, voter), ...decided];
    if ((await write(deciding, step, kept, after, entries)) === 'stale') continue;
    return after;
  }
  throw new Failure('store.conflict', `the approval \`${id}\` changes all the time`);
}
