/** The front door of core/flow: the language. */
export { type Block, type Flowable, flowableOf } from './block-grammar.ts';
export type { Compile } from './check-templates.ts';
export { createTypeCatalogue } from './create-type-catalogue.ts';
export { builtInDashboard } from './dashboards/built-in-dashboard.ts';
export {
  type Chart,
  type ChartQuery,
  type ChartSource,
  type Dashboard,
} from './dashboards/dashboard.ts';
export { drawChart, type ReadField, type WeightedRow } from './dashboards/draw-chart.ts';
export { parseChart, parseDashboard } from './dashboards/parse-dashboard.ts';
export { bucketFor, bucketStart } from './dashboards/time-bucket.ts';
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
  type TaskSpends,
  type Trigger,
  type UnknownRule,
} from './flow.ts';
export { type Blueprint, fillBlueprint, readBlueprint } from './blueprint.ts';
export { flowDocument } from './flow-document.ts';
export {
  type FlowGraph,
  type GraphCluster,
  type GraphEdge,
  type GraphNode,
  graphOf,
} from './flow-graph.ts';
export { type ListedProperty, listProperties } from './list-properties.ts';
export { type ParsedFlow, type ParseOptions, parseFlow } from './parse-flow.ts';
export {
  type EffectProof,
  type GateQuestion,
  pathText,
  type PathStep,
  proveGates,
  waitsForPerson,
} from './prove-gates.ts';
export { readJson } from './read-json.ts';
export { type InputReading, orderInputs, readInput, readOutput } from './read-input.ts';
export { type GraphFormat, renderGraph } from './render-graph.ts';
export { checkAssertion } from './suites/check-assertion.ts';
export { type ParsedSuite, parseSuite } from './suites/parse-suite.ts';
export {
  type Assertion,
  type CaseFixtures,
  type TaskFixture,
  type TestCase,
  type TestSuite,
} from './suites/suite.ts';
export { suiteSchema } from './suites/suite-schema.ts';
export type { PropertySchema, TypeCatalogue, TypeEntry } from './type-catalogue.ts';
