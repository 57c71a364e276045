/**
 * Waits: for somebody to resume, or for a time. Waiting is a state and a timer and holds nothing. A
 * `pauseDuration` (the old `delay`) that passes does what `behavior` says, RESUME by default; a
 * `timeout` that passes fails the run unless `behavior` says otherwise.
 */
import { parseDuration } from '../../flow/index.ts';
import {
  plainText,
  emptyMap,
  flatten,
  isMap,
  mapOf,
  type Marks,
  plainMarks,
  type ValueMap,
} from '../../value/index.ts';
import { endExecutionEarly } from '../ending.ts';
import { presentRuns, type TaskRun } from '../execution.ts';
import { oneLane } from '../progress.ts';
import type { FlowableRules, Turn } from '../rules.ts';
import { isTerminated } from '../state.ts';
import {
  beginRun,
  blockOf,
  clearTimer,
  createRun,
  endFlowable,
  evaluate,
  failFlowable,
  giveOutputs,
  setExecutionState,
  setRunState,
  setTimer,
  startLanes,
} from '../transitions.ts';

const behaviors = ['RESUME', 'WARN', 'FAIL', 'CANCEL'];

function text(map: ValueMap, name: string): string | undefined {
  const value = Object.hasOwn(map, name) ? map[name] : undefined;
  return value === undefined || value === null || value === '' ? undefined : plainText(value);
}

/** Notes a wait that ends by itself; false when the duration is unreadable. */
function waitFor(turn: Turn, run: TaskRun, name: string, duration: string): boolean {
  const milliseconds = parseDuration(duration);
  if (milliseconds === undefined) {
    failFlowable(turn, run, {
      message: `\`${name}\` is \`${duration}\`, but must be a duration such as \`PT1H\``,
      code: 'task.input-invalid',
    });
    return false;
  }
  setTimer(turn, `pause:${run.id}`, turn.at + milliseconds);
  return true;
}

function startPause(turn: Turn, run: TaskRun, properties: ValueMap): void {
  const duration = text(properties, 'pauseDuration');
  const timeout = text(properties, 'timeout');
  const behavior = text(properties, 'behavior')?.toUpperCase();
  if (behavior !== undefined && !behaviors.includes(behavior)) {
    failFlowable(turn, run, {
      message: `\`behavior\` is \`${behavior}\`, but must be one of ${behaviors.join(', ')}`,
      code: 'task.input-invalid',
    });
    return;
  }
  run.facts['whenOver'] = behavior ?? (duration === undefined ? 'FAIL' : 'RESUME');
  if (duration !== undefined && !waitFor(turn, run, 'pauseDuration', duration)) return;
  if (duration === undefined && timeout !== undefined && !waitFor(turn, run, 'timeout', timeout))
    return;
  setRunState(turn, run, 'PAUSED');
  showPause(turn);
  const description = text(properties, 'description');
  if (description !== undefined) {
    turn.commands.push({ type: 'write-log', run, level: 'INFO', message: description });
  }
  const [onPause] = blockOf(run.task, 'onPause');
  if (onPause !== undefined) {
    beginRun(turn, createRun(turn, onPause, { parent: run, phase: 'onPause' }));
  }
}

/** Shows that the execution waits for somebody, whatever else goes on beside it. */
export function showPause(turn: Turn): void {
  const { state } = turn.execution;
  if (state === 'RUNNING' || state === 'RETRYING') setExecutionState(turn, 'PAUSED');
}

/** Lets the execution run again unless another of its runs still waits. */
export function leavePause(turn: Turn, isByHand: boolean): void {
  const { execution } = turn;
  if (execution.state !== 'PAUSED' || execution.isHeld) return;
  if (presentRuns(execution).some((run) => run.state === 'PAUSED')) return;
  if (isByHand) setExecutionState(turn, 'RESTARTED');
  setExecutionState(turn, 'RUNNING');
}

/** Ends the wait of `run` with the values of its form. */
export function resumePause(
  turn: Turn,
  run: TaskRun,
  values: { readonly inputs: ValueMap; readonly marks: Marks; readonly by: string },
): void {
  clearTimer(turn, `pause:${run.id}`);
  const on = Temporal.Instant.fromEpochMilliseconds(turn.at).toString();
  giveOutputs(
    turn,
    run,
    mapOf({ onResume: values.inputs, resumed: mapOf({ by: values.by, on, to: 'RUNNING' }) }),
    values.marks === plainMarks
      ? plainMarks
      : { own: flatten(plainMarks), parts: new Map([['onResume', values.marks]]) },
  );
  goOn(turn, run, true);
}

function goOn(turn: Turn, run: TaskRun, isByHand: boolean): void {
  const tasks = blockOf(run.task, 'tasks');
  if (tasks.length === 0) {
    endFlowable(turn, run, 'SUCCESS');
  } else {
    setRunState(turn, run, 'RUNNING');
    startLanes(turn, run);
  }
  leavePause(turn, isByHand);
}

/** Waits for somebody, or for a time. */
export const pause: FlowableRules = {
  lanes: (run) => ({ lanes: oneLane(blockOf(run.task, 'tasks')), limit: 0 }),
  enter: (turn, run) => {
    const { properties, description, timeout } = run.task;
    evaluate(turn, run, 'pause', {
      pauseDuration: properties['pauseDuration'] ?? properties['delay'] ?? null,
      timeout: timeout ?? null,
      behavior: properties['behavior'] ?? null,
      description: description ?? null,
    });
  },
  evaluated: (turn, run, _purpose, { value }) =>
    startPause(turn, run, isMap(value) ? value : emptyMap()),
  timerFired: (turn, run) => {
    if (isTerminated(run.state) || run.state !== 'PAUSED') return;
    // What people must decide is decided by no clock.
    const isBound = run.approval?.isBinding === true;
    const behavior = isBound ? 'FAIL' : run.facts['whenOver'];
    if (behavior === 'RESUME') {
      giveOutputs(turn, run, mapOf({ onResume: emptyMap() }), plainMarks);
      goOn(turn, run, false);
    } else if (behavior === 'WARN') {
      endFlowable(turn, run, 'WARNING');
      leavePause(turn, false);
    } else if (behavior === 'CANCEL') {
      endExecutionEarly(turn, { state: 'CANCELLED', reason: 'pause-behavior' });
    } else {
      leavePauseFailing(turn, run);
    }
  },
};

function leavePauseFailing(turn: Turn, run: TaskRun): void {
  failFlowable(turn, run, { message: 'nobody resumed in time', code: 'task.timed-out' });
  leavePause(turn, false);
}
