/** The front door of core/expression: templates compiled and evaluated. */
export type {
  Compilation,
  Evaluation,
  ExpressionError,
  ExpressionHost,
  ExpressionLimits,
  HostFunction,
  Scope,
  Template,
  TemplatePosition,
  TemplateReference,
} from './contract.ts';
