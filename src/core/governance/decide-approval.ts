/**
 * The rules of approvals: whose voice counts, when enough was said, what a deadline does.
 *
 * INVARIANT: nobody in the chain of an effect (who asked for it, who wrote the revision, whoever they act
 * for, whoever acts for them, their delegates) decides about it; a deadline never approves.
 */
import type { ApproverRule } from '../policy/index.ts';
import type { Approval, ApprovalRequirement, ApprovalVote, VoteVerdict } from './approval.ts';

/** Somebody who lets another decide in their place, for a time. */
export interface VoterDelegation {
  readonly id: string;
  readonly from: string;
  /** The titles of whoever delegated, where the approval belongs. */
  readonly titles: readonly string[];
  /** Everybody who answers for what they do. */
  readonly persons: readonly string[];
}

/** Somebody who wants to decide. */
export interface Voter {
  readonly id: string;
  readonly isPerson: boolean;
  /** Themselves and those they act for. */
  readonly persons: readonly string[];
  /** `role:…`, `group:…`, `user:…`, where the approval belongs. */
  readonly titles: readonly string[];
  /** Delegations to them that are in force. */
  readonly delegations: readonly VoterDelegation[];
}

/** Why somebody may not decide. */
export interface Refusal {
  readonly code:
    | 'approval.closed'
    | 'approval.own'
    | 'approval.not-yours'
    | 'approval.claimed'
    | 'approval.reason-missing';
  readonly message: string;
}

/** What becomes of an approval by what somebody said. */
export type VoteOutcome =
  | { readonly isAllowed: true; readonly approval: Approval; readonly isChanged: boolean }
  | { readonly isAllowed: false; readonly refusal: Refusal };

function refuse(code: Refusal['code'], message: string): VoteOutcome {
  return { isAllowed: false, refusal: { code, message } };
}

/** Returns the text by which a rule names people. */
export function titleOf({ kind, name }: ApproverRule): string {
  return `${kind}:${name}`;
}

function overlap(one: readonly string[], other: readonly string[]): boolean {
  return one.some((name) => other.includes(name));
}

/** Returns those whom `approval` lets decide about `requirement`. */
function approversOf(approval: Approval, { approvers }: ApprovalRequirement): readonly string[] {
  const more = approval.isEscalated ? approval.terms.escalatesTo : [];
  return [...approvers, ...more].map(titleOf);
}

function isMet(approval: Approval, requirement: ApprovalRequirement, stage: number): boolean {
  return missingOf(approval, requirement, stage) === 0;
}

function missingOf(approval: Approval, requirement: ApprovalRequirement, stage: number): number {
  const titles = approversOf(approval, requirement);
  const voices = approval.votes.filter(
    (vote) => vote.verdict === 'approve' && vote.stage === stage && overlap(vote.titles, titles),
  );
  return Math.max(0, requirement.quorum - voices.length);
}

/** Returns what is still to be met in the stage that decides. */
export function openRequirements(approval: Approval): readonly ApprovalRequirement[] {
  const { stage, terms } = approval;
  return (terms.stages[stage] ?? []).filter((one) => !isMet(approval, one, stage));
}

/** Returns how many voices are missing at least, in the stage that decides. */
export function missingVoices(approval: Approval): number {
  return Math.max(
    0,
    ...openRequirements(approval).map((one) => missingOf(approval, one, approval.stage)),
  );
}

/** Returns the titles of everybody who may decide at present. */
export function decidersOf(approval: Approval): readonly string[] {
  return [
    ...new Set(openRequirements(approval).flatMap((one) => approversOf(approval, one))),
  ].toSorted();
}

/** In what right somebody may decide. */
export interface VoterRight {
  readonly titles: readonly string[];
  readonly persons: readonly string[];
  readonly delegation: string | null;
}

