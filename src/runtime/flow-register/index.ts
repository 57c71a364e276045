/** The front door of runtime/flow-register: flows as entries of a register, the stages of their life, what is live. */
export {
  addToFlow,
  type AllowedChange,
  assertLiveRevision,
  assertRuns,
  deployFlow,
  findFlowEntry,
  type FlowName,
  listRegisteredFlows,
  liveRevisionIn,
  moveFlow,
  noteOverdueReviews,
  notLive,
  type RegisteredFlow,
  reportFlow,
  reviewFlow,
  stageIn,
  stageWrong,
} from './flow-entries.ts';
export {
  createKnownFlows,
  type KnownFlow,
  type KnownFlows,
  type KnownFlowsParts,
} from './known-flows.ts';
