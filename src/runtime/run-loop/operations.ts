/**
 * What people and tasks may do with an execution: resume, kill, restart, replay, wait until it rests.
 * Each is refused with a sentence when the execution is not in a state for it.
 */
import {
  copiesForReplay,
  type Execution,
  isTerminated,
  presentRuns,
  restartable,
  type TaskRun,
} from '../../core/engine/index.ts';
import { Failure } from '../../core/failure/index.ts';
import {
  emptyMap,
  type Marks,
  marksOf,
  plain,
  plainMarks,
  type Value,
  type ValueMap,
} from '../../core/value/index.ts';
import { resolveInputsAbout, subjectTemplate } from '../inputs/index.ts';
import type { Active } from './active.ts';
import { evaluationFor, placeOf } from './run-evaluation.ts';
import type { RunLoop } from './loop.ts';
import { startExecution } from './start-execution.ts';
import { storeUploads, uploadUriIn } from './uploads.ts';

function wrongState(execution: Execution, what: string, help: string): Failure {
  return new Failure(
    'execution.wrong-state',
    `the execution \`${execution.id}\` is ${execution.state} and cannot be ${what}`,
    { help },
  );
}

/** Waits until everything that is under way for `one` has been applied. */
function quiet(loop: RunLoop, one: Active): Promise<void> {
  return untilTrue(loop, one, () => one.queue.length === 0 && !one.isDraining);
}

function untilTrue(loop: RunLoop, one: Active, isTrue: () => boolean): Promise<void> {
  return new Promise((resolve, reject) => {
    const look = (): void => {
      const fatal = loop.fatal();
      if (fatal !== undefined) {
        remove();
        reject(fatal as Error);
      } else if (isTrue()) {
        remove();
        resolve();
      }
    };
    const remove = (): void => {
      one.waiters = one.waiters.filter((waiter) => waiter !== look);
      if (one.waiters.length === 0) loop.awaitedInQueue.delete(one);
    };
    one.waiters.push(look);
    if (one.execution.state === 'QUEUED') loop.awaitedInQueue.add(one);
    look();
  });
}

/** Returns the values of a pause's form. */
async function formValues(
  loop: RunLoop,
  one: Active,
  run: TaskRun,
  given: Readonly<Record<string, Value>>,
  mayUpload: boolean,
  givenMarks: Marks,
): Promise<{ values: ValueMap; marks: Marks }> {
  const { form } = run.task;
  if (form === undefined || form.length === 0) return { values: emptyMap(), marks: plainMarks };
  const place = placeOf(one);
  const resolved = await resolveInputsAbout(
    {
      cipher: loop.parts.cipher,
      subjects: loop.parts.subjects,
      subject: subjectTemplate(one.execution.flow),
      context: (inputs, _marks, reveal) => evaluationFor(loop, one, run, { inputs }, reveal),
      uploadUri: mayUpload ? uploadUriIn(place) : undefined,
    },
    form,
    given,
    givenMarks,
  );
  const [problem] = resolved.problems;
  if (problem !== undefined) {
    throw new Failure('input.invalid', problem.message, {
      help: problem.help,
      details: { problems: resolved.problems },
    });
  }
  await storeUploads(loop, place, resolved.uploads);
  return { values: resolved.values, marks: resolved.marks };
}

/** Who lets an execution go on. */
export interface ResumedBy {
  readonly by: string;
  /** True when a person gives the inputs, who may name files of this machine. */
  readonly isPerson: boolean;
}

/** Lets a paused execution go on: the first paused run, or the one of `taskRunId`. */
export async function resumeExecution(
  loop: RunLoop,
  id: string,
  given: Readonly<Record<string, Value>>,
  from: ResumedBy,
  givenMarks: Marks = plainMarks,
): Promise<void> {
  const one = await loop.load(id);
  await quiet(loop, one);
  const { by } = from;
  const { execution } = one;
  if (execution.state !== 'PAUSED') {
    throw wrongState(execution, 'resumed', 'only an execution that is PAUSED can be resumed');
  }
  const run = presentRuns(execution).find((candidate) => candidate.state === 'PAUSED');
  if (run === undefined) {
    loop.push(one, { type: 'execution-resumed', inputs: emptyMap(), by });
  } else if (run.children !== undefined) {
    await resumeChild(loop, run, given, from, givenMarks);
  } else {
    const { values, marks } = await formValues(loop, one, run, given, from.isPerson, givenMarks);
    loop.push(one, {
      type: 'execution-resumed',
      taskRunId: run.id,
      inputs: values,
      ...(marks !== plainMarks && { inputsMarks: marks }),
      by,
    });
  }
  await quiet(loop, one);
}

