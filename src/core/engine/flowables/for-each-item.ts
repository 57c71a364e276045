/**
 * Cuts a file into batches, runs a flow for each and joins their outputs: three generated task runs,
 * `<id>_split`, `<id>_items` and `<id>_merge`.
 */
import type { Task } from '../../flow/index.ts';
import { emptyMap, mapOf, type Value, type ValueMap } from '../../value/index.ts';
import type { TaskRun } from '../execution.ts';
import { freshProgress } from '../progress.ts';
import type { FlowableRules } from '../rules.ts';
import { startBlock } from '../transitions.ts';

/** Returns a generated task `<id>_<part>` of `task`. */
function part(task: Task, name: string, type: string, properties: ValueMap): Task {
  const { retry, ...rest } = task;
  return {
    ...rest,
    ...(name === 'items' && retry !== undefined && { retry }),
    id: `${task.id}_${name}`,
    type,
    properties,
    blocks: {},
    allowFailure: false,
    allowWarning: false,
    path: `${task.path}.${name}`,
  };
}

function generated(run: TaskRun): Task[] {
  const { task } = run;
  const { items, batch, ...child } = task.properties;
  return [
    part(
      task,
      'split',
      'core.flow.ForEachItemSplit',
      mapOf({ items: items ?? '', batch: batch ?? emptyMap() }),
    ),
    part(
      task,
      'items',
      'core.flow.ForEachItemBatches',
      mapOf({
        ...child,
        splits: `{{ currentEachOutput(outputs['${task.id}_split']).splits ?? '' }}`,
      }),
    ),
    part(task, 'merge', 'core.flow.ForEachItemMerge', mapOf({ records: [] })),
  ];
}

function records(run: TaskRun): Value[] {
  const children = [...(run.children?.values() ?? [])].toSorted((a, b) => a.index - b.index);
  return children.map((child) => child.outputs ?? emptyMap());
}

/** Runs a flow for each batch of a file. */
export const forEachItem: FlowableRules = {
  enter: (turn, run) => {
    const tasks = generated(run);
    const lanes = {
      count: 1,
      // The merge takes what the executions gave, which is known when its turn comes.
      tasks: () => {
        const batches = turn.execution.runs.findLast(
          (one) => one.parent === run && one.task === tasks[1] && !one.isRemoved,
        );
        if (batches === undefined || batches.outputs === undefined) return tasks;
        const merge = tasks[2] as Task;
        return [
          ...tasks.slice(0, 2),
          { ...merge, properties: mapOf({ records: records(batches) }) },
        ];
      },
    };
    startBlock(turn, freshProgress(run, lanes));
  },
};
