/**
 * Repeats its tasks until a condition holds. The runs of a round are removed before the next one, so
 * that only the last round is seen; waiting between rounds is a timer and holds nothing.
 */
import { isTruthyText } from '../../expression/index.ts';
import { parseDuration } from '../../flow/index.ts';
import {
  plainText,
  flatten,
  isMap,
  joinMarks,
  joinProvenance,
  mapOf,
  type Marks,
  marksOf,
  plainMarks,
  type Value,
} from '../../value/index.ts';
import type { TaskRun } from '../execution.ts';
import { oneLane } from '../progress.ts';
import { removeDescendants } from '../remove-runs.ts';
import type { FlowableRules, Turn } from '../rules.ts';
import {
  afterTasks,
  blockOf,
  dependOn,
  evaluate,
  failFlowable,
  giveOutputs,
  markBranches,
  setTimer,
  startLanes,
} from '../transitions.ts';

const intervalDefaultMs = 60_000;

function round(run: TaskRun): number {
  return Number(run.facts['round'] ?? 1);
}

function startRound(turn: Turn, run: TaskRun, number: number): void {
  run.facts['round'] = number;
  const marks = run.valuesMarks ?? plainMarks;
  giveOutputs(turn, run, mapOf({ iterationCount: number }), marks);
  startLanes(turn, run, flatten(marks));
}

function readFrequency(turn: Turn, run: TaskRun, value: Value): boolean {
  const frequency = isMap(value) ? value : {};
  const given = (name: string): Value | undefined => {
    const found = Object.hasOwn(frequency, name) ? frequency[name] : undefined;
    return found === null || found === '' ? undefined : found;
  };
  const most = given('maxIterations');
  if (most !== undefined) {
    if (!Number.isInteger(Number(most))) {
      failFlowable(turn, run, {
        message: `\`checkFrequency.maxIterations\` is \`${plainText(most)}\`, but must be a whole number`,
        code: 'task.input-invalid',
      });
      return false;
    }
    run.facts['roundsMax'] = Number(most);
  }
  for (const [name, fact] of [
    ['maxDuration', 'durationMaxMs'],
    ['interval', 'intervalMs'],
  ] as const) {
    const text = given(name);
    if (text === undefined) continue;
    const duration = parseDuration(plainText(text));
    if (duration === undefined) {
      failFlowable(turn, run, {
        message: `\`checkFrequency.${name}\` is \`${plainText(text)}\`, but must be a duration such as \`PT10S\``,
        code: 'task.input-invalid',
      });
      return false;
    }
    run.facts[fact] = duration;
  }
  return true;
}

function isOver(turn: Turn, run: TaskRun): boolean {
  const roundsMax = run.facts['roundsMax'];
  if (roundsMax !== undefined && round(run) > Number(roundsMax)) return true;
  const durationMaxMs = run.facts['durationMaxMs'];
  const createdAt = run.histories[0]?.at ?? turn.at;
  return durationMaxMs !== undefined && turn.at >= createdAt + Number(durationMaxMs);
}

function conditionKnown(turn: Turn, run: TaskRun, holds: boolean): void {
  const { progress } = run;
  if (progress === undefined) return;
  if (holds) {
    afterTasks(turn, progress);
    return;
  }
  if (!isOver(turn, run)) {
    setTimer(
      turn,
      `round:${run.id}`,
      turn.at + Number(run.facts['intervalMs'] ?? intervalDefaultMs),
    );
    return;
  }
  const fails = run.task.properties['failOnMaxReached'];
  if (fails === true || (typeof fails === 'string' && fails.trim().toLowerCase() === 'true')) {
    failFlowable(turn, run, {
      message: `the condition did not hold after ${round(run)} rounds`,
      code: 'task.failed',
    });
  } else {
    afterTasks(turn, progress);
  }
}

/** Which round is the last, and how many there are, depends on what the conditions were made of. */
function dependOnAnswer(turn: Turn, run: TaskRun, marks: Marks): void {
  if (marks === plainMarks) return;
  const joint = joinProvenance(flatten(marks), flatten(run.valuesMarks ?? plainMarks));
  run.valuesMarks = marksOf(joint);
  run.outputsMarks = joinMarks(run.outputsMarks, joint);
  if (run.outputs !== undefined) giveOutputs(turn, run, run.outputs, run.outputsMarks);
  if (run.progress !== undefined) dependOn(run.progress, joint);
  markBranches(turn, run, joint);
}

/** Repeats its tasks until the condition holds. */
export const loopUntil: FlowableRules = {
  lanes: (run) => ({ lanes: oneLane(blockOf(run.task, 'tasks')), limit: 0 }),
  enter: (turn, run) =>
    evaluate(turn, run, 'frequency', run.task.properties['checkFrequency'] ?? null),
  evaluated: (turn, run, purpose, { value, marks }) => {
    dependOnAnswer(turn, run, marks);
    if (purpose === 'frequency') {
      if (readFrequency(turn, run, value)) startRound(turn, run, 1);
    } else {
      conditionKnown(turn, run, isTruthyText(plainText(value)));
    }
  },
  tasksEnded: (turn, run) =>
    evaluate(turn, run, 'condition', run.task.properties['condition'] ?? ''),
  timerFired: (turn, run) => {
    removeDescendants(turn, run);
    startRound(turn, run, round(run) + 1);
  },
};
