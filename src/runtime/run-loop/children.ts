/**
 * Executions that executions start: subflows, iterations, repetitions; and telling those who wait.
 * A parent hears of its child's end only after that end is durable.
 */
import { Failure } from '../../core/failure/index.ts';
import {
  type Cause,
  type ChildRequest,
  type Command,
  isTerminated,
  type State,
} from '../../core/engine/index.ts';
import {
  emptyMap,
  isMap,
  type Marks,
  marksOf,
  plain,
  plainMarks,
  type ValueMap,
} from '../../core/value/index.ts';
import { isStoreTrouble } from '../committer/index.ts';
import { render } from '../rendering/index.ts';
import type { Active } from './active.ts';
import { evaluationFor } from './run-evaluation.ts';
import type { BatchWriter, RunLoop } from './loop.ts';
import { startExecution, type StartOrder } from './start-execution.ts';
import { writeLog } from './write-log.ts';

/** The command to start an execution for a task run. */
export type StartChild = Extract<Command, { type: 'start-child' }>;

function startsAt(request: ChildRequest): number | undefined {
  if (request.scheduleDate === undefined) return undefined;
  try {
    return Temporal.Instant.from(request.scheduleDate).epochMilliseconds;
  } catch {
    throw new Failure(
      'task.input-invalid',
      `\`scheduleDate\` is \`${request.scheduleDate}\`, but must be a date with a zone`,
    );
  }
}

/** Returns what the execution that `command` asks for is caused by: one cause, one execution. */
export function causeOf({ execution }: Active, { run, index }: StartChild): Cause {
  return { executionId: execution.id, taskRunId: run.id, index, attempt: run.attempts.length };
}

function orderOf(one: Active, command: StartChild): StartOrder {
  const { request } = command;
  const at = startsAt(request);
  const isIteration = request.loopTaskId !== undefined;
  const { fixtures } = one.execution;
  return {
    namespace: request.namespace,
    flowId: request.flowId,
    ...(request.revision !== undefined && { revision: request.revision }),
    ...(isIteration && { loopTaskId: request.loopTaskId }),
    inputs: request.inputs,
    inputsMarks: request.inputsMarks,
    labels: request.labels,
    labelsMarks: request.labelsMarks,
    ...(request.control !== plain && { controlMarks: marksOf(request.control) }),
    ...(request.trigger !== undefined && { trigger: request.trigger }),
    ...(request.triggerMarks !== undefined && { triggerMarks: request.triggerMarks }),
    ...(request.variables !== undefined && { variables: request.variables }),
    ...(request.variablesMarks !== undefined && { variablesMarks: request.variablesMarks }),
    ...(request.item !== undefined && { item: request.item }),
    ...(request.itemMarks !== undefined && { itemMarks: request.itemMarks }),
    causedBy: causeOf(one, command),
    // Whoever had the calling execution started answers for this one as well.
    ...(one.execution.by !== undefined && { by: one.execution.by }),
    ...(!isIteration && { asks: {} }),
    ...(at !== undefined && { startsAt: at }),
    // Fixtures are for the tasks of one flow; that it is a test holds for all that it starts.
    ...(fixtures !== undefined && { fixtures: isIteration ? fixtures : [] }),
    ...(isIteration && { around: [one.execution, ...one.around], areInputsResolved: true }),
  };
}

/** Starts an execution for a task run and reports it. */
export async function startChild(loop: RunLoop, one: Active, command: StartChild): Promise<void> {
  const done = loop.begin(one);
  let isStarted = false;
  const about = { type: 'child-started' as const, taskRunId: command.run.id, index: command.index };
  try {
    await startExecution(loop, {
      ...orderOf(one, command),
      // Told before the child can tell anything: a child may rest or end as soon as it exists.
      whenDurable: (executionId) => {
        isStarted = true;
        loop.push(one, { ...about, executionId });
      },
    });
  } catch (error) {
    // A child that exists ends by itself; what went wrong since is its own.
    if (isStarted) return;
    if (isStoreTrouble(error)) {
      // Nobody knows whether the child exists, so this is no outcome of the task: whoever goes on finds out.
      loop.strand(error);
      return;
    }
    const message = error instanceof Error ? error.message : String(error);
    const code = error instanceof Failure ? error.code : 'task.failed';
    writeLog(loop, one, command.run, 'ERROR', message);
    loop.push(one, { ...about, error: { message, code } });
  } finally {
    done();
  }
}

