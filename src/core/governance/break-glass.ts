/**
 * Going on without the approvers, when waiting would do more harm: with a reason, examined afterwards by
 * somebody who might have decided and had no part in it.
 *
 * INVARIANT: a broken glass is examined by a second person; until that is done in time, whoever broke it
 * breaks no other.
 */
import type { Approval } from './approval.ts';
import { closedRefusal, overlap, refuse, rightOf, type Voter, type VoteOutcome } from './voting.ts';

/** How long a second person has for examining a broken glass. */
const reviewMs = 24 * 3_600_000;

/** Returns `approval` let through without its approvers, who examine it afterwards. */
export function breakGlass(
  approval: Approval,
  breaker: Voter,
  reason: string,
  at: number,
): VoteOutcome {
  if (approval.state !== 'open') return closedRefusal(approval);
  if (!breaker.isPerson) return refuse('approval.not-yours', 'only a person may do this');
  if (reason.trim() === '') return refuse('approval.reason-missing', 'say why it cannot wait');
  const { id: by, persons } = breaker;
  const reviewDueAt = at + reviewMs;
  const brokenGlass = { by, persons, reason, at, reviewDueAt, isOverdue: false, review: null };
  return {
    isAllowed: true,
    isChanged: true,
    approval: { ...approval, state: 'granted', closedAt: at, brokenGlass },
  };
}

/** Tells whether nobody examined the broken glass of `approval` in time. */
export function isUnexamined({ brokenGlass }: Approval, at: number): boolean {
  return brokenGlass !== null && brokenGlass.review === null && at >= brokenGlass.reviewDueAt;
}

/** Returns why `breaker` may break no glass: one that they broke was not examined in time. */
export function glassTrouble(
  broken: readonly Approval[],
  breaker: Voter,
  at: number,
): VoteOutcome | undefined {
  const left = broken.find(
    (one) => isUnexamined(one, at) && overlap(one.brokenGlass?.persons ?? [], breaker.persons),
  );
  if (left === undefined) return undefined;
  return refuse(
    'approval.unexamined',
    `nobody has examined what you did about \`${left.id}\`; that comes first`,
  );
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
  if (overlap(voter.chain, brokenGlass.persons)) {
    return refuse('approval.own', 'a second person examines it');
  }
  // Who may examine is who might have decided: the stages are open for this question.
  const asOpen: Approval = { ...approval, state: 'open', votes: [] };
  const rights = approval.terms.stages.map((_, stage) => rightOf({ ...asOpen, stage }, voter));
  const refusal = rights.find((one) => 'code' in one);
  if (rights.every((one) => 'code' in one) && refusal !== undefined && 'code' in refusal) {
    return { isAllowed: false, refusal };
  }
  if (said.note.trim() === '') return refuse('approval.reason-missing', 'say what you found');
  const review = { by: voter.id, at, ...said };
  return {
    isAllowed: true,
    isChanged: true,
    approval: { ...approval, brokenGlass: { ...brokenGlass, review } },
  };
}
