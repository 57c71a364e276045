/** The front door of core/flow: the language. */
export type { Compile } from './check-templates.ts';
export { createTypeCatalogue, shortType } from './create-type-catalogue.ts';
export type { Diagnostic, Severity } from './diagnostic.ts';
export {
  type DiagnosticCode,
  diagnosticCatalogue,
  type DiagnosticKind,
} from './diagnostic-catalogue.ts';
export { parseDuration } from './duration.ts';
export {
  type Check,
  type Flow,
  type Governance,
  type InputDefinition,
  type InputType,
  inputTypes,
  type Label,
  type OutputDefinition,
  type Retry,
  type ServiceLevel,
  type SourceSpan,
  type Task,
  type Trigger,
} from './flow.ts';
export { type ParsedFlow, type ParseOptions, parseFlow } from './parse-flow.ts';
export { type InputReading, nestInputs, orderInputs, readInput, readOutput } from './read-input.ts';
export { didYouMean, suggest } from './suggest.ts';
export type { PropertySchema, TypeCatalogue, TypeEntry } from './type-catalogue.ts';
