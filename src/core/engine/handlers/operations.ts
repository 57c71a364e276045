/** What people, and executions above this one, do to it: pause, resume, kill, restart, set its state. */
import { plainMarks } from '../../value/index.ts';
import { needsSlot, startRunning } from '../create-execution.ts';
import { endExecutionEarly } from '../ending.ts';
import { timeLevels } from '../levels.ts';
import { replaceLabels } from '../replace-labels.ts';
import { resumePause } from '../flowables/pause.ts';
import { goOnRestarted, isMarkable, restartExecution } from '../restart.ts';
import { isTerminated } from '../state.ts';
import { beginRun, clearTimer, setExecutionState } from '../transitions.ts';
import { type Handler, openRun } from './handler.ts';

/** Lets a paused run, or an execution that was paused by hand, go on. */
export const executionResumed: Handler<'execution-resumed'> = (turn, event) => {
  const { execution } = turn;
  if (event.taskRunId === undefined) {
    if (!execution.isHeld) return;
    execution.isHeld = false;
    setExecutionState(turn, 'RESTARTED');
    setExecutionState(turn, 'RUNNING');
    for (const run of execution.heldRuns.splice(0))
      if (!isTerminated(run.state)) beginRun(turn, run);
    return;
  }
  const run = openRun(turn, event.taskRunId);
  if (run === undefined || run.state !== 'PAUSED') return;
  // Whoever gives values has a part in what is done with them.
  if (Object.keys(event.inputs).length > 0) execution.requesters.add(event.by);
  resumePause(turn, run, {
    inputs: event.inputs,
    marks: event.inputsMarks ?? plainMarks,
    by: event.by,
  });
};

/** Holds a running execution: what runs goes on, nothing starts. */
export const executionPaused: Handler<'execution-paused'> = (turn) => {
  const { state, ending, isEndRequested } = turn.execution;
  if (state !== 'RUNNING' || ending !== undefined || isEndRequested) return;
  turn.execution.isHeld = true;
  setExecutionState(turn, 'PAUSED');
};

/** Ends an execution that is not over, whatever it waits for. */
export const executionKilled: Handler<'execution-killed'> = (turn) => {
  const { execution } = turn;
  if (execution.isClosed || execution.ending?.reason === 'kill') return;
  execution.ending = undefined;
  endExecutionEarly(turn, { state: 'KILLED', reason: 'kill' });
};

/** Lets an ended or paused execution go on from what failed or waited. */
export const executionRestarted: Handler<'execution-restarted'> = (turn, event) => {
  turn.execution.requesters.add(event.by);
  restartExecution(turn);
};

/** Sets the state of a run of an ended execution, which goes on from there. */
export const runStateChanged: Handler<'run-state-changed'> = (turn, event) => {
  const { execution } = turn;
  const run = execution.runsById.get(event.taskRunId);
  if (run === undefined || !execution.isSettled || !isMarkable(run, event.state)) return;
  execution.requesters.add(event.by);
  restartExecution(turn, { run, state: event.state });
};

/** Sets the state of an ended execution; nothing goes on. */
export const executionStateChanged: Handler<'execution-state-changed'> = (turn, event) => {
  const { execution } = turn;
  if (!execution.isSettled || execution.state === event.state) return;
  if (event.state !== 'FAILED') {
    execution.error = undefined;
    execution.errorMarks = plainMarks;
  }
  setExecutionState(turn, event.state);
};

/** Lets an execution run that waits for its date or its slot; the slot it holds then is one too many. */
export const executionForced: Handler<'execution-forced'> = (turn, event) => {
  const { execution } = turn;
  const isDated = execution.timers.has('start');
  if (execution.state !== 'QUEUED' && !isDated) return;
  execution.requesters.add(event.by);
  if (isDated) {
    clearTimer(turn, 'start');
    timeLevels(turn);
  }
  if (needsSlot(execution)) execution.holdsSlot = true;
  if (execution.isRestarting) goOnRestarted(turn);
  else startRunning(turn);
};

/** Adds labels to an execution; an equal key is replaced. */
export const labelsChanged: Handler<'labels-changed'> = (turn, event) => {
  const { execution } = turn;
  execution.labels = replaceLabels(execution.labels, event.labels);
  turn.isExecutionTouched = true;
};
