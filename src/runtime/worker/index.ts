/** The front door of runtime/worker: one attempt of one task. */
export { createOutputCache, type OutputCache } from './output-cache.ts';
export type { IntendedEffect } from './intended-effect.ts';
export type { BudgetParts, Settlement } from './reserve-spends.ts';
export { reservationId } from './reserve-spends.ts';
export { runInner } from './inner-run.ts';
export { outputMarks, runTask, type TaskResult, type WorkerParts } from './run-task.ts';
export {
  type BenchParts,
  createBench,
  type Pass,
  type Stop,
  type TaskBench,
} from './task-bench.ts';
