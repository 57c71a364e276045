/** The front door of runtime/approvals: the door of task runs, approvals as they are opened, decided and used. */
export type { ApprovalParts } from './approval-parts.ts';
export {
  approvalOf,
  type ApprovalQuery,
  isApprovalRecord,
  type KeptApproval,
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
  endorseValues,
  examineBrokenGlass,
  givenValues,
  type Said,
  type Seen,
  withdrawRequest,
} from './decide.ts';
export { createNoticeBook, type KeptNotice, type NoticeBook } from './notice-book.ts';
export { type Deciding, factsOf, voterFor } from './take-step.ts';
export { delegate, endDelegation } from './delegate.ts';
export { isBindingWait, type Opening } from './open-approval.ts';
export { describePassage } from './describe-passage.ts';
export { createPoliciesInForce, type PoliciesInForce } from './policies-in-force.ts';
export {
  type ApprovalNews,
  type NewsRecord,
  noteUnexamined,
  tendApproval,
  type Teller,
  type Told,
  withdrawal,
} from './tend-approval.ts';
export { assertMayDo, type Deed, decideStart, type StartRequest } from './start-door.ts';
export {
  type ApprovalUse,
  createRunDoor,
  joinUses,
  type Passage,
  type RunDoor,
  type RunRequest,
  type WaitRequest,
} from './run-door.ts';
