/** The front door of api/contract: the shapes that leave the system. */
export type {
  AttemptDocument,
  ExecutionDocument,
  QuestionDocument,
  StateDocument,
  TaskRunDocument,
} from './execution-document.ts';
export {
  type Page,
  pageOf,
  pageQuery,
  pageReachMax,
  textsSchema,
} from './pagination.ts';
export { diagnosticSchema, type ProblemDocument, problemSchema } from './problem-document.ts';
export {
  bulkSchema,
  executionSchema,
  type ExecutionAnswer,
  fileAttributesSchema,
  flowSchema,
  type FlowAnswer,
  type GraphAnswer,
  graphSchema,
  keyEntrySchema,
  type LogAnswer,
  logSchema,
  metricSchema,
  namespaceSchema,
  stateSchema,
  type TaskRunAnswer,
  taskRunSchema,
  triggerSchema,
  violationSchema,
} from './kestra-documents.ts';
export {
  caseFilesSchema,
  packsSchema,
  policyAnswerSchema,
  policyCoverageSchema,
  policyDiagnosticSchema,
  policyReplaySchema,
  policySchema,
  policyTestSchema,
  policyVersionSchema,
} from './policy-documents.ts';