/** Notes that the execution which repeats `one` exists. */
export async function settleRepetition(loop: RunLoop, one: Active): Promise<void> {
  const timer = { executionId: one.execution.id, id: 'again' };
  await loop.parts.committer.commit({ entries: [], clearedTimers: [timer] });
}

/** Starts the execution's flow once more, as its next attempt. */
export async function startAgain(loop: RunLoop, one: Active, startsAtMs: number): Promise<void> {
  const done = loop.begin(one);
  const { execution } = one;
  const { causedBy } = execution;
  let parentDone: (() => void) | undefined;
  try {
    const waiting =
      causedBy === undefined || causedBy.taskRunId === ''
        ? undefined
        : { parent: await loop.load(causedBy.executionId), taskRunId: causedBy.taskRunId };
    // Until it knows the next attempt, nothing else keeps the parent from resting.
    if (waiting !== undefined) parentDone = loop.begin(waiting.parent);
    await startExecution(loop, {
      namespace: execution.flow.namespace,
      flowId: execution.flow.id,
      revision: execution.revision,
      isRepeated: true,
      inputs: execution.inputs,
      inputsMarks: execution.inputsMarks,
      areInputsResolved: true,
      labels: execution.labels,
      labelsMarks: execution.labelsMarks,
      ...(execution.control !== plain && { controlMarks: marksOf(execution.control) }),
      ...(execution.trigger !== undefined && { trigger: execution.trigger }),
      triggerMarks: execution.triggerMarks,
      ...(execution.loopTaskId !== undefined && {
        loopTaskId: execution.loopTaskId,
        around: one.around,
      }),
      ...(execution.item !== undefined && { item: execution.item, itemMarks: execution.itemMarks }),
      causedBy: causedBy ?? { executionId: execution.id, taskRunId: '' },
      ...(execution.by !== undefined && { by: execution.by }),
      originalId: execution.originalId,
      attemptNumber: execution.attemptNumber + 1,
      ...(execution.fixtures !== undefined && { fixtures: execution.fixtures }),
      startsAt: startsAtMs,
      ...(waiting !== undefined && {
        whenDurable: (executionId) => {
          const run = waiting.parent.execution.runsById.get(waiting.taskRunId);
          const index = run?.children?.get(execution.id)?.index ?? causedBy?.index ?? 0;
          const { taskRunId } = waiting;
          loop.push(waiting.parent, { type: 'child-started', taskRunId, index, executionId });
        },
      }),
    });
    await settleRepetition(loop, one);
  } finally {
    parentDone?.();
    done();
  }
}

interface ChildEnd {
  readonly outputs?: ValueMap;
  readonly outputsMarks?: Marks;
  readonly error?: { readonly message: string; readonly code?: string };
}

/** Renders the deprecated `outputs` of a Subflow task in its child's names. */
async function legacyOutputs(
  loop: RunLoop,
  child: Active,
  parent: Active,
  taskRunId: string,
): Promise<ChildEnd> {
  const { execution } = child;
  const run = parent.execution.runsById.get(taskRunId);
  const declared =
    run?.task.type === 'core.flow.Subflow' ? run.task.properties['outputs'] : undefined;
  if (execution.flow.outputs.length > 0 || !isMap(declared)) {
    return {
      ...(execution.outputs !== undefined && { outputs: execution.outputs }),
      ...(execution.outputsMarks !== plainMarks && { outputsMarks: execution.outputsMarks }),
    };
  }
  const result = await render(evaluationFor(loop, child, null), declared, 'text');
  if (!result.ok) return { error: { message: result.error.message, code: 'expression.failed' } };
  return { outputs: isMap(result.value) ? result.value : emptyMap(), outputsMarks: result.marks };
}

