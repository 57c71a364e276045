/** The front door of core/expression: templates compiled, rendered and evaluated. */
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
  TextSegment,
} from './contract.ts';
export { holidayCountries, isPublicHoliday, knowsHolidays } from './dates/public-holidays.ts';
export {
  compileTemplate,
  defaultExpressionLimits,
  emptyExpressionHost,
  evaluateSettled,
  type EvaluationContext,
  renderSettled,
  renderTemplate,
  renderValue,
  renderValueSettled,
  type RenderMode,
  type Settled,
} from './evaluate.ts';
export { HostCalls } from './evaluation/host-calls.ts';
export { type LanguageNames, languageNames } from './names.ts';
export { matchWhole, type PatternVerdict } from './patterns/match-whole.ts';
export { isEqual, orderOf } from './values/comparisons.ts';
export { isTruthyText } from './values/truth.ts';
export { jsonText, printedText } from './values/value-text.ts';
