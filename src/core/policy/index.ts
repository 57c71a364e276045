/** The front door of core/policy: the question asked of policy, the meaning of its answer, obligations. */
export {
  type ActionDefinition,
  type ActionId,
  actionTable,
  argumentActions,
  type ResourceType,
  resourceTypes,
  runActionOf,
  runFactNames,
  type TableAction,
  takesArguments,
  type TaskAction,
} from './actions.ts';
export {
  type Answer,
  type ControlledForbid,
  type DecisionNote,
  type DenialCause,
  type DeterminingPolicy,
  settle,
  type Verdict,
} from './answer.ts';
export { canonicalQuestion, readQuestion } from './canonical-question.ts';
export { denialOf, describeAnswer, describeObligation } from './describe-answer.ts';
export { type FactName, type Facts, factTable, type FactType } from './facts.ts';
export {
  type ApprovalObligation,
  type ApproverRule,
  type MaskObligation,
  type MetObligation,
  type Obligation,
  type ObligationKind,
  type ReasonObligation,
  type StepUpObligation,
} from './obligation.ts';
export { addressLike, bitsOf, classNames, subjectsOf, worstTrust } from './origins.ts';
export type {
  PolicyDiagnostic,
  PolicyEntry,
  PolicyFile,
  PolicyMode,
  PolicyPack,
  PolicySet,
} from './policy-set.ts';
export {
  type Authentication,
  type Freshness,
  freshnessBands,
  freshnessOf,
  namespaceLine,
  personsBehind,
  type Principal,
  type PrincipalKind,
  principalKinds,
  type RoleBinding,
  rolesAt,
  titlesOf,
} from './principal.ts';
export {
  type AnnotationProblem,
  type Annotations,
  annotationTable,
  readAnnotations,
  readApprovers,
} from './read-annotations.ts';
export type { ArgumentOrigin, Origin, Question, Resource, Situation } from './question.ts';
