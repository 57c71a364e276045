/**
 * Ending an execution before its tasks do: by a kill, an Exit task, a broken service level, a pause
 * that ran out, a retry as a new execution. What waits ends at once, what runs is told to stop, and the
 * execution ends when all of it has.
 */
import { type Ending, presentRuns, type TaskRun } from './execution.ts';
import type { Turn } from './rules.ts';
import { isTerminated } from './state.ts';
import { clearTimer, endedState, endRun, setExecutionState, setRunState } from './transitions.ts';

function stopRun(turn: Turn, run: TaskRun): void {
  const isFlowable = turn.rulesOf(run.task.type) !== undefined;
  for (const purpose of ['retry', 'pause', 'round']) clearTimer(turn, `${purpose}:${run.id}`);
  const isRunning = run.state === 'RUNNING' || run.state === 'PAUSED';
  if (isRunning && run.children !== undefined && run.children.size > 0) {
    setRunState(turn, run, 'KILLING');
    for (const [executionId, child] of run.children) {
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
  const open = presentRuns(execution).filter((run) => !isTerminated(run.state));
  // Inner runs first, so that a flowable without anything running is seen as such.
  for (const run of open.toReversed()) if (!isTerminated(run.state)) stopRun(turn, run);
  if (execution.progress !== undefined) turn.toSettle.push(execution.progress);
}
