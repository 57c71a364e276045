/**
 * What becomes of an approval: by what people say, when enough was said, by its deadline.
 *
 * INVARIANT: a deadline never approves, and nothing that is said after it counts.
 */
import type { Approval, ApprovalVote, VoteVerdict } from './approval.ts';
import {
  closedRefusal,
  missingVoices,
  openRequirements,
  overlap,
  type Refusal,
  refuse,
  rightOf,
  type Voter,
  type VoteOutcome,
  type VoterRight,
} from './voting.ts';

function isRefusal(right: Refusal | VoterRight): right is Refusal {
  return 'code' in right;
}

/** Tells whether the time of `approval` is over at `at`. */
export function isOver({ deadlineAt }: Approval, at: number): boolean {
  return deadlineAt !== null && at >= deadlineAt;
}

/** Tells whether somebody else has taken `approval` on. */
function isTakenByOther({ claimedBy, claimedUntil }: Approval, voter: Voter, at: number): boolean {
  return claimedBy !== null && claimedBy !== voter.id && at < (claimedUntil ?? 0);
}

const unclaimed = { claimedBy: null, claimedUntil: null };

/** What somebody says. */
export interface Spoken {
  readonly verdict: VoteVerdict;
  readonly reason: string;
  /** Digest of the values of the form that go with a yes; absent where none were given. */
  readonly form?: string;
}

/** Returns what becomes of `approval` when `voter` says `verdict`. The same said twice changes nothing. */
export function vote(approval: Approval, voter: Voter, said: Spoken, at: number): VoteOutcome {
  const before = approval.votes.find((one) => overlap(one.persons, voter.persons));
  if (before?.by === voter.id && before.verdict === said.verdict) {
    const isPresent = before.stage === approval.stage || approval.state !== 'open';
    const isSame = said.form === undefined || said.form === approval.form;
    if (isPresent && isSame) return { isAllowed: true, approval, isChanged: false };
  }
  if (approval.state !== 'open' || isOver(approval, at)) return closedRefusal(approval);
  const right = rightOf(approval, voter);
  if (isRefusal(right)) return { isAllowed: false, refusal: right };
  if (approval.votes.some((one) => overlap(one.persons, right.persons))) {
    return refuse(
      'approval.not-yours',
      'you, or somebody you speak for, has decided; one more person must',
    );
  }
  if (isTakenByOther(approval, voter, at) && missingVoices(approval) < 2) {
    return refuse('approval.claimed', `\`${approval.claimedBy}\` has taken it on`);
  }
  if (said.verdict !== 'approve' && said.reason.trim() === '') {
    return refuse('approval.reason-missing', 'say why, so that it can be mended');
  }
  const isFirst = approval.votes.length === 0;
  // Whoever agreed before agreed to what was given then.
  if (!isFirst && said.form !== undefined && said.form !== approval.form) {
    return refuse('approval.other-values', 'others have agreed to other values of the form');
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
  const heard: Approval = {
    ...approval,
    votes: [...approval.votes, voice],
    form: isFirst ? (said.form ?? null) : approval.form,
    // Who has decided holds it no longer.
    ...(approval.claimedBy === voter.id && unclaimed),
  };
  return { isAllowed: true, isChanged: true, approval: afterVote(heard, voice) };
}

function afterVote(approval: Approval, voice: ApprovalVote): Approval {
  if (voice.verdict !== 'approve') {
    const state = voice.verdict === 'reject' ? 'rejected' : 'returned';
    return { ...approval, state, closedAt: voice.at, closedBecause: voice.reason };
  }
  if (openRequirements(approval).length > 0) return approval;
  const next = approval.stage + 1;
  if (next < approval.terms.stages.length) return { ...approval, stage: next, ...unclaimed };
  return { ...approval, state: 'granted', closedAt: voice.at };
}

/** How long somebody who has taken an approval on keeps others from deciding it. */
const claimMs = 4 * 3_600_000;

/** Returns `approval` taken on by `voter` for some hours, or given back. */
export function claim(approval: Approval, voter: Voter, isTaken: boolean, at: number): VoteOutcome {
  if (approval.state !== 'open' || isOver(approval, at)) return closedRefusal(approval);
  const right = rightOf(approval, voter);
  if (isRefusal(right)) return { isAllowed: false, refusal: right };
  if (isTakenByOther(approval, voter, at)) {
    return refuse('approval.claimed', `\`${approval.claimedBy}\` has taken it on`);
  }
  if (isTaken && approval.votes.some((one) => overlap(one.persons, right.persons))) {
    return refuse('approval.not-yours', 'you have decided; others take it on');
  }
  const isOwn = approval.claimedBy === voter.id && at < (approval.claimedUntil ?? 0);
  const after = isTaken ? { claimedBy: voter.id, claimedUntil: at + claimMs } : unclaimed;
  return {
    isAllowed: true,
    isChanged: isTaken ? !isOwn : approval.claimedBy !== null,
    approval: isTaken && isOwn ? approval : { ...approval, ...after },
  };
}

/** Returns `approval` taken back by somebody who had part in asking for it. */
export function takeBack(
  approval: Approval,
  voter: Voter,
  reason: string,
  at: number,
): VoteOutcome {
  if (approval.state !== 'open') return closedRefusal(approval);
  if (!overlap(voter.persons, approval.involved)) {
    return refuse('approval.not-yours', 'only those who asked for it take it back');
  }
  if (reason.trim() === '') return refuse('approval.reason-missing', 'say why you take it back');
  return {
    isAllowed: true,
    isChanged: true,
    approval: { ...approval, state: 'withdrawn', closedAt: at, closedBecause: reason },
  };
}

/** Returns `approval` after its deadline: escalated once where its terms say so, else expired. */
export function passDeadline(approval: Approval, at: number): Approval {
  if (approval.state !== 'open') return approval;
  const { onDeadline, escalatesTo, deadlineMs } = approval.terms;
  if (onDeadline === 'escalate' && !approval.isEscalated && escalatesTo.length > 0) {
    const deadlineAt = deadlineMs === null ? null : at + deadlineMs;
    return { ...approval, isEscalated: true, ...unclaimed, deadlineAt };
  }
  const closedBecause = 'nobody decided in time';
  return { ...approval, state: 'expired', closedAt: at, closedBecause };
}

/** Returns `approval` with `voter` vouching for the values of `names`; what asked is asked again. */
export function endorse(
  approval: Approval,
  voter: Voter,
  said: { readonly names: readonly string[]; readonly reason: string },
  at: number,
): VoteOutcome {
  const unknown = said.names.find((name) => !Object.hasOwn(approval.parts, `argument ${name}`));
  if (approval.state === 'open' && (unknown !== undefined || said.names.length === 0)) {
    return refuse('approval.not-yours', `there is no argument \`${unknown ?? ''}\``);
  }
  const several = refuse('approval.not-yours', 'where several must agree, one cannot vouch alone');
  if (approval.votes.length > 0 && approval.state === 'open') return several;
  const outcome = vote(approval, voter, { verdict: 'approve', reason: said.reason }, at);
  if (!outcome.isAllowed || !outcome.isChanged) return outcome;
  if (outcome.approval.state !== 'granted') return several;
  return { ...outcome, approval: { ...outcome.approval, endorsed: said.names } };
}
