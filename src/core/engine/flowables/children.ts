/**
 * The flowables that start executions and may wait for them: Subflow, the batches of a ForEachItem and
 * the iterations of a Loop. A child's end arrives as an event, so that waiting holds nothing.
 */
import type { Label } from '../../flow/index.ts';
import {
  plainText,
  emptyMap,
  isList,
  isMap,
  joinMarks,
  joinProvenance,
  flatten,
  mapOf,
  marksAt,
  type Marks,
  marksOf,
  marksOfParts,
  plainMarks,
  type Provenance,
  type Value,
  type ValueMap,
} from '../../value/index.ts';
import type { ChildRequest } from '../command.ts';
import type { ErrorNote, TaskRun } from '../execution.ts';
import { leafEnded, startAttempt } from '../leaf-ended.ts';
import { loopKey } from '../output-tree.ts';
import type { ChildResult, FlowableRules, Turn } from '../rules.ts';
import { type State } from '../state.ts';
import {
  dependOn,
  evaluate,
  giveOutputs,
  progressAround,
  setExecutionState,
  setRunState,
} from '../transitions.ts';
import { leavePause } from './pause.ts';

/** Begins an attempt of a run that starts executions. */
function startWaiting(turn: Turn, run: TaskRun): void {
  startAttempt(turn, run);
  run.children = new Map();
}

