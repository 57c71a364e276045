/** Compares what is stored for reading with the fold of the entries: records, task runs, timers. */
import { type Execution, presentRuns } from '../../../src/core/engine/index.ts';
import type { ExecutionRecord, TaskRunRecord, TimerRecord } from '../../../src/ports/store.ts';
import { executionRecord, taskRunRecord } from '../../../src/runtime/run-loop/records.ts';

/** What a store tells of an execution beside its entries. */
export interface Projections {
  readonly record: ExecutionRecord | undefined;
  readonly taskRuns: readonly TaskRunRecord[];
  readonly timers: readonly TimerRecord[];
}

const asIs = (text: string): string => text;

/** Timers that say that there is more to do, and wake nobody. */
const marks: ReadonlySet<string> = new Set(['again', 'untold']);

function difference(what: string, stored: object | undefined, folded: object): string | undefined {
  if (stored === undefined) return `${what} is not stored`;
  const names = [...new Set([...Object.keys(stored), ...Object.keys(folded)])];
  for (const name of names) {
    const [a, b] = [stored, folded].map((one) => {
      const value = (one as Record<string, unknown>)[name];
      return typeof value === 'string' ? value : JSON.stringify(value);
    });
    if (a !== b) return `${what} is stored with ${name} ${a}, but its entries give ${b}`;
  }
  return undefined;
}

/** Returns what differs between the stored projections of an execution and its fold. */
export function projectionTrouble(execution: Execution, stored: Projections): string | undefined {
  const { id } = execution;
  const trouble = difference(
    `the execution ${id}`,
    stored.record,
    executionRecord(execution, asIs),
  );
  if (trouble !== undefined) return trouble;
  const runs = presentRuns(execution);
  const left = new Map(stored.taskRuns.map((one) => [one.id, one]));
  for (const run of runs) {
    const folded = taskRunRecord(execution, run, asIs);
    const found = difference(`the run ${run.id} of ${run.task.id}`, left.get(run.id), folded);
    if (found !== undefined) return found;
    left.delete(run.id);
  }
  for (const one of left.values()) return `the run ${one.id} of ${one.taskId} has no entry`;
  return timerTrouble(execution, stored.timers);
}

function timerTrouble(execution: Execution, stored: readonly TimerRecord[]): string | undefined {
  const text = (pairs: readonly (readonly [string, number])[]): string =>
    pairs
      .map(([id, at]) => `${id}@${at}`)
      .toSorted()
      .join(' ');
  const kept = text(stored.filter(({ id }) => !marks.has(id)).map((one) => [one.id, one.dueAt]));
  const folded = text([...execution.timers]);
  if (kept === folded) return undefined;
  return `the execution ${execution.id} has the timers \`${kept}\`, but its entries give \`${folded}\``;
}
