/** The front door of core/governance: the rules of approvals and delegations, how values are shown to people. */
export type {
  Approval,
  ApprovalRequirement,
  ApprovalState,
  ApprovalTerms,
  ApprovalVote,
  BrokenGlass,
  VoteVerdict,
} from './approval.ts';
export { changedParts, termsOf } from './approval-terms.ts';
export {
  breakGlass,
  claim,
  decidersOf,
  endorse,
  examineGlass,
  missingVoices,
  passDeadline,
  type Refusal,
  rightOf,
  vote,
  type Voter,
  type VoterDelegation,
  type VoteOutcome,
} from './decide-approval.ts';
export { type Delegation, delegationTrouble, isInForce } from './delegation.ts';
export { shownText, shownValue } from './shown-value.ts';