/** The timer of an execution that has ended and whose end somebody who waits is to be told of. */
export const untoldTimer = 'untold';

/**
 * Notes in the write of its end that the end of `one` is to be told, where it would not be found again
 * otherwise: whoever waits for it is not found by its own state.
 */
export function noteUntold(loop: RunLoop, one: Active, batch: BatchWriter): void {
  if (!mustBeTold(loop, one)) return;
  one.isUntold = true;
  batch.noteUnsettled(untoldTimer);
}

function mustBeTold(loop: RunLoop, { execution }: Active): boolean {
  const { causedBy, histories } = execution;
  if (causedBy === undefined || causedBy.taskRunId === '') return false;
  // Whoever waits may be about to hear of a pause of this one, and be stored as PAUSED together with its end.
  if (histories.some(({ state }) => state === 'PAUSED')) return true;
  const parent = loop.active.get(causedBy.executionId);
  return parent === undefined || parent.execution.state === 'PAUSED';
}

/** Tells the execution that waits for this one that it has ended. */
export async function tellParent(loop: RunLoop, one: Active): Promise<void> {
  const { causedBy, state } = one.execution;
  if (causedBy === undefined || causedBy.taskRunId === '') return;
  const done = loop.begin(one);
  try {
    const parent = await loop.load(causedBy.executionId);
    if (!waitsFor(parent, causedBy.taskRunId)) {
      if (one.isUntold) await forgetUntold(loop, one);
      return;
    }
    const end =
      state === 'FAILED' && one.execution.error !== undefined && one.execution.outputs === undefined
        ? {}
        : await legacyOutputs(loop, one, parent, causedBy.taskRunId);
    tell(loop, parent, one, state, end);
  } finally {
    done();
  }
}

/** Nobody waits any more. */
async function forgetUntold(loop: RunLoop, one: Active): Promise<void> {
  one.isUntold = false;
  const timer = { executionId: one.execution.id, id: untoldTimer };
  await loop.parts.committer.commit({ entries: [], clearedTimers: [timer] });
}

function waitsFor(parent: Active, taskRunId: string): boolean {
  const run = parent.execution.runsById.get(taskRunId);
  return run?.children !== undefined && !isTerminated(run.state);
}

function tell(loop: RunLoop, parent: Active, one: Active, state: State, end: ChildEnd): void {
  const { causedBy, id, progress } = one.execution;
  const failure = progress?.failure ?? plain;
  loop.push(parent, {
    type: 'child-ended',
    taskRunId: causedBy?.taskRunId ?? '',
    executionId: id,
    state,
    ...end,
    ...(failure !== plain && { seenMarks: marksOf(failure) }),
  });
}

/** Has an execution that `one` started killed. */
export async function killChild(loop: RunLoop, one: Active, executionId: string): Promise<void> {
  const done = loop.begin(one);
  try {
    await loop.signal(executionId, { type: 'execution-killed', by: loop.parts.actor });
  } finally {
    done();
  }
}

/** Returns what a change from the state `before` means to an execution that waits for this one. */
export function pauseChange(before: State, after: State): 'PAUSED' | 'RUNNING' | undefined {
  if (before === after) return undefined;
  if (after === 'PAUSED') return 'PAUSED';
  return before === 'PAUSED' && after === 'RUNNING' ? 'RUNNING' : undefined;
}

/** Tells the execution that waits for this one that it waits for somebody, or goes on again. */
export async function tellParentOfPause(
  loop: RunLoop,
  one: Active,
  state: 'PAUSED' | 'RUNNING',
): Promise<void> {
  const { causedBy } = one.execution;
  if (causedBy === undefined || causedBy.taskRunId === '') return;
  const done = loop.begin(one);
  try {
    const parent = await loop.load(causedBy.executionId);
    if (waitsFor(parent, causedBy.taskRunId)) tell(loop, parent, one, state, {});
  } finally {
    done();
  }
}
