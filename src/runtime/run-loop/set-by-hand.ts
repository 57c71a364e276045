/**
 * States that people set by hand, and executions that they have run although a date or a limit holds them
 * back. Each is an entry that says who, and why where they say it.
 */
import { type Execution, isMarkable, isTerminated } from '../../core/engine/index.ts';
import { Failure } from '../../core/failure/index.ts';
import { emptyMap } from '../../core/value/index.ts';
import type { Active } from './active.ts';
import { assertNoGateIsPassed } from './keep-gates.ts';
import type { RunLoop } from './loop.ts';
import { assertMayGoOn } from './obey-switches.ts';
import { quiet, resumeExecution, wrongState } from './operations.ts';

/** The states that a task run may be given by hand. */
export const runStatesByHand = ['SUCCESS', 'WARNING', 'FAILED'] as const;
/** The states that an ended execution may be given by hand. */
export const executionStatesByHand = [
  'SUCCESS',
  'WARNING',
  'FAILED',
  'KILLED',
  'CANCELLED',
] as const;

/** A state that a task run may be given by hand. */
export type RunStateByHand = (typeof runStatesByHand)[number];
/** A state that an ended execution may be given by hand. */
export type ExecutionStateByHand = (typeof executionStatesByHand)[number];

/** A state that somebody sets, and why. */
export interface StateOrder<S> {
  readonly state: S;
  readonly reason?: string;
}

function reasonOf({ reason }: { readonly reason?: string }): { readonly reason?: string } {
  return reason === undefined || reason.trim() === '' ? {} : { reason: reason.trim() };
}

function stillOpen(execution: Execution, what: string): Failure {
  return wrongState(execution, what, 'wait until it has ended, what runs after its end included');
}

/** Sets the state of an ended execution; nothing of it goes on. */
export async function changeExecutionState(
  loop: RunLoop,
  id: string,
  order: StateOrder<ExecutionStateByHand>,
  by: string,
): Promise<void> {
  const one = await loop.load(id);
  await quiet(loop, one);
  if (!one.execution.isSettled) throw stillOpen(one.execution, 'given another state');
  const { state } = order;
  loop.push(one, { type: 'execution-state-changed', state, by, ...reasonOf(order) });
  await quiet(loop, one);
}

/** Sets the state of a task run of an ended execution, which goes on from there. */
export async function changeRunState(
  loop: RunLoop,
  id: string,
  order: StateOrder<RunStateByHand> & { readonly taskRunId: string },
  by: string,
): Promise<void> {
  const one = await loop.load(id);
  await quiet(loop, one);
  const { execution } = one;
  if (!execution.isSettled) throw stillOpen(execution, 'corrected');
  const { taskRunId, state } = order;
  const run = execution.runsById.get(taskRunId);
  if (run === undefined) {
    throw new Failure('execution.wrong-state', `there is no task run \`${taskRunId}\``);
  }
  if (!isMarkable(run, state)) {
    throw new Failure(
      'execution.wrong-state',
      `the task run \`${taskRunId}\` of \`${run.task.id}\` is ${run.state} and cannot be made ${state}`,
      {
        help: 'set the state of what failed with it or encloses it, or replay the execution from there',
      },
    );
  }
  await assertNoGateIsPassed(loop, execution, run, state);
  await assertMayGoOn(loop, one);
  loop.push(one, { type: 'run-state-changed', taskRunId, state, by, ...reasonOf(order) });
  await quiet(loop, one);
}

/** Lets an execution run that waits for a slot of its flow, beyond the limit. */
export async function unqueueExecution(loop: RunLoop, id: string, by: string): Promise<void> {
  const one = await loop.load(id);
  await quiet(loop, one);
  if (one.execution.state !== 'QUEUED') {
    throw wrongState(
      one.execution,
      'unqueued',
      'only an execution that is QUEUED waits for a slot',
    );
  }
  await force(loop, one, by);
}

/** Lets an execution run whatever holds it back: its date, the limit of its flow, a pause. */
export async function forceExecution(loop: RunLoop, id: string, by: string): Promise<void> {
  const one = await loop.load(id);
  await quiet(loop, one);
  const { execution } = one;
  if (execution.state === 'PAUSED') {
    await resumeExecution(loop, id, emptyMap(), { by });
    return;
  }
  if (execution.state === 'QUEUED' || execution.timers.has('start')) {
    await force(loop, one, by);
    return;
  }
  // What runs already is not held back by anything; what has ended does not run.
  if (isTerminated(execution.state)) {
    throw wrongState(execution, 'run', 'it has ended; restart or replay it');
  }
}

async function force(loop: RunLoop, one: Active, by: string): Promise<void> {
  await assertMayGoOn(loop, one);
  loop.push(one, { type: 'execution-forced', by });
  await quiet(loop, one);
}
