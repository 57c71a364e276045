/** The front door of core/engine: the reducer, its events and commands, and what reads an execution. */
export { type Applied, applyEvent } from './apply-event.ts';
export type { Cause } from './cause.ts';
export type { ChildRequest, Command, Step } from './command.ts';
export { copiesForReplay, keptForReplay, tasksById } from './copy-runs.ts';
export { decodeEvent, encodeEvent } from './encode-event.ts';
export type {
  ApprovalClosed,
  ApprovalOpened,
  Change,
  CopiedRun,
  ExecutionCreated,
  ExecutionEvent,
  TaskEnded,
} from './event.ts';
export {
  type Answer,
  type Attempt,
  blankExecution,
  type DecisionNote,
  enclosing,
  type ErrorNote,
  type Execution,
  idempotencyKeyOf,
  type Intent,
  isUnderWay,
  type PendingApproval,
  presentRuns,
  type Question,
  type TaskRun,
} from './execution.ts';
export { fixtureOf } from './fixture.ts';
export { iterationRecords } from './flowables/loop.ts';
export { isMarkable, restartable } from './restart.ts';
export { isTerminated, type State, type StateChange, states } from './state.ts';
export { type OuterNames, scopeFor, stateProvenance, type ScopeRequest } from './template-scope.ts';
