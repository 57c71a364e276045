/**
 * What of the language runs as written elsewhere, point by point: covered, not yet, or different on
 * purpose. `docs/reference/compatibility.md` is generated from it.
 */
import type { CompatibilityRow } from './compatibility/compatibility-row.ts';
import { contextRows } from './compatibility/context-rows.ts';
import { engineRows } from './compatibility/engine-rows.ts';
import { expressionRows } from './compatibility/expressions-rows.ts';
import { flowRows } from './compatibility/flow-rows.ts';
import { flowableRows } from './compatibility/flowables-rows.ts';
import { startedExecutionRows } from './compatibility/started-executions-rows.ts';
import { inputRows } from './compatibility/input-rows.ts';
import { taskRows } from './compatibility/tasks-rows.ts';
import { triggerRows } from './compatibility/triggers-rows.ts';
import { waitingRows } from './compatibility/waiting-rows.ts';

export type { CompatibilityRow } from './compatibility/compatibility-row.ts';

/** Every point, in the order of the page. */
export const compatibility: readonly CompatibilityRow[] = [
  ...flowRows,
  ...inputRows,
  ...engineRows,
  ...flowableRows,
  ...waitingRows,
  ...startedExecutionRows,
  ...taskRows,
  ...contextRows,
  ...expressionRows,
  ...triggerRows,
];
