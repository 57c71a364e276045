/** The front door of runtime/policy: deciding, keeping decisions, and the way of policies into force. */
export {
  activatePolicies,
  type PolicyActor,
  proposePolicies,
  replayProposal,
  requireYes,
  reviewPolicies,
  versionFacts,
} from './change-policies.ts';
export { type ActionCoverage, coverPolicies, type PolicyCoverage } from './cover-policies.ts';
export { createDecider, type Decider, type Decision } from './create-decider.ts';
export { type PolicyParts, policyStream } from './policy-parts.ts';
export {
  type ActivePolicies,
  findActive,
  findVersion,
  listVersions,
  type PolicyVersion,
} from './policy-records.ts';
export { readPack } from './read-pack.ts';
export { readQuestionText } from './read-question.ts';

export { type DecisionPeriod, recordedDecisions } from './recorded-questions.ts';
export type { ChangedVerdicts, ReplayReport } from './replay-decisions.ts';
export {
  type CaseResult,
  type PolicyCase,
  type PolicyTestReport,
  readCases,
  testPolicies,
} from './test-policies.ts';
