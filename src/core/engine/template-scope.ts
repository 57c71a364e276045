/**
 * The names that expressions read during an execution: `flow`, `execution`, `inputs`, `outputs`, `vars`,
 * `taskrun`, `parents` and so on. Each is made when it is asked for, so that a step pays only for the
 * names it uses.
 */
import type { Scope } from '../expression/index.ts';
import {
  emptyMap,
  flatten,
  isMap,
  joinProvenance,
  mapOf,
  type Marks,
  marksOf,
  marksOfParts,
  plain,
  type Provenance,
  plainMarks,
  type Value,
  type ValueMap,
} from '../value/index.ts';
import {
  enclosing,
  type Execution,
  idempotencyKeyOf,
  presentRuns,
  type TaskRun,
} from './execution.ts';
import { pathOf } from './output-tree.ts';

/** Names that come from outside the execution. */
export interface OuterNames {
  readonly envs: ValueMap;
  readonly globals: ValueMap;
  readonly kestra: ValueMap;
}

/** What a scope is made for. */
export interface ScopeRequest {
  readonly execution: Execution;
  readonly run: TaskRun | null;
  readonly outer: OuterNames;
  /** Names beyond the usual ones; maps are merged into usual names of the same spelling. */
  readonly more?: ValueMap;
  /** For an iteration of a Loop: the executions around it, nearest first, whose outputs it may read. */
  readonly around?: readonly Execution[];
}

function instant(at: number): Temporal.Instant {
  return Temporal.Instant.fromEpochMilliseconds(at);
}

function startOf(execution: Execution): Temporal.Instant {
  return instant(execution.histories[0]?.at ?? 0);
}

function executionNames({ execution }: ScopeRequest): ValueMap {
  const names = mapOf({
    id: execution.id,
    startDate: startOf(execution),
    originalId: execution.originalId,
    state: execution.state,
  });
  if (execution.outputs !== undefined) names['outputs'] = execution.outputs;
  return names;
}

/** Returns what `taskrun` is for `run`. */
export function taskRunNames(run: TaskRun): ValueMap {
  const names = mapOf({
    id: run.id,
    startDate: instant(run.histories[0]?.at ?? 0),
    attemptsCount: Math.max(0, run.attempts.length - (run.state === 'RUNNING' ? 1 : 0)),
    idempotencyKey: idempotencyKeyOf(run),
  });
  if (run.parent !== null) names['parentId'] = run.parent.id;
  const valued = run.value === undefined ? handedDown(run) : run;
  if (valued?.value !== undefined) names['value'] = valued.value;
  if (run.iteration !== undefined) names['iteration'] = run.iteration;
  return names;
}

const handingDown: ReadonlySet<string> = new Set([
  'core.flow.WorkingDirectory',
  'core.flow.ForEachItem',
]);

/** The loop value of a task run that works for another one as a part of it is that one's. */
function handedDown({ parent }: TaskRun): TaskRun | undefined {
  return parent !== null && handingDown.has(parent.task.type) ? parent : undefined;
}

/** Inside a WorkingDirectory its own task run has a name. */
function folderOwnerNames(run: TaskRun | null): Value | undefined {
  const owner = run?.parent;
  return owner?.task.type === 'core.flow.WorkingDirectory' ? taskRunNames(owner) : undefined;
}

/** Returns the flowables around `run`, nearest first, that have a loop value or outputs. */
function parentNames(run: TaskRun | null): ValueMap[] {
  if (run === null) return [];
  const found: ValueMap[] = [];
  for (const outer of enclosing(run)) {
    const names = emptyMap();
    if (outer.value !== undefined) names['taskrun'] = mapOf({ value: outer.value });
    if (outer.outputs !== undefined) names['outputs'] = outer.outputs;
    if (Object.keys(names).length > 0) found.push(names);
  }
  return found;
}

/** Returns labels as a map; dotted keys nest, the first of two equal keys wins. */
function labelNames(execution: Execution): ValueMap {
  const names = emptyMap();
  for (const { key, value } of execution.labels) {
    const path = key.split('.');
    const last = path.pop() as string;
    let at = names;
    for (const part of path) {
      const next = Object.hasOwn(at, part) ? at[part] : undefined;
      if (isMap(next)) at = next;
      else at = at[part] = emptyMap();
    }
    if (!Object.hasOwn(at, last)) at[last] = value;
  }
  return names;
}

/** Returns the states of all runs: by task id, under loops by the loop values. */
function stateNames(execution: Execution): ValueMap {
  const names = emptyMap();
  for (const run of presentRuns(execution)) {
    let at = names;
    for (const key of pathOf(run)) {
      const next = Object.hasOwn(at, key) ? at[key] : undefined;
      if (isMap(next)) at = next;
      else at = at[key] = emptyMap();
    }
    at['state'] = run.state;
  }
  return names;
}

function hasInputs({ execution }: ScopeRequest): boolean {
  return execution.flow.inputs.length > 0 || Object.keys(execution.inputs).length > 0;
}