function isTrue(value: Value | undefined, fallback: boolean): boolean {
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

/** Returns the labels that a child gets from its parent and from the task that starts it. */
function childLabels(turn: Turn, properties: ValueMap): Label[] {
  const inherited = isTrue(properties['inheritLabels'], false)
    ? turn.execution.labels
    : turn.execution.labels.filter((label) => label.key.startsWith('system.'));
  return [...inherited, ...labelsFrom(properties['labels'])];
}

function childLabelsMarks(turn: Turn, run: TaskRun, properties: ValueMap, marks: Marks): Marks {
  const own = joinProvenance(run.control, flatten(marksAt(marks, 'labels')));
  const inherits = isTrue(properties['inheritLabels'], false);
  return marksOf(inherits ? joinProvenance(own, flatten(turn.execution.labelsMarks)) : own);
}

function triggerOf(turn: Turn): ValueMap {
  const { execution } = turn;
  return mapOf({
    executionId: execution.id,
    namespace: execution.flow.namespace,
    flowId: execution.flow.id,
    flowRevision: execution.revision,
  });
}

function requestFrom(turn: Turn, run: TaskRun, properties: ValueMap, marks: Marks): ChildRequest {
  const revision = properties['revision'];
  const scheduleDate = properties['scheduleDate'];
  const inputs = properties['inputs'];
  return {
    namespace: plainText(properties['namespace'] ?? turn.execution.flow.namespace),
    flowId: plainText(properties['flowId']),
    ...(revision !== null && revision !== undefined && { revision: Number(revision) }),
    inputs: isMap(inputs) ? inputs : emptyMap(),
    inputsMarks: joinMarks(marksAt(marks, 'inputs'), run.control),
    labels: childLabels(turn, properties),
    labelsMarks: childLabelsMarks(turn, run, properties, marks),
    control: run.control,
    trigger: triggerOf(turn),
    ...(typeof scheduleDate === 'string' && scheduleDate !== '' && { scheduleDate }),
  };
}

const childProperties = [
  'namespace',
  'flowId',
  'revision',
  'inputs',
  'labels',
  'wait',
  'transmitFailed',
  'inheritLabels',
  'scheduleDate',
];

function pick(properties: ValueMap, names: readonly string[]): ValueMap {
  const picked = emptyMap();
  for (const name of names) picked[name] = properties[name] ?? null;
  return picked;
}

function failed(turn: Turn, run: TaskRun, error: ErrorNote): void {
  leafEnded(turn, run, { outcome: 'FAILED', error, mayRetry: true });
}

/** Shows in the parent that a child waits for somebody, and that it goes on. */
function showChildPause(turn: Turn, run: TaskRun, state: State): void {
  if (state === 'PAUSED' && run.state === 'RUNNING') {
    setRunState(turn, run, 'PAUSED');
    if (turn.execution.state === 'RUNNING') setExecutionState(turn, 'PAUSED');
  } else if (state === 'RUNNING' && run.state === 'PAUSED') {
    setRunState(turn, run, 'RUNNING');
    leavePause(turn, false);
  }
}

/** Runs another flow and, unless told otherwise, waits for its end. */
export const subflow: FlowableRules = {
  enter: (turn, run) => {
    startWaiting(turn, run);
    evaluate(turn, run, 'child', pick(run.task.properties, childProperties));
  },
  evaluated: (turn, run, _purpose, { value, marks }) => {
    const properties = value as ValueMap;
    run.facts['wait'] = isTrue(properties['wait'], true);
    run.facts['transmitFailed'] = isTrue(properties['transmitFailed'], true);
    turn.commands.push({
      type: 'start-child',
      run,
      index: 0,
      request: requestFrom(turn, run, properties, marks),
    });
  },
  childStarted: (turn, run, index, executionId) => {
    run.children?.set(executionId, { index, state: undefined });
    giveOutputs(turn, run, mapOf({ executionId }), plainMarks);
    if (run.facts['wait'] === false) leafEnded(turn, run, { outcome: 'SUCCESS' });
  },
  childEnded: (turn, run, child) => {
    if (run.facts['wait'] === false) return;
    const transmits = run.facts['transmitFailed'] !== false;
    if (child.state === 'PAUSED' || child.state === 'RUNNING') {
      if (transmits) showChildPause(turn, run, child.state);
      return;
    }
    showChildPause(turn, run, 'RUNNING');
    run.children?.set(child.executionId, { index: 0, state: child.state });
    const outputs = mapOf({
      executionId: child.executionId,
      state: child.state,
      ...(child.outputs !== undefined && { outputs: child.outputs }),
    });
    const marks = marksOfParts([
      ['outputs', child.outputsMarks],
      ['state', child.seenMarks],
    ]);
    const outcome =
      child.error !== undefined ? 'FAILED' : transmits ? transmitted(child.state) : 'SUCCESS';
    leafEnded(turn, run, {
      outcome,
      outputs,
      outputsMarks: marks,
      ...(child.seenMarks !== plainMarks && { seenMarks: child.seenMarks }),
      error: child.error ?? {
        message: `the execution \`${child.executionId}\` ended ${child.state}`,
        code: 'task.failed',
      },
      mayRetry: true,
    });
  },
};

function transmitted(state: State): 'SUCCESS' | 'WARNING' | 'FAILED' | 'KILLED' {
  if (state === 'FAILED' || state === 'CANCELLED') return 'FAILED';
  return state === 'WARNING' || state === 'KILLED' ? state : 'SUCCESS';
}

/** How many children of one task run are under way at once, where the flow sets no bound. */
const childrenAtOnceMax = 20;

function count(run: TaskRun, fact: string): number {
  return Number(run.facts[fact] ?? 0);
}

function add(run: TaskRun, fact: string, by: number): void {
  run.facts[fact] = count(run, fact) + by;
}

/** Returns what decided how many executions a run starts. */
function valuesProvenance(run: TaskRun): Provenance {
  return flatten(run.valuesMarks ?? plainMarks);
}

/** Notes the end of a child; what it ended with, and that it did, marks what its siblings are joined to. */
function noteChild(run: TaskRun, child: ChildResult): void {
  const known = run.children?.get(child.executionId);
  run.children?.set(child.executionId, {
    index: known?.index ?? child.index,
    state: child.state,
    ...(child.outputs !== undefined && { outputs: child.outputs }),
    ...(child.outputsMarks !== plainMarks && { outputsMarks: child.outputsMarks }),
  });
  run.failure = joinProvenance(run.failure, flatten(child.seenMarks));
  add(run, 'ended', 1);
  if (child.error !== undefined || child.state === 'FAILED') add(run, 'failed', 1);
  if (child.state === 'WARNING') add(run, 'warned', 1);
  if (child.state === 'KILLED') add(run, 'killed', 1);
}

/** Returns the join of what the children of `run` gave. */
function childrenProvenance(run: TaskRun): Provenance {
  let joint = joinProvenance(valuesProvenance(run), run.failure);
  for (const { outputsMarks } of run.children?.values() ?? []) {
    if (outputsMarks !== undefined) joint = joinProvenance(joint, flatten(outputsMarks));
  }
  return joint;
}

function iterationCounts(run: TaskRun, isFinal: boolean): ValueMap {
  const counts = emptyMap();
  const waits = run.facts['wait'] !== false;
  if (isFinal && waits) {
    counts['CREATED'] = 0;
    counts['RUNNING'] = 0;
  }
  for (const child of run.children?.values() ?? []) {
    const state = child.state ?? 'RUNNING';
    counts[state] = Number(counts[state] ?? 0) + 1;
  }
  return counts;
}

/** Starts an execution per batch of a ForEachItem and ends when all have. */
export const forEachItemBatches: FlowableRules = {
  enter: (turn, run) => {
    startWaiting(turn, run);
    turn.commands.push({
      type: 'evaluate',
      run,
      purpose: 'batches',
      value: run.task.properties['splits'] ?? '',
      mode: 'lines',
    });
  },
  evaluated: (turn, run, purpose, { value, marks }) => {
    if (purpose === 'batches') {
      run.facts['batches'] = isList(value) ? value : [];
      run.valuesMarks = marksOf(flatten(marks));
      nextBatches(turn, run);
      return;
    }
    const index = Number(purpose.slice('batch:'.length));
    const properties = value as ValueMap;
    run.facts['wait'] = isTrue(properties['wait'], true);
    run.facts['transmitFailed'] = isTrue(properties['transmitFailed'], true);
    const request = requestFrom(turn, run, properties, marks);
    const control = joinProvenance(request.control, valuesProvenance(run));
    turn.commands.push({ type: 'start-child', run, index, request: { ...request, control } });
  },
  childStarted: (turn, run, index, executionId) => {
    run.children?.set(executionId, { index, state: undefined });
    if (run.facts['wait'] !== false) return;
    run.children?.set(executionId, { index, state: 'SUCCESS' });
    add(run, 'ended', 1);
    nextBatches(turn, run);
  },
  childEnded: (turn, run, child) => {
    if (child.state === 'PAUSED' || child.state === 'RUNNING' || run.facts['wait'] === false)
      return;
    noteChild(run, child);
    nextBatches(turn, run);
  },
};

function nextBatches(turn: Turn, run: TaskRun): void {
  const batches = run.facts['batches'] as readonly Value[];
  if (batches.length === 0) {
    leafEnded(turn, run, { outcome: 'SUCCESS' });
    return;
  }
  if (count(run, 'ended') === batches.length) {
    endBatches(turn, run, batches.length);
    return;
  }
  while (
    count(run, 'next') < batches.length &&
    count(run, 'next') - count(run, 'ended') < childrenAtOnceMax
  ) {
    const index = count(run, 'next');
    add(run, 'next', 1);
    turn.commands.push({
      type: 'evaluate',
      run,
      purpose: `batch:${index}`,
      value: pick(run.task.properties, childProperties),
      mode: 'text',
      more: mapOf({
        taskrun: mapOf({ items: batches[index] ?? '', iteration: index + 1 }),
      }),
    });
  }
}

function endBatches(turn: Turn, run: TaskRun, total: number): void {
  const transmits = run.facts['transmitFailed'] !== false;
  const outcome = !transmits
    ? 'SUCCESS'
    : count(run, 'killed') > 0
      ? 'KILLED'
      : count(run, 'failed') > 0
        ? 'FAILED'
        : count(run, 'warned') > 0
          ? 'WARNING'
          : 'SUCCESS';
  const base = run.task.properties['outputsBase'];
  const provenance = childrenProvenance(run);
  // What joins the outputs of the executions runs next, with the outputs as its own text.
  const around = progressAround(turn.execution, run);
  if (around !== undefined) dependOn(around, provenance);
  leafEnded(turn, run, {
    outcome,
    outputs: mapOf({
      numberOfBatches: total,
      iterations: iterationCounts(run, true),
      ...(base !== undefined && { subflowOutputsBaseUri: base }),
    }),
    outputsMarks: marksOf(joinProvenance(valuesProvenance(run), run.failure)),
    error: {
      message: `${count(run, 'failed')} of ${total} executions failed`,
      code: 'task.failed',
    },
    mayRetry: true,
  });
}

/** Runs its block once per value, each iteration an execution of its own. */
export const loop: FlowableRules = {
  enter: (turn, run) => {
    startWaiting(turn, run);
    const { properties } = run.task;
    turn.commands.push({
      type: 'evaluate',
      run,
      purpose: 'values',
      value: mapOf({
        values: properties['values'] ?? null,
        concurrencyLimit: properties['concurrencyLimit'] ?? 1,
        transmitFailed: properties['transmitFailed'] ?? true,
        fetchType: properties['fetchType'] ?? 'AUTO',
      }),
      mode: 'lines',
    });
  },
  evaluated: (turn, run, _purpose, { value, marks }) => {
    const properties = value as ValueMap;
    const items = loopItems(properties['values'] ?? null);
    const limit = Number(properties['concurrencyLimit']);
    if (typeof items === 'string' || !Number.isInteger(limit) || limit < 0) {
      failed(turn, run, {
        message:
          typeof items === 'string' ? items : '`concurrencyLimit` must be a whole number from 0 on',
        code: 'task.input-invalid',
      });
      return;
    }
    run.facts['items'] = items;
    run.facts['limit'] = limit;
    run.facts['transmitFailed'] = isTrue(properties['transmitFailed'], true);
    run.facts['fetchType'] = plainText(properties['fetchType'] ?? 'AUTO');
    run.valuesMarks = marks;
    nextIterations(turn, run);
  },
  childStarted: (turn, run, index, executionId) => {
    run.children?.set(executionId, { index, state: undefined });
    giveOutputs(turn, run, iterationOutputs(run), marksOf(valuesProvenance(run)));
  },
  childEnded: (turn, run, child) => {
    if (child.state === 'PAUSED' || child.state === 'RUNNING') {
      showChildPause(turn, run, child.state);
      return;
    }
    noteChild(run, child);
    showChildPause(turn, run, 'RUNNING');
    nextIterations(turn, run);
  },
};

/** Returns the items of a Loop's rendered `values`, or a sentence when they are unfit. */
function loopItems(values: Value): ValueMap[] | string {
  let given = values;
  if (typeof values === 'string') {
    try {
      given = JSON.parse(values) as Value;
    } catch {
      return `\`values\` rendered to text that is no JSON list or map: \`${values.slice(0, 120)}\``;
    }
  }
  if (isList(given)) {
    return given.map((value, index) => mapOf({ value: loopKey(value), index }));
  }
  if (isMap(given)) {
    return Object.entries(given).map(([key, value], index) =>
      mapOf({ value: loopKey(value), index, key }),
    );
  }
  return '`values` must be a list, a map, JSON text of one, or the URI of a file';
}

function iterationOutputs(run: TaskRun): ValueMap {
  const items = run.facts['items'] as readonly Value[];
  return mapOf({
    iterationCount: items.length,
    runningIterations: (run.children?.size ?? 0) - count(run, 'ended'),
    terminatedIterations: count(run, 'ended'),
  });
}

function nextIterations(turn: Turn, run: TaskRun): void {
  const items = run.facts['items'] as readonly ValueMap[];
  const stops =
    run.facts['transmitFailed'] !== false && count(run, 'failed') + count(run, 'killed') > 0;
  const limit = count(run, 'limit') === 0 ? childrenAtOnceMax : count(run, 'limit');
  while (
    !stops &&
    count(run, 'next') < items.length &&
    count(run, 'next') - count(run, 'ended') < limit
  ) {
    const index = count(run, 'next');
    add(run, 'next', 1);
    turn.commands.push({
      type: 'start-child',
      run,
      index,
      request: iterationRequest(turn, run, items[index] as ValueMap),
    });
  }
  if (count(run, 'ended') < count(run, 'next')) return;
  if (!stops && count(run, 'next') < items.length) return;
  endLoop(turn, run, items);
}

function iterationRequest(turn: Turn, run: TaskRun, item: ValueMap): ChildRequest {
  const { execution } = turn;
  const outer = execution.item;
  const parents: Value[] =
    outer === undefined ? [] : [outer, ...((outer['parents'] as Value[]) ?? [])];
  return {
    namespace: execution.flow.namespace,
    flowId: execution.flow.id,
    revision: execution.revision,
    loopTaskId: run.task.id,
    inputs: execution.inputs,
    inputsMarks: execution.inputsMarks,
    labels: execution.labels,
    labelsMarks: execution.labelsMarks,
    control: joinProvenance(run.control, valuesProvenance(run)),
    trigger: triggerOf(turn),
    item: mapOf({ ...item, ...(outer !== undefined && { parent: outer }), parents }),
    itemMarks: itemMarks(turn, run),
  };
}

/** Returns what an item is marked with; that of the loop around this one is part of it. */
function itemMarks({ execution }: Turn, run: TaskRun): Marks {
  const own = marksOf(valuesProvenance(run));
  const outer = execution.itemMarks;
  if (outer === plainMarks) return own;
  return {
    own: own.own,
    parts: new Map([
      ['parent', outer],
      ['parents', marksOf(flatten(outer))],
    ]),
  };
}

function endLoop(turn: Turn, run: TaskRun, items: readonly ValueMap[]): void {
  const byIndex = [...(run.children?.values() ?? [])].toSorted((a, b) => a.index - b.index);
  const transmits = run.facts['transmitFailed'] !== false;
  const outcome = !transmits
    ? 'SUCCESS'
    : count(run, 'killed') > 0
      ? 'KILLED'
      : count(run, 'failed') > 0
        ? 'FAILED'
        : count(run, 'warned') > 0
          ? 'WARNING'
          : 'SUCCESS';
  const outputs = mapOf({
    ...iterationOutputs(run),
    outputs: byIndex.map((child) =>
      mapOf({ item: items[child.index] ?? null, outputs: child.outputs ?? emptyMap() }),
    ),
  });
  leafEnded(turn, run, {
    outcome,
    outputs,
    outputsMarks: marksOfParts(
      [['outputs', marksOf(childrenProvenance(run))]],
      joinProvenance(valuesProvenance(run), run.failure),
    ),
    error: {
      message: `${count(run, 'failed')} of ${items.length} iterations failed`,
      code: 'task.failed',
    },
    mayRetry: true,
  });
}
