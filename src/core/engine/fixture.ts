/**
 * What runs of a task give in a test instead of being run. Fixtures are part of the event that creates
 * the execution, so that its fold is the same whenever it is made.
 */
import type { TaskFixture } from '../flow/index.ts';
import { plainText } from '../value/index.ts';
import { enclosing, type Execution, type TaskRun } from './execution.ts';

/** Returns the values of the iterations that `run` is in, the innermost first. */
function* valuesAround(execution: Execution, run: TaskRun): Generator<string> {
  for (const one of [run, ...enclosing(run)]) {
    if (one.value !== undefined) yield plainText(one.value);
  }
  const { item } = execution;
  const value = item?.['value'];
  if (value !== undefined) yield plainText(value);
}

/** Returns what `run` gives instead of being run, if something is given. */
export function fixtureOf(execution: Execution, run: TaskRun): TaskFixture | undefined {
  const { fixtures } = execution;
  if (fixtures === undefined || fixtures.length === 0) return undefined;
  const own = fixtures.filter(({ taskId }) => taskId === run.task.id);
  if (own.length === 0) return undefined;
  for (const value of valuesAround(execution, run)) {
    const found = own.find((one) => one.value === value);
    if (found !== undefined) return found;
  }
  return own.find((one) => one.value === undefined);
}
