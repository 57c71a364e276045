/** The flowables that choose between lists of tasks by a rendered value: If and Switch. */
import { plainText, flatten, mapOf, type Provenance } from '../../value/index.ts';
import { isTruthyText } from '../../expression/index.ts';
import type { Lanes, TaskRun } from '../execution.ts';
import { oneLane } from '../progress.ts';
import type { FlowableRules, Turn } from '../rules.ts';
import {
  blockOf,
  evaluate,
  failFlowable,
  giveOutputs,
  markBranches,
  startLanes,
} from '../transitions.ts';

function choose(turn: Turn, run: TaskRun, block: string, control: Provenance): void {
  markBranches(turn, run, control);
  run.facts['block'] = block;
  startLanes(turn, run, control);
}

function chosenLanes(run: TaskRun): { lanes: Lanes; limit: number } {
  return { lanes: oneLane(blockOf(run.task, plainText(run.facts['block']))), limit: 0 };
}

/** Runs `then` when the condition holds, else `else`; the condition is evaluated once. */
export const ifElse: FlowableRules = {
  lanes: chosenLanes,
  enter: (turn, run) => evaluate(turn, run, 'condition', run.task.properties['condition'] ?? ''),
  evaluated: (turn, run, _purpose, { value, marks }) => {
    const holds = isTruthyText(typeof value === 'string' ? value : plainText(value));
    giveOutputs(turn, run, mapOf({ evaluationResult: holds }), marks);
    choose(turn, run, holds ? 'then' : 'else', flatten(marks));
  },
};

/** Runs the case whose text equals the value, else `defaults`. */
export const switchCase: FlowableRules = {
  lanes: chosenLanes,
  enter: (turn, run) => evaluate(turn, run, 'value', run.task.properties['value'] ?? ''),
  evaluated: (turn, run, _purpose, { value, marks }) => {
    const text = typeof value === 'string' ? value : plainText(value);
    const hasCase = Object.hasOwn(run.task.blocks, `cases.${text}`);
    const hasDefaults = Object.hasOwn(run.task.blocks, 'defaults');
    giveOutputs(turn, run, mapOf({ value: text, defaults: !hasCase }), marks);
    if (!hasCase && !hasDefaults) {
      failFlowable(turn, run, {
        message: `no case equals \`${text}\` and there are no \`defaults\``,
        code: 'task.failed',
      });
      return;
    }
    choose(turn, run, hasCase ? `cases.${text}` : 'defaults', flatten(marks));
  },
};
