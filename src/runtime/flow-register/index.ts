/** The front door of runtime/flow-register: flows as entries of a register, and the stages of their life. */
export {
  addToFlow,
  assertRuns,
  findFlowEntry,
  type FlowName,
  moveFlow,
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
