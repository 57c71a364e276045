/**
 * Cuts a file into batches, runs a flow for each and joins their outputs: three generated task runs,
 * `<id>_split`, `<id>_items` and `<id>_merge`.
 */
import type { Task } from '../../flow/index.ts';
import {
  emptyMap,
  isList,
  joinMarks,
  mapOf,
  plainMarks,
  type Value,
  type ValueMap,
} from '../../value/index.ts';
import type { TaskRun } from '../execution.ts';
import { leafEnded } from '../leaf-ended.ts';
import { freshProgress } from '../progress.ts';
import type { FlowableRules, Turn } from '../rules.ts';
import { dependOn, startBlock } from '../transitions.ts';
import {
  add,
  childProperties,
  childrenAtOnceMax,
  childrenInOrder,
  childrenProvenance,
  count,
  isTrue,
  jointOutcome,
  pick,
  requestFrom,
  startWaiting,
  takeReport,
} from './child-executions.ts';

/** Returns a generated task `<id>_<part>` of `task`; what is decided for the whole is not decided again. */
function part(task: Task, name: string, type: string, properties: ValueMap): Task {
  const { retry: _retry, runIf: _runIf, timeout: _timeout, ...rest } = task;
  return {
    ...rest,
    id: `${task.id}_${name}`,
    type,
    properties,
    blocks: {},
    allowFailure: false,
    allowWarning: false,
    path: `${task.path}.${name}`,
  };
}

function generated({ task }: TaskRun): readonly [Task, Task, Task] {
  const { items, batch, ...child } = task.properties;
  return [
    part(
      task,
      'split',
      'core.flow.ForEachItemSplit',
      mapOf({ items: items ?? '', batch: batch ?? emptyMap() }),
    ),
    part(task, 'items', 'core.flow.ForEachItemBatches', mapOf(child)),
    part(task, 'merge', 'core.flow.ForEachItemMerge', mapOf({ records: [] })),
  ];
}

function madeRun(turn: Turn, parent: TaskRun | null, name: string): TaskRun | undefined {
  const id = `${parent?.task.id ?? ''}_${name}`;
  return turn.execution.runs.findLast(
    (one) => one.parent === parent && one.task.id === id && !one.isRemoved,
  );
}

/** Runs a flow for each batch of a file. */
export const forEachItem: FlowableRules = {
  enter: (turn, run) => {
    const [split, items, merge] = generated(run);
    const withoutRecords = [split, items, merge];
    const lanes = {
      count: 1,
      // The merge takes what the executions gave, which is known when its turn comes.
      tasks: (): readonly Task[] => {
        const batches = madeRun(turn, run, 'items');
        if (batches?.outputs === undefined) return withoutRecords;
        const records = childrenInOrder(batches).map((child) => child.outputs ?? emptyMap());
        return [split, items, { ...merge, properties: mapOf({ records }) }];
      },
    };
    startBlock(turn, freshProgress(run, lanes));
  },
};

/** Starts an execution per batch of a ForEachItem and ends when all have. */
export const forEachItemBatches: FlowableRules = {
  enter: (turn, run) => {
    startWaiting(turn, run);
    const split = madeRun(turn, run.parent, 'split');
    turn.commands.push({
      type: 'evaluate',
      run,
      purpose: 'batches',
      value: split?.outputs?.['splits'] ?? '',
      mode: 'lines',
    });
  },
  evaluated: (turn, run, purpose, { value, marks }) => {
    if (purpose === 'batches') {
      run.facts['batches'] = isList(value) ? value : [];
      run.valuesMarks = marks;
      nextBatches(turn, run);
      return;
    }
    const properties = value as ValueMap;
    run.facts['wait'] = isTrue(properties['wait'], true);
    run.facts['transmitFailed'] = isTrue(properties['transmitFailed'], true);
    turn.commands.push({
      type: 'start-child',
      run,
      index: Number(purpose.slice('batch:'.length)),
      request: requestFrom(turn, run, properties, marks),
    });
  },
  childStarted: (turn, run, index, executionId) => {
    run.children?.set(executionId, { index, state: undefined });
    if (run.facts['wait'] !== false) return;
    run.children?.set(executionId, { index, state: 'SUCCESS' });
    add(run, 'ended', 1);
    nextBatches(turn, run);
  },
  childEnded: (turn, run, child) => {
    if (run.facts['wait'] === false) return;
    if (takeReport(turn, run, child)) nextBatches(turn, run);
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

/** Returns how many children ended in each state; those not waited for were never seen as created. */
function iterationCounts(run: TaskRun): ValueMap {
  const counts = emptyMap();
  if (run.facts['wait'] !== false) counts['CREATED'] = 0;
  counts['RUNNING'] = 0;
  for (const { state = 'RUNNING' } of childrenInOrder(run)) {
    counts[state] = Number(counts[state] ?? 0) + 1;
  }
  return counts;
}

function endBatches(turn: Turn, run: TaskRun, total: number): void {
  // The merge puts what all of them gave into one file.
  const around = run.parent?.progress;
  if (around !== undefined) dependOn(around, childrenProvenance(run));
  const splits = madeRun(turn, run.parent, 'split')?.outputs?.['splits'];
  const [execution = ''] = typeof splits === 'string' ? splits.split('/tasks/') : [];
  leafEnded(turn, run, {
    outcome: jointOutcome(run),
    outputs: mapOf({
      numberOfBatches: total,
      iterations: iterationCounts(run),
      subflowOutputsBaseUri: `${execution}/tasks`,
    }),
    outputsMarks: joinMarks(run.valuesMarks ?? plainMarks, run.failure),
    error: {
      message: `${count(run, 'failed')} of ${total} executions failed`,
      code: 'task.failed',
    },
    mayRetry: true,
  });
}
