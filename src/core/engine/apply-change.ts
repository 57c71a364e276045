/**
 * Changes of the execution that a task asked for: labels, variables, its end. They are part of the end
 * of the attempt, so that a task whose attempt is not recorded has changed nothing.
 */
import {
  emptyMap,
  flatten,
  isMap,
  joinMarks,
  joinProvenance,
  type Marks,
  marksAt,
  plain,
  type Provenance,
  type ValueMap,
} from '../value/index.ts';
import { endExecutionEarly } from './ending.ts';
import type { Change } from './event.ts';
import type { TaskRun } from './execution.ts';
import { replaceLabels } from './replace-labels.ts';
import type { Turn } from './rules.ts';

function mergeDeep(into: ValueMap, from: ValueMap): ValueMap {
  const merged = Object.assign(emptyMap(), into);
  for (const [key, value] of Object.entries(from)) {
    const known = Object.hasOwn(merged, key) ? merged[key] : undefined;
    merged[key] = isMap(known) && isMap(value) ? mergeDeep(known, value) : value;
  }
  return merged;
}

/** Returns `marks` with `more` joined into the parts `names`. */
function withParts(marks: Marks, names: readonly string[], more: Provenance): Marks {
  if (more === plain) return marks;
  const parts = new Map(marks.parts);
  for (const name of names) parts.set(name, joinMarks(marksAt(marks, name), more));
  return { own: marks.own, parts };
}

/** Applies `change`, which `run` asked for; `marks` is what it depends on. */
export function applyChange(turn: Turn, run: TaskRun, change: Change, marks: Marks): void {
  const { execution } = turn;
  turn.isExecutionTouched = true;
  const dependence = joinProvenance(flatten(marks), run.control);
  if (change.type === 'set-labels') {
    const more = Object.entries(change.labels).map(([key, value]) => ({ key, value }));
    execution.labels = replaceLabels(execution.labels, more);
    execution.labelsMarks = joinMarks(execution.labelsMarks, dependence);
  } else if (change.type === 'set-variables') {
    execution.variables = mergeDeep(execution.variables, change.variables);
    execution.variablesMarks = withParts(
      execution.variablesMarks,
      Object.keys(change.variables),
      dependence,
    );
  } else if (change.type === 'unset-variables') {
    execution.variables = Object.assign(emptyMap(), execution.variables);
    for (const name of change.names) delete execution.variables[name];
    execution.variablesMarks = withParts(execution.variablesMarks, change.names, dependence);
  } else {
    for (let at = run.parent; at !== null; at = at.parent) at.facts['holdsExit'] = true;
    endExecutionEarly(turn, { state: change.state, reason: 'exit' });
  }
}
