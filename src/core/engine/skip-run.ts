/** Leaving out a run whose condition did not hold: its absence, too, depends on the condition. */
import { flatten, plainMarks } from '../value/index.ts';
import type { TaskRun } from './execution.ts';
import { markAbsence } from './output-tree.ts';
import type { Turn } from './rules.ts';
import { endRun } from './transitions.ts';

/** Ends `run` SKIPPED; `marks` is what its condition depended on. */
export function skipRun(turn: Turn, run: TaskRun, marks = plainMarks): void {
  markAbsence(turn.execution.tree, run.parent, run.task.id, flatten(marks));
  endRun(turn, run, 'SKIPPED');
}
