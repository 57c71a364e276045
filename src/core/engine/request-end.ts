/**
 * The end of an execution: asked for once nothing of it is open any more, and what runs after it. What
 * runs after the end can read the final state and cannot change it.
 */
import { flatten, plainMarks, type Value } from '../value/index.ts';
import { freshProgress, oneLane, resultOf } from './progress.ts';
import type { Turn } from './rules.ts';
import type { State } from './state.ts';
import { enabled } from './transitions.ts';

/** Returns the state the execution is about to end in. */
export function finalState(turn: Turn): State {
  const { ending, progress } = turn.execution;
  if (ending !== undefined) return ending.state;
  return progress === undefined ? 'SUCCESS' : resultOf(progress);
}

/** Asks for the end of the execution once nothing of it is open any more. */
export function requestEnd(turn: Turn): void {
  const { execution } = turn;
  const { progress, flow } = execution;
  if (execution.isClosed) {
    if (
      execution.afterwards?.phase === 'done' &&
      execution.openRuns === 0 &&
      !execution.isSettled
    ) {
      execution.isSettled = true;
      turn.isExecutionTouched = true;
    }
    return;
  }
  // Held by hand, or waiting for a slot: what is to come decides how it ends.
  if (execution.isHeld || execution.isRestarting) return;
  if (execution.isEndRequested || progress?.phase !== 'done' || execution.openRuns > 0) return;
  execution.isEndRequested = true;
  const state = finalState(turn);
  const isEarly = execution.ending !== undefined && execution.ending.state !== 'SUCCESS';
  if (flow.outputs.length > 0 && !isEarly) turn.commands.push({ type: 'render-outputs', state });
  else turn.commands.push({ type: 'end-execution', state });
}

/** Starts what runs after the end; `listening` says which listeners want to run. */
export function startAfterwards(turn: Turn, listening: Value): void {
  const { execution } = turn;
  const wanted = Array.isArray(listening) ? listening : [];
  const tasks = [
    ...execution.flow.afterExecution,
    ...execution.flow.listeners
      .filter((_, place) => wanted[place] === true)
      .flatMap((one) => one.tasks),
  ];
  const progress = freshProgress(null, oneLane([]));
  progress.phase = 'afterExecution';
  progress.extra = enabled(tasks);
  progress.control = flatten(plainMarks);
  execution.afterwards = progress;
  turn.toSettle.push(progress);
}
