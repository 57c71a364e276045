/**
 * Whose voice counts in an approval: what it still needs, who may give it, and in what right.
 *
 * INVARIANT: nobody in the chain of an effect (who asked for it, who wrote the revision, whoever they act
 * for, whoever acts for them, their delegates) decides about it.
 */
import type { ApproverRule } from '../policy/index.ts';
import type { Approval, ApprovalRequirement } from './approval.ts';

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
  /** The same, and everybody who delegated to one of them since the approval was opened, over any number of hands. */
  readonly chain: readonly string[];
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
    | 'approval.other-values'
    | 'approval.unexamined'
    | 'approval.reason-missing';
  readonly message: string;
}

/** What becomes of an approval by what somebody said. */
export type VoteOutcome =
  | { readonly isAllowed: true; readonly approval: Approval; readonly isChanged: boolean }
  | { readonly isAllowed: false; readonly refusal: Refusal };

/** Returns the outcome that is a refusal. */
export function refuse(code: Refusal['code'], message: string): VoteOutcome {
  return { isAllowed: false, refusal: { code, message } };
}

const closedStates: Readonly<Record<Exclude<Approval['state'], 'open'>, string>> = {
  granted: 'granted already',
  used: 'granted and used already',
  rejected: 'rejected already',
  returned: 'sent back already',
  withdrawn: 'withdrawn',
  expired: 'expired',
  voided: 'void: what it was asked for is no longer waited for, or has changed',
};

/** Returns the refusal of whoever comes too late. */
export function closedRefusal({ state }: Approval): VoteOutcome {
  const why = state === 'open' ? 'past its deadline' : closedStates[state];
  return refuse('approval.closed', `the approval is ${why}`);
}

/** Returns the text by which a rule names people. */
export function titleOf({ kind, name }: ApproverRule): string {
  return `${kind}:${name}`;
}

/** Tells whether a name stands in both lists. */
export function overlap(one: readonly string[], other: readonly string[]): boolean {
  return one.some((name) => other.includes(name));
}

/** Returns those whom `approval` lets decide about `requirement`. */
function approversOf(approval: Approval, { approvers }: ApprovalRequirement): readonly string[] {
  const more = approval.isEscalated ? approval.terms.escalatesTo : [];
  return [...approvers, ...more].map(titleOf);
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
  return (terms.stages[stage] ?? []).filter((one) => missingOf(approval, one, stage) > 0);
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

/** Returns the titles of everybody who decides in any stage: those who examine what went around them. */
export function allDecidersOf(approval: Approval): readonly string[] {
  const all = approval.terms.stages.flat().flatMap((one) => approversOf(approval, one));
  return [...new Set(all)].toSorted();
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
  if (overlap(voter.chain, approval.involved)) {
    return {
      code: 'approval.own',
      message:
        'you, somebody you act for, or somebody who delegated to you took part in this; another person decides',
    };
  }
  const wanted = decidersOf(approval);
  const isFor = (titles: readonly string[]): readonly string[] =>
    titles.filter((title) => wanted.includes(title));
  const candidates: readonly VoterRight[] = [
    { titles: isFor(voter.titles), persons: voter.persons, delegation: null },
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
