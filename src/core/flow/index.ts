/** The front door of core/flow: the language. */
export type { Diagnostic, Severity } from './diagnostic.ts';
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
export type { PropertySchema, TypeCatalogue, TypeEntry } from './type-catalogue.ts';