/** Returns why `voter` may not decide about `approval` at present, or in what right they may. */
export function rightOf(approval: Approval, voter: Voter): Refusal | VoterRight {
  if (!voter.isPerson) {
    return {
      code: 'approval.not-yours',
      message: 'only a person decides; agents and service accounts may propose',
    };
  }
  const chain = [...voter.persons, ...voter.delegations.flatMap((one) => one.persons)];
  if (overlap(chain, approval.involved)) {
    return {
      code: 'approval.own',
      message:
        'you, somebody you act for, or somebody who delegated to you took part in this; another person decides',
    };
  }
  const wanted = decidersOf(approval);
  const isFor = (titles: readonly string[]): readonly string[] =>
    titles.filter((title) => wanted.includes(title));
  const own = isFor(voter.titles);
  const candidates: readonly VoterRight[] = [
    { titles: own, persons: voter.persons, delegation: null },
    ...voter.delegations.map((one) => ({
      titles: isFor(one.titles),
      persons: [...new Set([...voter.persons, ...one.persons])].toSorted(),
      delegation: one.id,
    })),
  ];
  const right = candidates.find(({ titles }) => titles.length > 0);
  if (right !== undefined) return right;
  return {
    code: 'approval.not-yours',
    message: `this is for others to decide: ${wanted.map((one) => `\`${one}\``).join(', ')}`,
  };
}

function isRefusal(right: Refusal | VoterRight): right is Refusal {
  return 'code' in right;
}

const closedStates: Readonly<Record<Exclude<Approval['state'], 'open'>, string>> = {
  granted: 'granted already',
  used: 'granted and used already',
  rejected: 'rejected already',
  returned: 'sent back already',
  expired: 'expired',
  voided: 'void: what it was asked for is no longer waited for, or has changed',
};

/** Returns what becomes of `approval` when `voter` says `verdict`. The same said twice changes nothing. */
export function vote(
  approval: Approval,
  voter: Voter,
  said: { readonly verdict: VoteVerdict; readonly reason: string },
  at: number,
): VoteOutcome {
  const before = approval.votes.find((one) => overlap(one.persons, voter.persons));
  if (before?.by === voter.id && before.verdict === said.verdict) {
    const isPresent = before.stage === approval.stage || approval.state !== 'open';
    if (isPresent) return { isAllowed: true, approval, isChanged: false };
  }
  if (approval.state !== 'open') {
    return refuse('approval.closed', `the approval is ${closedStates[approval.state]}`);
  }
  const right = rightOf(approval, voter);
  if (isRefusal(right)) return { isAllowed: false, refusal: right };
  if (approval.votes.some((one) => overlap(one.persons, right.persons))) {
    return refuse(
      'approval.not-yours',
      'you, or somebody you speak for, has decided; one more person must',
    );
  }
  const isReserved = approval.claimedBy !== null && approval.claimedBy !== voter.id;
  if (isReserved && missingVoices(approval) < 2) {
    return refuse('approval.claimed', `\`${approval.claimedBy}\` has taken it on`);
  }
  if (said.verdict !== 'approve' && said.reason.trim() === '') {
    return refuse('approval.reason-missing', 'say why, so that it can be mended');
  }
  const { titles, persons, delegation } = right;
  const voice: ApprovalVote = {
    by: voter.id,
    persons,
    verdict: said.verdict,
    reason: said.reason,
    at,
    stage: approval.stage,
    titles,
    delegation,
  };
  return {
    isAllowed: true,
    isChanged: true,
    approval: afterVote({ ...approval, votes: [...approval.votes, voice] }, voice),
  };
}

function afterVote(approval: Approval, voice: ApprovalVote): Approval {
  if (voice.verdict !== 'approve') {
    const state = voice.verdict === 'reject' ? 'rejected' : 'returned';
    return { ...approval, state, closedAt: voice.at, closedBecause: voice.reason };
  }
  if (openRequirements(approval).length > 0) return approval;
  const next = approval.stage + 1;
  if (next < approval.terms.stages.length) return { ...approval, stage: next, claimedBy: null };
  return { ...approval, state: 'granted', closedAt: voice.at };
}

/** Returns `approval` taken on by `voter`, or given back. */
export function claim(approval: Approval, voter: Voter, isTaken: boolean): VoteOutcome {
  if (approval.state !== 'open') {
    return refuse('approval.closed', `the approval is ${closedStates[approval.state]}`);
  }
  const right = rightOf(approval, voter);
  if (isRefusal(right)) return { isAllowed: false, refusal: right };
  const { claimedBy } = approval;
  if (claimedBy !== null && claimedBy !== voter.id) {
    return refuse('approval.claimed', `\`${claimedBy}\` has taken it on`);
  }
  const wanted = isTaken ? voter.id : null;
  return {
    isAllowed: true,
    isChanged: claimedBy !== wanted,
    approval: { ...approval, claimedBy: wanted },
  };
}

