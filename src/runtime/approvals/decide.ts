/**
 * What people do with an approval: say yes or no, take it on, vouch for one value, break the glass. The
 * policies in force decide whether they may, the rules of approvals what it means.
 *
 * INVARIANT: what somebody says and what follows from it for the execution are one write; of two who say
 * something at the same moment, the second is asked again about what the first left.
 */
import {
  type Approval,
  breakGlass,
  claim,
  decidersOf,
  endorse,
  examineGlass,
  isInForce,
  vote,
  type Voter,
  type VoterDelegation,
  type VoteOutcome,
  type VoteVerdict,
} from '../../core/governance/index.ts';
import { Failure } from '../../core/failure/index.ts';
import {
  type ActionId,
  describeAnswer,
  personsBehind,
  type Principal,
  titlesOf,
} from '../../core/policy/index.ts';
import type { Value } from '../../core/value/index.ts';
import type { NewEntry } from '../../ports/store.ts';
import { approvalEntry, type ApprovalParts } from './approval-parts.ts';
import {
  approvalOf,
  approvalRecord,
  type KeptApproval,
  listDelegations,
} from './approval-records.ts';
import {
  type ApprovalNews,
  newsRecord,
  notify,
  refusalFailure,
  type Teller,
  tendApproval,
} from './tend-approval.ts';

/** Who decides, and what tells executions of it. */
export interface Deciding {
  readonly parts: ApprovalParts;
  readonly teller: Teller;
  readonly principal: Principal;
}

/** What somebody says, with the values of the form. */
export interface Said {
  readonly verdict: VoteVerdict;
  readonly reason: string;
  readonly inputs?: Readonly<Record<string, Value>>;
}

const attemptsMax = 50;

async function delegationsTo(
  { parts, principal }: Deciding,
  namespace: string,
): Promise<readonly VoterDelegation[]> {
  const now = parts.clock.now();
  const found: VoterDelegation[] = [];
  for (const one of await listDelegations(parts, principal.id)) {
    if (!isInForce(one, now)) continue;
    const from = await parts.principals.find(parts.tenant, one.from);
    found.push({
      id: one.id,
      from: one.from,
      // Whoever is there no more lends no right, and still is who they were.
      titles: from === undefined ? [] : titlesOf(from, namespace),
      persons: from === undefined ? [one.from] : personsBehind(from),
    });
  }
  return found;
}

async function voterFor(deciding: Deciding, { namespace }: Approval): Promise<Voter> {
  const { principal } = deciding;
  return {
    id: principal.id,
    isPerson: principal.kind === 'user',
    persons: personsBehind(principal),
    titles: titlesOf(principal, namespace),
    delegations: await delegationsTo(deciding, namespace),
  };
}

/** Asks the policies in force; throws `policy.denied`, with the refusal kept. Gives the entry of a yes. */
async function allow(
  { parts, principal }: Deciding,
  action: ActionId,
  approval: Approval,
  voter: Voter,
  reason: string,
): Promise<readonly NewEntry[]> {
  const decider = await parts.policies.look();
  if (decider === 'built-in') return [];
  // A delegate decides in the place of somebody who is named.
  const own = voter.delegations.length > 0 ? [`user:${voter.id}`] : [];
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
      facts: {
        approvers: [...decidersOf(approval), ...own],
        involved: approval.involved,
        hasReason: reason.trim() !== '',
        ...(approval.stageOfLife !== null && { stage: approval.stageOfLife }),
        ...(approval.riskTier !== null && { riskTier: approval.riskTier }),
      },
    },
  });
  await decider.keep(decision);
  const entry = decider.entryOf(decision);
  if (decision.answer.verdict === 'allow') return entry === undefined ? [] : [entry];
  if (entry !== undefined) await parts.committer.commit({ entries: [entry] });
  const reasons = describeAnswer(decision.answer);
  throw new Failure('policy.denied', `policy refuses to ${action}: ${reasons.join('; ')}`, {
    details: { verdict: decision.answer.verdict, reasons, approval: approval.id },
  });
}

/** One step that somebody takes with an approval. */
interface Step {
  readonly action: ActionId;
  readonly reason: string;
  take(approval: Approval, voter: Voter, at: number): VoteOutcome;
  entries(after: Approval, voter: Voter): readonly NewEntry[];
  news(after: Approval): ApprovalNews | undefined;
  afterwards?(after: Approval): void;
}

async function write(
  { parts, teller }: Deciding,
  kept: KeptApproval,
  after: Approval,
  entries: readonly NewEntry[],
  news: ApprovalNews | undefined,
): Promise<'done' | 'stale'> {
  if (news !== undefined) {
    const told = await teller.tell(after, news, newsRecord(parts, kept, after, entries));
    if (told === 'gone') {
      throw new Failure('approval.closed', 'its execution does not wait for it any more', {
        details: { approval: after.id },
      });
    }
    return told === 'told' ? 'done' : 'stale';
  }
  try {
    await parts.committer.commit({
      entries,
      registerRecords: [approvalRecord(parts, { ...kept, approval: after })],
    });
    return 'done';
  } catch (error) {
    if (error instanceof Failure && error.code === 'store.conflict') return 'stale';
    throw error;
  }
}

