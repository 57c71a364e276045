/** What a worker reports of a task: it began, was left out, or ended with changes it asks for. */
import { flatten, joinProvenance, plainMarks } from '../../value/index.ts';
import { applyChange } from '../apply-change.ts';
import { leafEnded, startAttempt } from '../leaf-ended.ts';
import { skipRun } from '../skip-run.ts';
import { setRunState } from '../transitions.ts';
import { type Handler, openRun } from './handler.ts';

/** Begins an attempt. */
export const taskStarted: Handler<'task-started'> = (turn, event) => {
  const run = openRun(turn, event.taskRunId);
  if (run === undefined || !run.awaited.delete('start')) return;
  if (event.marks !== undefined) run.control = joinProvenance(run.control, flatten(event.marks));
  startAttempt(turn, run);
  run.intent = undefined;
  setRunState(turn, run, 'RUNNING');
};

/** Ends an attempt that was refused what it was about to do; the answer would be the same again. */
export const taskDenied: Handler<'task-denied'> = (turn, event) => {
  const run = openRun(turn, event.taskRunId);
  if (run?.state !== 'RUNNING') return;
  const { execution } = turn;
  const isEnding = execution.ending !== undefined && !execution.isClosed;
  leafEnded(
    turn,
    run,
    isEnding ? { outcome: 'KILLED' } : { ...event, outcome: 'FAILED', mayRetry: false },
  );
};

/** Ends a run whose condition did not hold. */
export const taskSkipped: Handler<'task-skipped'> = (turn, event) => {
  const run = openRun(turn, event.taskRunId);
  if (run?.awaited.delete('start') === true) skipRun(turn, run, event.marks);
};

/** Ends an attempt; an end of the execution that it asks for comes after the run's own end. */
export const taskEnded: Handler<'task-ended'> = (turn, event) => {
  const run = openRun(turn, event.taskRunId);
  if (run === undefined || !(run.state === 'RUNNING' || run.awaited.delete('start'))) return;
  const marks = event.changesMarks ?? plainMarks;
  for (const change of event.changes ?? []) {
    if (change.type !== 'end-execution') applyChange(turn, run, change, marks);
  }
  leafEnded(turn, run, event);
  for (const change of event.changes ?? []) {
    if (change.type === 'end-execution') applyChange(turn, run, change, marks);
  }
};