function outputNames({ execution, around }: ScopeRequest): Value | undefined {
  const own = execution.tree.outputs;
  if (around === undefined || around.length === 0)
    return execution.runs.length > 0 ? own : undefined;
  const outer = around.toReversed().map((one) => one.tree.outputs);
  return Object.assign(emptyMap(), ...outer, own) as Value;
}

function errorNames({ execution }: ScopeRequest): Value | undefined {
  if (execution.error === undefined) return undefined;
  return mapOf({
    message: execution.error.message,
    ...(execution.error.taskId !== undefined && { taskId: execution.error.taskId }),
  });
}

/** For each name, how it is made; undefined when the execution has no such thing. */
const makers: ReadonlyMap<string, (request: ScopeRequest) => Value | undefined> = new Map<
  string,
  (request: ScopeRequest) => Value | undefined
>([
  [
    'flow',
    ({ execution }) =>
      mapOf({
        id: execution.flow.id,
        namespace: execution.flow.namespace,
        revision: execution.revision,
        tenantId: execution.tenant,
      }),
  ],
  ['execution', executionNames],
  [
    'task',
    ({ run }) => (run === null ? undefined : mapOf({ id: run.task.id, type: run.task.type })),
  ],
  ['taskrun', ({ run }) => (run === null ? undefined : taskRunNames(run))],
  ['workerTaskrun', ({ run }) => folderOwnerNames(run)],
  ['tasks', ({ execution }) => stateNames(execution)],
  ['outputs', outputNames],
  ['inputs', (request) => (hasInputs(request) ? request.execution.inputs : undefined)],
  ['vars', ({ execution }) => execution.variables],
  ['labels', ({ execution }) => labelNames(execution)],
  ['trigger', ({ execution }) => execution.trigger],
  ['item', ({ execution }) => execution.item],
  ['parent', ({ run }) => parentNames(run)[0]],
  ['parents', ({ run }) => (parentNames(run).length > 0 ? parentNames(run) : undefined)],
  ['envs', ({ outer }) => outer.envs],
  ['globals', ({ outer }) => outer.globals],
  ['kestra', ({ outer }) => outer.kestra],
  ['error', errorNames],
]);

function marksFor(request: ScopeRequest, name: string): Marks {
  const { execution, run, around } = request;
  switch (name) {
    case 'inputs':
      return execution.inputsMarks;
    case 'outputs':
      return joined(execution.tree.marks, around ?? []);
    case 'vars':
      return execution.variablesMarks;
    case 'trigger':
      return execution.triggerMarks;
    case 'item':
      return execution.itemMarks;
    case 'labels':
      return execution.labelsMarks;
    case 'error':
      return execution.errorMarks;
    case 'tasks':
      return marksOf(stateProvenance(execution));
    case 'execution':
      return marksOfParts([
        ['outputs', execution.outputsMarks],
        ['state', marksOf(execution.progress?.failure ?? plain)],
      ]);
    case 'taskrun':
    case 'workerTaskrun':
      return valueMarks(run);
    case 'parent':
    case 'parents':
      return parentMarks(run);
    default:
      return plainMarks;
  }
}

/** Returns what the states of the execution's runs depend on. */
export function stateProvenance(execution: Execution): Provenance {
  let joint = plain;
  for (const run of execution.runs) {
    joint = joinProvenance(joinProvenance(joint, run.control), run.failure);
  }
  return joint;
}

function joined(own: Marks, around: readonly Execution[]): Marks {
  const marked = around.filter((one) => one.tree.marks !== plainMarks);
  if (marked.length === 0) return own;
  const outer = marked.toReversed().flatMap((one) => [...(one.tree.marks.parts ?? [])]);
  return { own: own.own, parts: new Map([...outer, ...(own.parts ?? [])]) };
}

function valueMarks(run: TaskRun | null): Marks {
  if (run === null) return plainMarks;
  const valued = run.value === undefined ? handedDown(run) : run;
  // How often it was tried before depends on why it failed.
  return marksOfParts([
    ['value', valued?.valueMarks ?? plainMarks],
    ['attemptsCount', marksOf(run.failure)],
  ]);
}

/** Parents are read as a whole: what any of them is marked with marks the list. */
function parentMarks(run: TaskRun | null): Marks {
  if (run === null) return plainMarks;
  let joint = plain;
  for (const { valueMarks: value, outputsMarks: outputs } of enclosing(run)) {
    if (value !== plainMarks) joint = joinProvenance(joint, flatten(value));
    if (outputs !== plainMarks) joint = joinProvenance(joint, flatten(outputs));
  }
  return marksOf(joint);
}

/** Returns the names that a template of `request` may read. */
export function scopeFor(request: ScopeRequest): Scope {
  const { more } = request;
  const made = new Map<string, Value | undefined>();
  return {
    value: (name) => {
      if (made.has(name)) return made.get(name);
      const usual = makers.get(name)?.(request);
      const extra = more !== undefined && Object.hasOwn(more, name) ? more[name] : undefined;
      const value =
        isMap(usual) && isMap(extra) ? Object.assign(emptyMap(), usual, extra) : (extra ?? usual);
      made.set(name, value);
      return value;
    },
    marks: (name) => marksFor(request, name),
    names: () => [...new Set([...makers.keys(), ...Object.keys(more ?? {})])],
  };
}
