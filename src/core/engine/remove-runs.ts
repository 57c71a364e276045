/** Taking runs out of an execution: earlier rounds of a loop, branches that a restart drops. */
import type { TaskRun } from './execution.ts';
import { displace } from './output-tree.ts';
import type { Turn } from './rules.ts';
import { isTerminated } from './state.ts';

/** Removes `run` from the execution; its place in the order stays empty. */
export function removeRun(turn: Turn, run: TaskRun): void {
  if (run.isRemoved) return;
  run.isRemoved = true;
  if (!isTerminated(run.state)) turn.execution.openRuns -= 1;
  turn.execution.runsById.delete(run.id);
  displace(turn.execution.tree, run);
  turn.touched.add(run);
}

/** Removes every run inside `run`. */
export function removeDescendants(turn: Turn, run: TaskRun): void {
  const { runs } = turn.execution;
  const inside = new Set<TaskRun>([run]);
  // Children stand after their parents, so one pass from the parent on finds all of them.
  for (let at = run.ordinal + 1; at < runs.length; at += 1) {
    const one = runs[at] as TaskRun;
    if (one.isRemoved || one.parent === null || !inside.has(one.parent)) continue;
    inside.add(one);
    removeRun(turn, one);
  }
}