/** Returns `approval` after its deadline: escalated once where its terms say so, else expired. */
export function passDeadline(approval: Approval, at: number): Approval {
  if (approval.state !== 'open') return approval;
  const { onDeadline, escalatesTo, deadlineMs } = approval.terms;
  if (onDeadline === 'escalate' && !approval.isEscalated && escalatesTo.length > 0) {
    const deadlineAt = deadlineMs === null ? null : at + deadlineMs;
    return { ...approval, isEscalated: true, claimedBy: null, deadlineAt };
  }
  const closedBecause = 'nobody decided in time';
  return { ...approval, state: 'expired', closedAt: at, closedBecause };
}

/** How long a second person has for examining a broken glass. */
const reviewMs = 24 * 3_600_000;

/** Returns `approval` let through without its approvers, who examine it afterwards. */
export function breakGlass(
  approval: Approval,
  breaker: Voter,
  reason: string,
  at: number,
): VoteOutcome {
  if (approval.state !== 'open') {
    return refuse('approval.closed', `the approval is ${closedStates[approval.state]}`);
  }
  if (!breaker.isPerson) return refuse('approval.not-yours', 'only a person may do this');
  if (reason.trim() === '') return refuse('approval.reason-missing', 'say why it cannot wait');
  const { id: by, persons } = breaker;
  const brokenGlass = { by, persons, reason, at, reviewDueAt: at + reviewMs, review: null };
  return {
    isAllowed: true,
    isChanged: true,
    approval: { ...approval, state: 'granted', closedAt: at, brokenGlass },
  };
}

/** Returns `approval` with the examination of its broken glass by a second person. */
export function examineGlass(
  approval: Approval,
  voter: Voter,
  said: { readonly isAccepted: boolean; readonly note: string },
  at: number,
): VoteOutcome {
  const { brokenGlass } = approval;
  if (brokenGlass === null || brokenGlass.review !== null) {
    return refuse('approval.closed', 'nothing waits to be examined');
  }
  if (overlap(voter.persons, brokenGlass.persons)) {
    return refuse('approval.own', 'a second person examines it');
  }
  // Who may examine is who might have decided: the stages are open for this question.
  const asOpen: Approval = { ...approval, state: 'open', stage: 0, votes: [] };
  const rights = approval.terms.stages.map((_, stage) => rightOf({ ...asOpen, stage }, voter));
  const refusal = rights.find(isRefusal);
  if (rights.every(isRefusal) && refusal !== undefined) return { isAllowed: false, refusal };
  if (said.note.trim() === '') return refuse('approval.reason-missing', 'say what you found');
  const review = { by: voter.id, at, ...said };
  return {
    isAllowed: true,
    isChanged: true,
    approval: { ...approval, brokenGlass: { ...brokenGlass, review } },
  };
}

/** Returns `approval` with `voter` vouching for the values of `names`; what asked is asked again. */
export function endorse(
  approval: Approval,
  voter: Voter,
  said: { readonly names: readonly string[]; readonly reason: string },
  at: number,
): VoteOutcome {
  const unknown = said.names.find((name) => !Object.hasOwn(approval.parts, `argument ${name}`));
  if (unknown !== undefined || said.names.length === 0) {
    return refuse('approval.not-yours', `there is no argument \`${unknown ?? ''}\``);
  }
  const voices = approval.terms.stages
    .flat()
    .reduce((most, { quorum }) => Math.max(most, quorum), 0);
  if (approval.terms.stages.length > 1 || voices > 1) {
    return refuse('approval.not-yours', 'where several must agree, one cannot vouch alone');
  }
  const outcome = vote(approval, voter, { verdict: 'approve', reason: said.reason }, at);
  if (!outcome.isAllowed || !outcome.isChanged) return outcome;
  return { ...outcome, approval: { ...outcome.approval, endorsed: said.names } };
}
