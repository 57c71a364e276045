/** A step of a flowable that needs the world (folder prepared, files collected) is over. */
import { emptyMap, plainMarks } from '../../value/index.ts';
import { failFlowable } from '../transitions.ts';
import { type Handler, openRun } from './handler.ts';

/** Gives the result to the flowable that asked for the step. */
export const performed: Handler<'performed'> = (turn, event) => {
  const run = openRun(turn, event.taskRunId);
  if (run === undefined || !run.awaited.delete(`perform ${event.step}`)) return;
  if (event.error !== undefined) {
    failFlowable(turn, run, event.error);
  } else {
    turn.rulesOf(run.task.type)?.performed?.(turn, run, event.step, {
      value: event.outputs ?? emptyMap(),
      marks: event.outputsMarks ?? plainMarks,
    });
  }
};
