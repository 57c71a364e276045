/** What executions that a run started report: they exist, they rest, they ended. */
import { plainMarks } from '../../value/index.ts';
import { hasOpenChildren } from '../ending.ts';
import type { TaskRun } from '../execution.ts';
import { giveUp } from '../give-up.ts';
import { leafEnded } from '../leaf-ended.ts';
import type { Turn } from '../rules.ts';
import { isTerminated } from '../state.ts';
import { type Handler, openRun } from './handler.ts';

/** Tells the run that its child exists; a child that comes too late is killed. */
export const childStarted: Handler<'child-started'> = (turn, event) => {
  const { executionId = '', taskRunId } = event;
  // Told twice: it is known already, also where nobody waits for it any more.
  if (turn.execution.runsById.get(taskRunId)?.children?.has(executionId) === true) return;
  const run = openRun(turn, taskRunId);
  const isWanted = run !== undefined && isExpected(run, event.index);
  if (!isWanted || run.state === 'KILLING') {
    if (event.executionId !== undefined) {
      turn.commands.push({ type: 'kill-child', executionId: event.executionId });
      if (isWanted) run.children?.set(event.executionId, { index: event.index, state: undefined });
    }
    if (isWanted) endWithLastChild(turn, run);
  } else if (event.executionId === undefined) {
    giveUp(turn, run, event.error ?? { message: 'the execution could not be started' });
  } else {
    turn.rulesOf(run.task.type)?.childStarted?.(turn, run, event.index, event.executionId);
  }
};

/** Takes note of a child that was asked for, or that repeats an earlier one; false for any other. */
function isExpected(run: TaskRun, index: number): boolean {
  if (run.startingChildren > 0) {
    run.startingChildren -= 1;
    return true;
  }
  for (const [id, child] of run.children ?? []) {
    if (child.state === 'RETRIED' && child.index === index)
      return run.children?.delete(id) ?? false;
  }
  return false;
}

/** Ends a run that is being killed once no child of it is open or to come. */
function endWithLastChild(turn: Turn, run: TaskRun): void {
  if (!hasOpenChildren(run)) leafEnded(turn, run, { outcome: 'KILLED' });
}

/** Tells the run how its child stands; a run that is being killed ends with its last child. */
export const childEnded: Handler<'child-ended'> = (turn, event) => {
  if (isTerminated(event.state)) turn.execution.awaited.delete(`kill ${event.executionId}`);
  const run = openRun(turn, event.taskRunId);
  const child = run?.children?.get(event.executionId);
  if (run === undefined || child === undefined || child.state !== undefined) return;
  if (event.state === 'RETRIED') {
    // Another execution goes on in its name and reports itself as a child.
    run.children?.set(event.executionId, { index: child.index, state: event.state });
    return;
  }
  if (run.state === 'KILLING') {
    if (!isTerminated(event.state)) return;
    run.children?.set(event.executionId, { index: child.index, state: event.state });
    endWithLastChild(turn, run);
    return;
  }
  turn.rulesOf(run.task.type)?.childEnded?.(turn, run, {
    executionId: event.executionId,
    index: child.index,
    state: event.state,
    outputs: event.outputs,
    outputsMarks: event.outputsMarks ?? plainMarks,
    seenMarks: event.seenMarks ?? plainMarks,
    error: event.error,
  });
};
