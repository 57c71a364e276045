/**
 * Ending an execution before its tasks do: by a kill, an Exit task, a broken service level, a pause
 * that ran out, a retry as a new execution. What waits ends at once, what runs is told to stop, and the
 * execution ends when all of it has.
 */
import { type Ending, presentRuns, type TaskRun } from './execution.ts';
import { freshProgress, oneLane } from './progress.ts';
import type { Turn } from './rules.ts';
import { isTerminated } from './state.ts';
import { clearTimer, endedState, endRun, setExecutionState, setRunState } from './transitions.ts';

/** Tells whether an execution that `run` started has not ended, or is to come. */
export function hasOpenChildren(run: TaskRun): boolean {
  if (run.startingChildren > 0) return true;
  return [...(run.children?.values() ?? [])].some((child) => child.state === undefined);
}

function stopRun(turn: Turn, run: TaskRun): void {
  const isFlowable = turn.rulesOf(run.task.type) !== undefined;
  for (const purpose of ['retry', 'pause', 'round']) clearTimer(turn, `${purpose}:${run.id}`);
  const isRunning = run.state === 'RUNNING' || run.state === 'PAUSED';
  if (isRunning && hasOpenChildren(run)) {
    setRunState(turn, run, 'KILLING');
    for (const [executionId, child] of run.children ?? []) {
      if (child.state === undefined) turn.commands.push({ type: 'kill-child', executionId });
    }
  } else if (isFlowable && run.state === 'RUNNING' && run.progress !== undefined) {
    setRunState(turn, run, 'KILLING');
    turn.toSettle.push(run.progress);
  } else if (!isFlowable && run.state === 'RUNNING') {
    turn.commands.push({ type: 'cancel-task', run });
  } else {
    if (!isFlowable) turn.commands.push({ type: 'cancel-task', run });
    endRun(turn, run, endedState(turn.execution, run));
  }
}

/** Binds the execution to end as `ending` says. */
export function endExecutionEarly(turn: Turn, ending: Ending): void {
  const { execution } = turn;
  if (execution.ending !== undefined || execution.isClosed) return;
  execution.ending = ending;
  execution.isHeld = false;
  execution.heldRuns = [];
  if (ending.reason === 'kill') setExecutionState(turn, 'KILLING');
  execution.isRestarting = false;
  const open = presentRuns(execution).filter((run) => !isTerminated(run.state));
  // Inner runs first, so that a flowable without anything running is seen as such.
  for (const run of open.toReversed()) if (!isTerminated(run.state)) stopRun(turn, run);
  if (execution.progress === undefined) {
    // It has not begun: it waits for its date or its slot, perhaps with runs taken over from another one.
    clearTimer(turn, 'start');
    execution.progress = freshProgress(null, oneLane([]));
    execution.progress.phase = 'done';
  }
  turn.toSettle.push(execution.progress);
}