async function take(deciding: Deciding, id: string, step: Step): Promise<Approval> {
  const { parts } = deciding;
  for (let attempt = 0; attempt < attemptsMax; attempt += 1) {
    const kept = await approvalOf(parts, id);
    const { change, state, deadlineAt } = kept.approval;
    const isOver = state === 'open' && deadlineAt !== null && deadlineAt <= parts.clock.now();
    // No execution wakes for the deadline of a change: it passes for whoever looks next.
    if (change !== undefined && isOver) {
      await tendApproval(parts, deciding.teller, id, 'deadline');
      continue;
    }
    const voter = await voterFor(deciding, kept.approval);
    const outcome = step.take(kept.approval, voter, parts.clock.now());
    if (!outcome.isAllowed) {
      const { code, message } = outcome.refusal;
      const told = { approval: id, what: step.action, code, because: message };
      const entry = approvalEntry(parts, id, 'approval-refused', voter.id, told);
      await parts.committer.commit({ entries: [entry] });
      throw refusalFailure(outcome.refusal, id);
    }
    if (!outcome.isChanged) return outcome.approval;
    const decided = await allow(deciding, step.action, kept.approval, voter, step.reason);
    const after = outcome.approval;
    const entries = [...step.entries(after, voter), ...decided];
    if ((await write(deciding, kept, after, entries, step.news(after))) === 'stale') continue;
    step.afterwards?.(after);
    return after;
  }
  throw new Failure('store.conflict', `the approval \`${id}\` changes all the time`);
}

function decided(after: Approval, by: string): ApprovalNews | undefined {
  switch (after.state) {
    case 'granted':
    case 'rejected':
    case 'returned': {
      const reason = after.closedBecause;
      return { type: 'closed', outcome: after.state, by, ...(reason !== null && { reason }) };
    }
    default:
      return undefined;
  }
}

function tellClosed(parts: ApprovalParts, after: Approval): void {
  const { state } = after;
  if (state === 'granted' || state === 'rejected' || state === 'returned') {
    notify(parts, state, after);
  }
}

/** Approves, rejects or sends back; the same said twice is said once. */
export function castVote(deciding: Deciding, id: string, said: Said): Promise<Approval> {
  const { parts, principal } = deciding;
  const { verdict, reason, inputs } = said;
  return take(deciding, id, {
    action: 'approve',
    reason,
    take: (approval, voter, at) => vote(approval, voter, { verdict, reason }, at),
    entries: (after, voter) => [
      approvalEntry(parts, id, 'approval-decided', voter.id, {
        approval: id,
        verdict,
        reason,
        state: after.state,
        stage: after.votes.at(-1)?.stage ?? 0,
        titles: [...(after.votes.at(-1)?.titles ?? [])],
        delegation: after.votes.at(-1)?.delegation ?? null,
        digest: after.digest,
        execution: after.executionId,
      }),
    ],
    news: (after) => {
      const news = decided(after, principal.id);
      return news?.type === 'closed' && inputs !== undefined ? { ...news, inputs } : news;
    },
    afterwards: (after) => tellClosed(parts, after),
  });
}

/** Takes an approval on, so that others leave it, or gives it back. */
export function claimApproval(deciding: Deciding, id: string, isTaken: boolean): Promise<Approval> {
  const { parts } = deciding;
  return take(deciding, id, {
    action: 'claim',
    reason: '',
    take: (approval, voter) => claim(approval, voter, isTaken),
    entries: (_after, voter) => [
      approvalEntry(parts, id, isTaken ? 'approval-claimed' : 'approval-unclaimed', voter.id, {
        approval: id,
      }),
    ],
    news: () => undefined,
  });
}

/** Vouches for the values of some arguments; what asked for the approval is asked again. */
export function endorseValues(
  deciding: Deciding,
  id: string,
  said: { readonly names: readonly string[]; readonly reason: string },
): Promise<Approval> {
  const { parts, principal } = deciding;
  return take(deciding, id, {
    action: 'endorse',
    reason: said.reason,
    take: (approval, voter, at) => endorse(approval, voter, said, at),
    entries: (after, voter) => [
      approvalEntry(parts, id, 'value-endorsed', voter.id, {
        approval: id,
        names: [...said.names],
        digests: said.names.map((name) => after.parts[`argument ${name}`] ?? ''),
        reason: said.reason,
        execution: after.executionId,
      }),
    ],
    news: (after) => decided(after, principal.id),
    afterwards: (after) => tellClosed(parts, after),
  });
}

/** Goes on without the approvers; a second person examines it afterwards, and an incident is opened. */
export function breakTheGlass(deciding: Deciding, id: string, reason: string): Promise<Approval> {
  const { parts, principal } = deciding;
  return take(deciding, id, {
    action: 'break-glass',
    reason,
    take: (approval, voter, at) => breakGlass(approval, voter, reason, at),
    entries: (after, voter) => {
      const about = {
        approval: id,
        execution: after.executionId,
        reason,
        reviewDueAt: after.brokenGlass?.reviewDueAt ?? 0,
      };
      return [
        approvalEntry(parts, id, 'glass-broken', voter.id, { ...about, digest: after.digest }),
        {
          ...approvalEntry(parts, id, 'incident-opened', voter.id, {
            ...about,
            incident: `glass-${id}`,
            kind: 'break-glass',
            title: after.title,
          }),
          stream: `incident:glass-${id}`,
        },
      ];
    },
    news: (after) => decided(after, principal.id),
    afterwards: (after) => notify(parts, 'glass-broken', after),
  });
}

/** Notes what a second person found who examined a broken glass. */
export function examineBrokenGlass(
  deciding: Deciding,
  id: string,
  said: { readonly isAccepted: boolean; readonly note: string },
): Promise<Approval> {
  const { parts } = deciding;
  return take(deciding, id, {
    action: 'approve',
    reason: said.note,
    take: (approval, voter, at) => examineGlass(approval, voter, said, at),
    entries: (_after, voter) => [
      approvalEntry(parts, id, 'glass-examined', voter.id, { approval: id, ...said }),
    ],
    news: () => undefined,
  });
}
