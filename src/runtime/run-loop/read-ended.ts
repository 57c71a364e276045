/**
 * An execution that has ended and is still in memory, as its records say it: whoever has waited for it
 * need not read back what was written a moment ago.
 *
 * INVARIANT: it gives what a read of the stored records would give, or nothing.
 */
import type { Execution, TaskRun } from '../../core/engine/index.ts';
import { flatten, type Marks, plainMarks, type ValueMap } from '../../core/value/index.ts';
import type { ExecutionRecord, TaskRunRecord } from '../../ports/store.ts';
import type { Active } from './active.ts';
import type { RunLoop } from './loop.ts';
import {
  executionColumns,
  executionDetails,
  markedFields,
  taskRunColumns,
  taskRunDetails,
} from './records.ts';
import { hideSecrets } from './write-log.ts';

/** A record with its document as a value. */
export interface ReadRecord<Columns> {
  readonly columns: Columns;
  readonly details: ValueMap;
}

/** An execution with its task runs. */
export interface ReadExecution extends ReadRecord<Omit<ExecutionRecord, 'document'>> {
  readonly runs: readonly ReadRecord<Omit<TaskRunRecord, 'document'>>[];
}

function byPlace(a: TaskRun, b: TaskRun): number {
  return a.ordinal - b.ordinal || (a.id < b.id ? -1 : 1);
}

/** Tells whether anything marked so is about somebody or secret: the store keeps that in another form. */
function isGuarded(marks: Marks): boolean {
  return marks !== plainMarks && flatten(marks).classes.length > 0;
}

function holdsGuarded(execution: Execution, runs: readonly TaskRun[]): boolean {
  return (
    markedFields.some((name) => isGuarded(execution[name])) ||
    runs.some(
      (run) =>
        isGuarded(run.outputsMarks) || isGuarded(run.valueMarks) || run.failure.classes.length > 0,
    )
  );
}

/**
 * Returns what the records of an ended execution say; undefined while not all of it is durable, and where
 * the store keeps something in another form.
 */
export function readEnded(loop: RunLoop, one: Active): ReadExecution | undefined {
  const { execution } = one;
  if (loop.fatal() !== undefined || one.isDraining || one.queue.length > 0) return undefined;
  if (!execution.isClosed || !execution.isSettled) return undefined;
  const runs = execution.runs.filter((run) => !run.isRemoved).toSorted(byPlace);
  if (holdsGuarded(execution, runs)) return undefined;
  const hide = (text: string): string => hideSecrets(one, text);
  return {
    columns: executionColumns(execution),
    details: executionDetails(execution, hide),
    runs: runs.map((run) => ({
      columns: taskRunColumns(execution, run),
      details: taskRunDetails(run, hide),
    })),
  };
}
