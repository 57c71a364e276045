/** Giving up an attempt that could not ask for what it needs: an execution to start, a rendered property. */
import type { ErrorNote, TaskRun } from './execution.ts';
import { leafEnded } from './leaf-ended.ts';
import type { Turn } from './rules.ts';

/** Ends the attempt of `run` with `error`; executions that it has started already are stopped. */
export function giveUp(turn: Turn, run: TaskRun, error: ErrorNote): void {
  for (const [executionId, child] of run.children ?? []) {
    if (child.state === undefined) turn.commands.push({ type: 'kill-child', executionId });
  }
  // Those that were asked for and have not reported are wanted no more, also not by the next attempt.
  run.startingChildren = 0;
  leafEnded(turn, run, { outcome: 'FAILED', error });
}
