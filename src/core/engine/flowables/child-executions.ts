/**
 * What the flowables that start executions have in common: what they ask for, how they count, and what
 * the ends of their children mean. A child's end arrives as an event, so that waiting holds nothing.
 */
import type { Label } from '../../flow/index.ts';
import {
  emptyMap,
  flatten,
  isList,
  isMap,
  joinMarks,
  joinProvenance,
  mapOf,
  type Marks,
  marksAt,
  marksOf,
  plainMarks,
  plainText,
  type Provenance,
  type Value,
  type ValueMap,
} from '../../value/index.ts';
import type { ChildRequest } from '../command.ts';
import type { TaskRun } from '../execution.ts';
import { type AttemptResult, startAttempt } from '../leaf-ended.ts';
import { loopKey } from '../output-tree.ts';
import type { ChildResult, Turn } from '../rules.ts';
import type { State } from '../state.ts';
import { setRunState } from '../transitions.ts';
import { leavePause, showPause } from './pause.ts';

/** How many children of one task run are under way at once, where the flow sets no bound. */
export const childrenAtOnceMax = 20;

/** Begins an attempt of a run that starts executions. */
export function startWaiting(turn: Turn, run: TaskRun): void {
  startAttempt(turn, run);
  run.children = new Map();
}

/** Returns `value` as a yes or no; `fallback` when nothing is said. */
export function isTrue(value: Value | undefined, fallback: boolean): boolean {
  if (value === undefined || value === null || value === '') return fallback;
  return value === true || plainText(value).trim().toLowerCase() === 'true';
}

function labelsFrom(value: Value | undefined): Label[] {
  if (isList(value)) {
    return value
      .filter(isMap)
      .map((one) => ({ key: plainText(one['key']), value: loopKey(one['value'] ?? '') }));
  }
  if (!isMap(value)) return [];
  return Object.entries(value).map(([key, one]) => ({ key, value: loopKey(one) }));
}

/** Returns the labels that a child gets from its parent and from the task that starts it, which wins. */
function childLabels(turn: Turn, properties: ValueMap): Label[] {
  const own = labelsFrom(properties['labels']);
  const taken = new Set(own.map((label) => label.key));
  const inherits = isTrue(properties['inheritLabels'], false);
  const inherited = turn.execution.labels.filter(
    ({ key }) => !taken.has(key) && (inherits || key.startsWith('system.')),
  );
  return [...inherited, ...own];
}

function childLabelsMarks(turn: Turn, run: TaskRun, properties: ValueMap, marks: Marks): Marks {
  const own = joinProvenance(run.control, flatten(marksAt(marks, 'labels')));
  const inherits = isTrue(properties['inheritLabels'], false);
  return marksOf(inherits ? joinProvenance(own, flatten(turn.execution.labelsMarks)) : own);
}

/** Returns what a child reads as `trigger`: who started it. */
export function triggerOf(turn: Turn): ValueMap {
  const { execution } = turn;
  return mapOf({
    executionId: execution.id,
    namespace: execution.flow.namespace,
    flowId: execution.flow.id,
    flowRevision: execution.revision,
  });
}

/** The properties of a task that say which execution to start. */
export const childProperties = [
  'namespace',
  'flowId',
  'revision',
  'inputs',
  'labels',
  'wait',
  'transmitFailed',
  'inheritLabels',
  'scheduleDate',
] as const;

/** Returns the entries of `properties` that are named; null where there is none. */
export function pick(properties: ValueMap, names: readonly string[]): ValueMap {
  const picked = emptyMap();
  for (const name of names) picked[name] = properties[name] ?? null;
  return picked;
}

/** Returns the execution that the rendered `properties` of `run` ask for. */
export function requestFrom(
  turn: Turn,
  run: TaskRun,
  properties: ValueMap,
  marks: Marks,
): ChildRequest {
  const revision = properties['revision'];
  const scheduleDate = properties['scheduleDate'];
  const inputs = properties['inputs'];
  return {
    namespace: plainText(properties['namespace'] ?? turn.execution.flow.namespace),
    flowId: plainText(properties['flowId']),
    ...(revision !== null && revision !== undefined && { revision: Number(revision) }),
    inputs: isMap(inputs) ? inputs : emptyMap(),
    inputsMarks: joinMarks(marksAt(marks, 'inputs'), chosenBy(run)),
    labels: childLabels(turn, properties),
    labelsMarks: childLabelsMarks(turn, run, properties, marks),
    control: chosenBy(run),
    trigger: triggerOf(turn),
    ...(typeof scheduleDate === 'string' && scheduleDate !== '' && { scheduleDate }),
  };
}

