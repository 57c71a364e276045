/** The front door of runtime/run-loop: executions driven from event to event. */
export { evaluateTemplate } from './evaluate-template.ts';
export { recoverExecutions } from './adopt.ts';
export { awaitTimers } from './due-timers.ts';
export type { Rider } from './active.ts';
export { type DetachedEnd, type DetachedOrder, runDetached } from './detached-run.ts';
export { foldExecution } from './fold-execution.ts';
export { createFlowLibrary, type FlowLibrary, type StoredFlow } from './flow-library.ts';
export type { Follower, Notice } from './follow.ts';
export {
  changeLabels,
  checkResume,
  drainExecutions,
  answerQuestion,
  type GivenAnswer,
  killExecution,
  pauseExecution,
  type ReplayOrder,
  replayExecution,
  restartExecution,
  type RestOptions,
  resumeExecution,
  untilPromotedRest,
  untilRest,
} from './operations.ts';
export {
  changeExecutionState,
  changeRunState,
  type ExecutionStateByHand,
  executionStatesByHand,
  forceExecution,
  type RunStateByHand,
  runStatesByHand,
  type StateOrder,
  unqueueExecution,
} from './set-by-hand.ts';
export { obeySwitches } from './obey-switches.ts';
export type { RunLoopParts } from './parts.ts';
export { createPlaces } from './places.ts';
export {
  evaluationFor,
  fileParts,
  functionParts,
  namespaceFilesOf,
  shownPairs,
} from './run-evaluation.ts';
export type { RunLoop } from './loop.ts';
export { approvalTeller } from './settle-approvals.ts';
export type { ReadExecution, ReadRecord } from './read-ended.ts';
export { createRunLoop } from './run-loop.ts';
export type { LocalFiles } from './uploads.ts';
export { checkInputs, startExecution, type StartOrder } from './start-execution.ts';
export { refuseHeldExecutions, refuseHeldLines } from './refuse-held.ts';
