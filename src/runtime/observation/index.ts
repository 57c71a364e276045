/** The front door of runtime/observation: numbers, traces and logs for those who watch. */
export { createExecutionSpans } from './execution-spans.ts';
export { createMetrics, type Metrics } from './metrics.ts';