/** A run that waits for a paused child is resumed by resuming the child. */
async function resumeChild(
  loop: RunLoop,
  run: TaskRun,
  given: Readonly<Record<string, Value>>,
  from: ResumedBy,
  givenMarks: Marks,
): Promise<void> {
  for (const [childId, child] of run.children ?? []) {
    if (child.state !== undefined) continue;
    const record = await loop.parts.store.execution(loop.parts.tenant, childId);
    if (record?.state === 'PAUSED') {
      await resumeExecution(loop, childId, given, from, givenMarks);
      return;
    }
  }
}

/** Holds a running execution: what runs goes on, nothing more starts until it is resumed. */
export async function pauseExecution(loop: RunLoop, id: string, by: string): Promise<void> {
  const one = await loop.load(id);
  await quiet(loop, one);
  if (one.execution.state !== 'RUNNING') {
    throw wrongState(one.execution, 'paused', 'only an execution that is RUNNING can be paused');
  }
  loop.push(one, { type: 'execution-paused', by });
  await quiet(loop, one);
  if (!one.execution.isHeld) throw wrongState(one.execution, 'paused', 'it is about to end');
}

/** Has an execution killed. */
export async function killExecution(loop: RunLoop, id: string, by: string): Promise<void> {
  const one = await loop.load(id);
  await quiet(loop, one);
  const { execution } = one;
  if (isTerminated(execution.state)) {
    throw wrongState(execution, 'killed', 'it has ended already');
  }
  loop.push(one, { type: 'execution-killed', by });
  await quiet(loop, one);
}

/** Lets an execution go on from what failed; gives the id of the execution that goes on. */
export async function restartExecution(
  loop: RunLoop,
  id: string,
  by: string,
  revision?: number,
): Promise<string> {
  const one = await loop.load(id);
  await quiet(loop, one);
  const { execution } = one;
  if (!isTerminated(execution.state) && execution.state !== 'PAUSED') {
    throw wrongState(execution, 'restarted', 'wait until it has ended, or kill it');
  }
  const targets = restartable(presentRuns(execution));
  if (targets.length === 0) {
    throw new Failure(
      'execution.wrong-state',
      `the execution \`${id}\` has no task run that failed or waits, so there is nothing to restart`,
      { help: 'replay it instead' },
    );
  }
  if (revision !== undefined && revision !== execution.revision) {
    return replayExecution(loop, id, { taskRunId: (targets[0] as TaskRun).id, revision });
  }
  loop.push(one, { type: 'execution-restarted', by });
  await quiet(loop, one);
  return id;
}

/** From where an execution is replayed, with what. */
export interface ReplayOrder {
  readonly taskId?: string;
  readonly taskRunId?: string;
  readonly revision?: number;
  readonly inputs?: Readonly<Record<string, Value>>;
}

/** Starts a new execution that takes over what came before a chosen task run; gives its id. */
export async function replayExecution(
  loop: RunLoop,
  id: string,
  order: ReplayOrder,
): Promise<string> {
  const one = await loop.load(id);
  await quiet(loop, one);
  const { execution } = one;
  const from = runToReplay(execution, order);
  const copied = copiesForReplay(execution, from);
  if (copied === undefined) {
    throw new Failure(
      'execution.wrong-state',
      `the execution \`${id}\` cannot be replayed from there`,
      {
        help: 'name a task run of the flow’s `tasks`; runs of errors and finally lists cannot be a beginning',
      },
    );
  }
  return startExecution(loop, {
    namespace: execution.flow.namespace,
    flowId: execution.flow.id,
    revision: order.revision ?? execution.revision,
    inputs:
      order.inputs === undefined ? execution.inputs : { ...execution.inputs, ...order.inputs },
    inputsMarks: execution.inputsMarks,
    areInputsResolved: order.inputs === undefined,
    labelsMarks: execution.labelsMarks,
    ...(execution.control !== plain && { controlMarks: marksOf(execution.control) }),
    triggerMarks: execution.triggerMarks,
    isFromPerson: true,
    labels: [
      ...execution.labels.filter((label) => label.key !== 'system.replay'),
      { key: 'system.replay', value: 'true' },
    ],
    ...(execution.trigger !== undefined && { trigger: execution.trigger }),
    originalId: execution.originalId,
    parentId: execution.id,
    copied,
  });
}

