/** The beginning of an execution: its creation, the wait for its date and its slot, its first tasks. */
import { emptyMap, flatten, plainMarks } from '../value/index.ts';
import { rebuildRuns } from './copy-runs.ts';
import { endExecutionEarly } from './ending.ts';
import type { Execution } from './execution.ts';
import type { ExecutionCreated } from './event.ts';
import { freshProgress, oneLane } from './progress.ts';
import type { Turn } from './rules.ts';
import { timeLevels } from './levels.ts';
import { enabled, setExecutionState, setTimer, startBlock } from './transitions.ts';

/** Fills a blank execution from the event that created it. */
export function fill(execution: Execution, event: ExecutionCreated): void {
  execution.inputs = event.inputs;
  execution.inputsMarks = event.inputsMarks ?? plainMarks;
  execution.variables = Object.assign(emptyMap(), event.variables ?? execution.flow.variables);
  execution.variablesMarks = event.variablesMarks ?? plainMarks;
  execution.labels = [...event.labels];
  execution.labelsMarks = event.labelsMarks ?? plainMarks;
  execution.control = flatten(event.controlMarks ?? plainMarks);
  execution.trigger = event.trigger;
  execution.triggerMarks = event.triggerMarks ?? plainMarks;
  execution.item = event.item;
  execution.itemMarks = event.itemMarks ?? plainMarks;
  execution.originalId = event.originalId ?? execution.id;
  execution.parentId = event.parentId;
  execution.causedBy = event.causedBy;
  execution.by = event.by;
  if (event.by !== undefined) execution.requesters.add(event.by);
  execution.attemptNumber = event.attemptNumber ?? 1;
  execution.fixtures = event.fixtures;
  execution.histories.push({ state: 'CREATED', at: event.at });
}

/** Lets the execution ask for its slot, or run when its flow needs none. */
export function requestStart(turn: Turn): void {
  timeLevels(turn);
  if (needsSlot(turn.execution)) turn.commands.push({ type: 'request-slot' });
  else startRunning(turn);
}

/** Tells whether the execution must ask the flow's concurrency before it runs. */
export function needsSlot({ flow, loopTaskId, holdsSlot }: Execution): boolean {
  return flow.concurrency !== undefined && loopTaskId === undefined && !holdsSlot;
}

/** Lets the execution run: its first tasks start, or those it took over go on. */
export function startRunning(turn: Turn): void {
  const { execution } = turn;
  setExecutionState(turn, 'RUNNING');
  if (execution.runs.length > 0) {
    rebuildRuns(turn);
  } else {
    startBlock(
      turn,
      freshProgress(null, oneLane(enabled(execution.flow.tasks)), 0, execution.control),
    );
  }
}

/** Waits for the date the start was asked for, or starts. */
export function beginExecution(turn: Turn, event: ExecutionCreated): void {
  if (event.failure !== undefined) {
    turn.execution.error = event.failure;
    endExecutionEarly(turn, { state: 'FAILED', reason: 'exit' });
  } else if (event.startsAt !== undefined && event.startsAt > event.at) {
    setTimer(turn, 'start', event.startsAt);
  } else {
    requestStart(turn);
  }
}
