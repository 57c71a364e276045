/**
 * The front door of core/governance: what a flow is to it, approvals and delegations, how values are shown
 * to people, budgets, lifecycle, switches, exceptions; pure decisions.
 */
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
export { breakGlass, examineGlass, glassTrouble, isUnexamined } from './break-glass.ts';
export {
  claim,
  endorse,
  isOver,
  passDeadline,
  type Spoken,
  takeBack,
  vote,
} from './decide-approval.ts';
export { type Delegation, delegationTrouble, isInForce, lendersOf } from './delegation.ts';
export { shownText, shownValue } from './shown-value.ts';
export {
  allDecidersOf,
  decidersOf,
  missingVoices,
  type Refusal,
  rightOf,
  type Voter,
  type VoterDelegation,
  type VoteOutcome,
} from './voting.ts';
export {
  type Allowance,
  allowanceKinds,
  type AllowanceKind,
  type AllowanceOrder,
  allowanceProblems,
  vendorOfAllowance,
} from './allowance.ts';
export {
  assessFlow,
  type AssessmentWorld,
  type Autonomy,
  type FlowAssessment,
  flowStartedBy,
  type RiskTier,
  riskTiers,
  type TierReason,
  type TypeEffect,
} from './assess-flow.ts';
export {
  changeFacts,
  compareAssessments,
  type GovernanceChange,
  nothingAssessed,
} from './compare-assessments.ts';
export {
  amountProblem,
  type Budget,
  type BudgetCounter,
  budgetProblems,
  type BudgetRefusal,
  type BudgetUnit,
  budgetUnits,
  type BudgetUsage,
  counterOf,
  countersFor,
  leftOf,
  refusalOf,
  type Spending,
} from './budget.ts';
export {
  type BudgetPeriod,
  budgetPeriods,
  isTimeZone,
  type PeriodBounds,
} from './budget-period.ts';
export {
  type ClosingReason,
  type Exception,
  exceptionProblems,
  type ExceptionUse,
  lifetimeDays,
  mayUse,
  overBecause,
} from './exception.ts';
export {
  assessIntake,
  type Intake,
  type IntakeChoice,
  intakeProblems,
  type IntakeQuestion,
  intakeQuestions,
  type IntakeResult,
  queuePosition,
} from './intake.ts';
export {
  additionProblems,
  type Claim,
  type Deployment,
  type FlowAdditions,
  type FlowCard,
  flowCard,
  type FlowEntry,
  flowFacts,
  type FlowReview,
  type FlowStanding,
  type FlowSurroundings,
  type GateName,
  gateNames,
  type StageMove,
  standingOf,
} from './flow-card.ts';
export { type FlowReport, type ReportKind, reportDaysMax, reportKinds } from './flow-report.ts';
export { isDay, isReviewDue, overdueFrom } from './review-date.ts';
export {
  isLive,
  moveProblem,
  needsOwner,
  runsIn,
  type Stage,
  stageOf,
  stages,
} from './lifecycle.ts';
export {
  countCases,
  type KeptSuite,
  type SuiteResult,
  type TestRecord,
  type TestStanding,
  testStanding,
} from './test-standing.ts';
export { modelId, modelsOf, visitTasks } from './flow-models.ts';
export {
  describeTarget,
  type KillSwitch,
  modelStoppedBy,
  stoppedBy,
  type Stoppable,
  switchId,
  switchKinds,
  type SwitchPlace,
  switchPlace,
  type SwitchTarget,
  targetProblem,
} from './kill-switch.ts';
export {
  describeScope,
  isNamespaceWithin,
  type Scope,
  type ScopeKind,
  scopeKinds,
  type Situated,
} from './scope.ts';
