/** The front door of runtime/approvals: the door of task runs, approvals as they are opened, decided and used. */
export type { ApprovalParts } from './approval-parts.ts';
export {
  approvalOf,
  type ApprovalQuery,
  listApprovals,
  listDelegations,
} from './approval-records.ts';
export {
  askForChange,
  type ChangeRequest,
  type ChangeUse,
  tellerOfAll,
  tendChanges,
} from './change-door.ts';
export {
  breakTheGlass,
  castVote,
  claimApproval,
  type Deciding,
  endorseValues,
  examineBrokenGlass,
  type Said,
} from './decide.ts';
export { delegate, endDelegation } from './delegate.ts';
export type { Opening } from './open-approval.ts';
export { describePassage } from './describe-passage.ts';
export { createPoliciesInForce, type PoliciesInForce } from './policies-in-force.ts';
export {
  type ApprovalNews,
  type NewsRecord,
  tendApproval,
  type Teller,
  type Told,
  withdrawApproval,
} from './tend-approval.ts';
export {
  type ApprovalUse,
  createRunDoor,
  joinUses,
  type Passage,
  type RunDoor,
  type RunRequest,
  type WaitRequest,
} from './run-door.ts';
