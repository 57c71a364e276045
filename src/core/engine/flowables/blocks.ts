/** The flowables that only choose how their tasks run: in sequence, side by side, by dependencies. */
import {
  plainText,
  emptyMap,
  flatten,
  isMap,
  joinProvenance,
  type Value,
  type ValueMap,
} from '../../value/index.ts';
import type { Lanes, TaskRun } from '../execution.ts';
import { graphLanes, laneEach, oneLane } from '../progress.ts';
import type { FlowableRules } from '../rules.ts';
import {
  afterTasks,
  allowed,
  blockOf,
  endRun,
  evaluate,
  failFlowable,
  giveOutputs,
  startLanes,
} from '../transitions.ts';

function mapOr(value: Value): ValueMap {
  return isMap(value) ? value : emptyMap();
}

/** Runs its tasks one after the other. */
export const sequential: FlowableRules = {
  lanes: (run) => ({ lanes: oneLane(blockOf(run.task, 'tasks')), limit: 0 }),
  enter: (turn, run) => startLanes(turn, run),
};

/** Runs its tasks one after the other; what fails in it is a warning of the flow. */
export const allowFailure: FlowableRules = {
  ...sequential,
  ended: (turn, run, state) =>
    endRun(turn, run, allowed({ ...run.task, allowFailure: true }, state)),
};

function limitOf(text: unknown): number | undefined {
  const limit = text === undefined || text === '' || text === null ? 0 : Number(text);
  return Number.isInteger(limit) && limit >= 0 ? limit : undefined;
}

function sideBySide(lanesOf: (run: TaskRun) => Lanes): FlowableRules {
  return {
    lanes: (run) => ({ lanes: lanesOf(run), limit: Number(run.facts['limit']) }),
    enter: (turn, run) => {
      evaluate(turn, run, 'concurrent', run.task.properties['concurrent'] ?? 0);
    },
    evaluated: (turn, run, _purpose, answer) => {
      const limit = limitOf(answer.value);
      if (limit === undefined) {
        failFlowable(turn, run, {
          message: `\`concurrent\` is \`${plainText(answer.value)}\`, but must be a whole number from 0 on`,
          code: 'task.input-invalid',
        });
        return;
      }
      run.facts['limit'] = limit;
      startLanes(turn, run);
    },
  };
}

/** Runs its tasks side by side, at most `concurrent` at once. */
export const parallel: FlowableRules = sideBySide((run) => laneEach(blockOf(run.task, 'tasks')));

/** Runs its tasks as soon as those they depend on have ended. */
export const dag: FlowableRules = sideBySide((run) =>
  graphLanes(blockOf(run.task, 'tasks'), run.task.dependsOn ?? {}),
);

/** Runs its tasks one after the other in one folder that they share. */
export const workingDirectory: FlowableRules = {
  lanes: (run) => ({ lanes: oneLane(blockOf(run.task, 'tasks')), limit: 0 }),
  enter: (turn, run) => {
    turn.commands.push({ type: 'perform', run, step: 'prepare-folder' });
  },
  performed: (turn, run, step, answer) => {
    if (step === 'prepare-folder') {
      run.folder = joinProvenance(run.folder, flatten(answer.marks));
      startLanes(turn, run);
      return;
    }
    giveOutputs(turn, run, mapOr(answer.value), answer.marks);
    if (run.progress !== undefined) afterTasks(turn, run.progress);
  },
  tasksEnded: (turn, run) => {
    turn.commands.push({ type: 'perform', run, step: 'collect-folder' });
  },
};