/** Returns what it depended on that the children of `run` exist. */
export function chosenBy(run: TaskRun): Provenance {
  const { control, valuesMarks } = run;
  return valuesMarks === undefined ? control : joinProvenance(control, flatten(valuesMarks));
}

/** Shows in the parent that a child waits for somebody, and that it goes on. */
export function showChildPause(turn: Turn, run: TaskRun, state: State): void {
  if (state === 'PAUSED' && run.state === 'RUNNING') {
    setRunState(turn, run, 'PAUSED');
    showPause(turn);
  } else if (state === 'RUNNING' && run.state === 'PAUSED') {
    setRunState(turn, run, 'RUNNING');
    leavePause(turn, false);
  }
}

/** Tells whether `state` is no end of a child: it waits, goes on, or another execution repeats it. */
export function isNoEnd(state: State): boolean {
  return state === 'PAUSED' || state === 'RUNNING' || state === 'RETRIED';
}

/** Notes that a child of `run` has ended for another one that repeats it, in its place. */
export function noteRepeated(run: TaskRun, { executionId, index }: ChildResult): void {
  run.children?.set(executionId, { index, state: 'RETRIED' });
  add(run, 'repeated', 1);
}

/** Returns the number that `run` keeps as `fact`. */
export function count(run: TaskRun, fact: string): number {
  return Number(run.facts[fact] ?? 0);
}

/** Adds `by` to the number that `run` keeps as `fact`. */
export function add(run: TaskRun, fact: string, by: number): void {
  run.facts[fact] = count(run, fact) + by;
}

/** Notes the end of one of several children. */
export function noteChildEnd(run: TaskRun, child: ChildResult): void {
  run.children?.set(child.executionId, {
    index: child.index,
    state: child.state,
    ...(child.outputs !== undefined && { outputs: child.outputs }),
    ...(child.outputsMarks !== plainMarks && { outputsMarks: child.outputsMarks }),
  });
  run.failure = joinProvenance(run.failure, flatten(child.seenMarks));
  add(run, 'ended', 1);
  if (child.error !== undefined || child.state === 'FAILED' || child.state === 'CANCELLED') {
    add(run, 'failed', 1);
  }
  if (child.state === 'WARNING') add(run, 'warned', 1);
  if (child.state === 'KILLED') add(run, 'killed', 1);
}

/** Takes what one of several children reports; true when that child has ended. */
export function takeReport(turn: Turn, run: TaskRun, child: ChildResult): boolean {
  if (isNoEnd(child.state)) {
    if (child.state === 'RETRIED') noteRepeated(run, child);
    else showChildPause(turn, run, child.state);
    return false;
  }
  noteChildEnd(run, child);
  showChildPause(turn, run, 'RUNNING');
  return true;
}

/** Returns what the ends of several children mean for `run`. */
export function jointOutcome(run: TaskRun): AttemptResult['outcome'] {
  if (run.facts['transmitFailed'] === false) return 'SUCCESS';
  if (count(run, 'killed') > 0) return 'KILLED';
  if (count(run, 'failed') > 0) return 'FAILED';
  return count(run, 'warned') > 0 ? 'WARNING' : 'SUCCESS';
}

/** Returns the children of `run` in the order in which they were asked for. */
export function childrenInOrder(run: TaskRun) {
  return [...(run.children?.values() ?? [])]
    .filter((child) => child.state !== 'RETRIED')
    .toSorted((a, b) => a.index - b.index);
}

/** Returns where what the children of `run` gave comes from, taken together. */
export function childrenProvenance(run: TaskRun): Provenance {
  let joint = run.failure;
  for (const { outputsMarks } of run.children?.values() ?? []) {
    if (outputsMarks !== undefined) joint = joinProvenance(joint, flatten(outputsMarks));
  }
  return joint;
}
