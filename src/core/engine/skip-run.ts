/** Leaving out a run whose condition did not hold: its absence, too, depends on the condition. */
import { flatten, joinProvenance, plainMarks } from '../value/index.ts';
import type { TaskRun } from './execution.ts';
import type { Turn } from './rules.ts';
import { endRun, markMissing } from './transitions.ts';

/** Ends `run` SKIPPED; `marks` is what its condition depended on. */
export function skipRun(turn: Turn, run: TaskRun, marks = plainMarks): void {
  run.failure = joinProvenance(run.failure, flatten(marks));
  markMissing(turn, run);
  endRun(turn, run, 'SKIPPED');
}