function runToReplay(execution: Execution, order: ReplayOrder): string | undefined {
  if (order.taskRunId !== undefined) {
    if (execution.runsById.has(order.taskRunId)) return order.taskRunId;
    throw new Failure('execution.wrong-state', `there is no task run \`${order.taskRunId}\``);
  }
  if (order.taskId === undefined) return undefined;
  const run = presentRuns(execution).find((one) => one.task.id === order.taskId);
  if (run !== undefined) return run.id;
  throw new Failure(
    'execution.wrong-state',
    `the execution \`${execution.id}\` has no run of the task \`${order.taskId}\``,
    { help: 'name a task that ran' },
  );
}

/** Tells whether nothing of the execution can go on without somebody, or before `patienceMs` have passed. */
function isResting(loop: RunLoop, id: string, patienceMs: number): boolean {
  const one = loop.active.get(id);
  if (one === undefined) return true;
  const { execution } = one;
  if (one.queue.length > 0 || one.isDraining) return false;
  if (one.pending > 0 || one.stops.size > 0) return false;
  if (execution.isSettled) return true;
  const soon = loop.now() + patienceMs;
  for (const dueAt of execution.timers.values()) if (dueAt <= soon) return false;
  for (const run of execution.runs) {
    if (run.isRemoved || isTerminated(run.state)) continue;
    for (const [childId, child] of run.children ?? []) {
      // A child that is retried as another execution is under way until that one is known here.
      const isOpen = child.state === undefined || child.state === 'RETRIED';
      if (isOpen && !isResting(loop, childId, patienceMs)) return false;
    }
  }
  if (execution.state === 'QUEUED') return !somethingRuns(loop, id, patienceMs);
  return true;
}

function somethingRuns(loop: RunLoop, except: string, patienceMs: number): boolean {
  for (const [id, one] of loop.active) {
    if (id === except || one.execution.state === 'QUEUED') continue;
    if (!isResting(loop, id, patienceMs)) return true;
  }
  return false;
}

/** How to wait for an execution. */
export interface RestOptions {
  /** How long a timer may still have to go for it to be waited for. */
  readonly timerPatienceMs: number;
}

/** Waits until an execution rests: it has ended, or nothing of it goes on without somebody. */
export async function untilRest(loop: RunLoop, id: string, options: RestOptions): Promise<void> {
  const one = loop.active.get(id) ?? (await waitingForOthers(loop, id));
  if (one === undefined) return;
  await untilTrue(loop, one, () => isResting(loop, id, options.timerPatienceMs));
  const next = repetitionOf(loop, one.execution);
  if (next !== undefined) await untilRest(loop, next, options);
}

/** Waits until all executions that left the queue meanwhile rest: whoever let them start sees to their end. */
export async function untilPromotedRest(loop: RunLoop, options: RestOptions): Promise<void> {
  for (const id of loop.promoted) {
    await untilRest(loop, id, options);
    loop.promoted.delete(id);
  }
}

/** Returns an execution that is not in memory but goes on when others do: queued, or retried as another one. */
async function waitingForOthers(loop: RunLoop, id: string): Promise<Active | undefined> {
  const record = await loop.parts.store.execution(loop.parts.tenant, id);
  return record?.state === 'QUEUED' || record?.state === 'RETRIED' ? loop.load(id) : undefined;
}

/** Returns the execution that goes on in the name of `execution`, if it was retried as another one. */
function repetitionOf(loop: RunLoop, execution: Execution): string | undefined {
  if (execution.state !== 'RETRIED') return undefined;
  for (const { execution: other } of loop.active.values()) {
    const isNext = other.attemptNumber === execution.attemptNumber + 1;
    if (isNext && other.originalId === execution.originalId) return other.id;
  }
  return undefined;
}
