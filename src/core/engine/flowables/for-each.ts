/**
 * Loops inside the execution: every value gets runs of all tasks of the block, with the value as
 * `taskrun.value`. ForEach and the older EachSequential and EachParallel differ in how many at once.
 */
import { readJson, type Task } from '../../flow/index.ts';
import { flatten, isList, type Marks, marksOf, plainMarks, type Value } from '../../value/index.ts';
import type { Lanes, TaskRun } from '../execution.ts';
import { loopKey } from '../output-tree.ts';
import type { FlowableRules, Turn } from '../rules.ts';
import { blockOf, evaluate, failFlowable, startLanes } from '../transitions.ts';

/** Returns the elements of rendered `values` as text, without repetition; a sentence when they are unfit. */
export function loopValues(rendered: Value): { values: string[] } | { problem: string } {
  let list: Value = rendered;
  if (typeof rendered === 'string') {
    const read = readJson(rendered);
    if (read === undefined) {
      return { problem: `\`values\` rendered to text that is no JSON list: \`${cut(rendered)}\`` };
    }
    list = read.value;
  }
  if (!isList(list))
    return { problem: `\`values\` must be a list, but is \`${cut(loopKey(list))}\`` };
  if (list.includes(null)) return { problem: '`values` holds a null, which no task can run for' };
  return { values: [...new Set(list.map(loopKey))] };
}

function cut(text: string): string {
  return text.length > 120 ? `${text.slice(0, 120)}…` : text;
}

/** Returns one lane per value, or, with `isFlat`, one per value and task. */
function loopLanes(
  tasks: readonly Task[],
  values: readonly string[],
  marks: Marks,
  isFlat: boolean,
): Lanes {
  const width = isFlat ? tasks.length : 1;
  return {
    count: tasks.length === 0 ? 0 : values.length * width,
    tasks: isFlat ? (lane) => [tasks[lane % width] as Task] : () => tasks,
    value: (lane) => {
      const iteration = Math.floor(lane / width);
      return { value: values[iteration] as string, marks, iteration };
    },
  };
}

function begin(turn: Turn, run: TaskRun, rendered: Value, marks: Marks, limit: number): void {
  const found = loopValues(rendered);
  if ('problem' in found) {
    failFlowable(turn, run, { message: found.problem, code: 'task.input-invalid' });
    return;
  }
  run.facts['values'] = found.values;
  const provenance = flatten(marks);
  run.facts['limit'] = limit;
  run.valuesMarks = marksOf(provenance);
  startLanes(turn, run, provenance);
}

function limitFrom(
  turn: Turn,
  run: TaskRun,
  property: string,
  value: Value | undefined,
  fallback: number,
): number | undefined {
  const limit = value === undefined || value === null || value === '' ? fallback : Number(value);
  if (Number.isInteger(limit) && limit >= 0) return limit;
  failFlowable(turn, run, {
    message: `\`${property}\` is \`${loopKey(value as Value)}\`, but must be a whole number from 0 on`,
    code: 'task.input-invalid',
  });
  return undefined;
}

function loop(
  property: 'values' | 'value',
  limitProperty: string | undefined,
  fallback: number,
  isFlat: boolean,
): FlowableRules {
  return {
    lanes: (run) => ({
      lanes: loopLanes(
        blockOf(run.task, 'tasks'),
        run.facts['values'] as readonly string[],
        run.valuesMarks ?? plainMarks,
        isFlat,
      ),
      limit: Number(run.facts['limit']),
    }),
    enter: (turn, run) =>
      evaluate(turn, run, 'values', {
        values: run.task.properties[property] ?? null,
        limit: limitProperty === undefined ? null : (run.task.properties[limitProperty] ?? null),
      }),
    evaluated: (turn, run, _purpose, { value, marks }) => {
      const { values, limit: given } = value as { values: Value; limit: Value };
      const limit = limitFrom(turn, run, limitProperty ?? '', given, fallback);
      if (limit !== undefined) begin(turn, run, values, marks, limit);
    },
  };
}

/** Runs its tasks for each value, `concurrencyLimit` runs at once; the tasks of one value in sequence. */
export const forEach: FlowableRules = loop('values', 'concurrencyLimit', 1, false);

/** Runs its tasks for each value, one after the other. */
export const eachSequential: FlowableRules = loop('value', undefined, 1, false);

/** Runs all tasks of all values side by side. */
export const eachParallel: FlowableRules = loop('value', 'concurrent', 0, true);
