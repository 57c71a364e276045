/**
 * The flowable whose iterations are executions of their own: their runs are not seen outside, what
 * they give is what the loop declares as its `outputs`.
 */
import { jsonText } from '../../expression/index.ts';
import { readJson } from '../../flow/index.ts';
import {
  emptyMap,
  encodeValue,
  flatten,
  isList,
  isMap,
  joinMarks,
  joinProvenance,
  mapOf,
  type Marks,
  marksOf,
  marksOfParts,
  plainMarks,
  plainText,
  type Provenance,
  type Value,
  type ValueMap,
} from '../../value/index.ts';
import type { ChildRequest } from '../command.ts';
import type { Execution, TaskRun } from '../execution.ts';
import { leafEnded } from '../leaf-ended.ts';
import { loopKey } from '../output-tree.ts';
import type { FlowableRules, Turn } from '../rules.ts';
import { giveOutputs } from '../transitions.ts';
import {
  add,
  childrenAtOnceMax,
  childrenInOrder,
  childrenProvenance,
  chosenBy,
  count,
  isTrue,
  jointOutcome,
  startWaiting,
  triggerOf,
  takeReport,
} from './child-executions.ts';

/** With `fetchType: AUTO`, outputs that are longer than this as text become a file. */
const fetchedLengthMax = 256 * 1024;

/** Returns the items of a Loop's rendered `values`, or a sentence when they are unfit. */
export function loopItems(values: Value): ValueMap[] | string {
  let given = values;
  if (typeof values === 'string') {
    const read = readJson(values);
    if (read === undefined) {
      return `\`values\` rendered to text that is no JSON list or map: \`${values.slice(0, 120)}\``;
    }
    given = read.value;
  }
  if (isList(given)) {
    return given.map((value, index) => mapOf({ value: loopKey(value), index }));
  }
  if (isMap(given)) {
    return Object.entries(given).map(([key, value], index) =>
      mapOf({ value: loopKey(value), index, key }),
    );
  }
  return `\`values\` must be a list, a map, JSON text of one, or the URI of a file, but is \`${jsonText(given, false)}\``;
}

function itemsOf(run: TaskRun): readonly ValueMap[] {
  return run.facts['items'] as readonly ValueMap[];
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
  evaluated: (turn, run, _purpose, { value, marks }) => begin(turn, run, value as ValueMap, marks),
  childStarted: (turn, run, index, executionId) => {
    run.children?.set(executionId, { index, state: undefined });
    giveOutputs(turn, run, iterationOutputs(run), countMarks(run));
  },
  childEnded: (turn, run, child) => {
    if (takeReport(turn, run, child)) nextIterations(turn, run);
  },
  performed: (turn, run, _step, { value }) => {
    const uri = isMap(value) ? (value['uri'] ?? null) : null;
    endLoop(turn, run, mapOf({ ...iterationOutputs(run), uri }), countMarks(run));
  },
};

function begin(turn: Turn, run: TaskRun, properties: ValueMap, marks: Marks): void {
  const items = loopItems(properties['values'] ?? null);
  const limit = Number(properties['concurrencyLimit']);
  if (typeof items === 'string' || !Number.isInteger(limit) || limit < 0) {
    const message =
      typeof items === 'string' ? items : '`concurrencyLimit` must be a whole number from 0 on';
    turn.commands.push({ type: 'write-log', run, level: 'ERROR', message });
    leafEnded(turn, run, { outcome: 'FAILED', error: { message, code: 'task.input-invalid' } });
    return;
  }
  run.facts['items'] = items;
  run.facts['limit'] = limit;
  run.facts['transmitFailed'] = isTrue(properties['transmitFailed'], true);
  run.facts['fetchType'] = plainText(properties['fetchType'] ?? 'AUTO').toUpperCase();
  run.valuesMarks = marksOf(flatten(marks));
  nextIterations(turn, run);
}

/** How many iterations there are says something about the values. */
function countMarks(run: TaskRun): Marks {
  return joinMarks(run.valuesMarks ?? plainMarks, run.failure);
}

function iterationOutputs(run: TaskRun): ValueMap {
  return mapOf({
    iterationCount: itemsOf(run).length,
    runningIterations: (run.children?.size ?? 0) - count(run, 'ended') - count(run, 'repeated'),
    terminatedIterations: count(run, 'ended'),
  });
}

function nextIterations(turn: Turn, run: TaskRun): void {
  const items = itemsOf(run);
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
  gather(turn, run);
}

/** Tells whether a task has changed the variables of the flow. */
function hasChangedVariables({ variables, flow }: Execution): boolean {
  const names = Object.keys(variables);
  return (
    names.length !== Object.keys(flow.variables).length ||
    names.some((name) => variables[name] !== flow.variables[name])
  );
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
    control: chosenBy(run),
    // The block stands in the flow, so it reads the trigger of the flow.
    trigger: execution.trigger ?? triggerOf(turn),
    triggerMarks: execution.triggerMarks,
    ...(hasChangedVariables(execution) && {
      variables: execution.variables,
      variablesMarks: execution.variablesMarks,
    }),
    item: mapOf({ ...item, ...(outer !== undefined && { parent: outer }), parents }),
    itemMarks: joinMarks(run.valuesMarks ?? plainMarks, flatten(execution.itemMarks)),
  };
}

/** What the iterations of a Loop gave, in order, and where it comes from. */
export function iterationRecords(run: TaskRun): {
  readonly records: readonly Value[];
  readonly provenance: Provenance;
} {
  const items = itemsOf(run);
  const records = childrenInOrder(run).map((child) =>
    mapOf({ item: items[child.index] ?? null, outputs: child.outputs ?? emptyMap() }),
  );
  const values = joinProvenance(run.control, flatten(run.valuesMarks ?? plainMarks));
  return { records, provenance: joinProvenance(values, childrenProvenance(run)) };
}

/** Ends the loop with what the iterations gave, or has that stored first. */
function gather(turn: Turn, run: TaskRun): void {
  const { records, provenance } = iterationRecords(run);
  const how = run.facts['fetchType'];
  const isLong = how === 'AUTO' && encodeValue(records).length > fetchedLengthMax;
  if (how === 'STORE' || isLong) {
    turn.commands.push({ type: 'perform', run, step: 'store-records' });
    return;
  }
  const outputs = mapOf({ ...iterationOutputs(run), outputs: records });
  endLoop(
    turn,
    run,
    outputs,
    joinMarks(marksOfParts([['outputs', marksOf(provenance)]]), flatten(countMarks(run))),
  );
}

function endLoop(turn: Turn, run: TaskRun, outputs: ValueMap, outputsMarks: Marks): void {
  leafEnded(turn, run, {
    outcome: jointOutcome(run),
    outputs,
    outputsMarks,
    error: {
      message: `${count(run, 'failed')} of ${itemsOf(run).length} iterations failed`,
      code: 'task.failed',
    },
    mayRetry: true,
  });
}
