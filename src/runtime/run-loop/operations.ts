/**
 * What people and tasks may do with an execution: resume, kill, restart, replay, wait until it rests.
 * Each is refused with a sentence when the execution is not in a state for it.
 */
import {
  type Answer,
  copiesForReplay,
  type Execution,
  isTerminated,
  presentRuns,
  restartable,
  type TaskRun,
} from '../../core/engine/index.ts';
import { Failure } from '../../core/failure/index.ts';
import type { Label } from '../../core/flow/index.ts';
import {
  emptyMap,
  type Marks,
  marksOf,
  plain,
  plainMarks,
  type Value,
  type ValueMap,
} from '../../core/value/index.ts';
import { assertLiveRevision } from '../flow-register/index.ts';
import { resolveInputsAbout, subjectTemplate } from '../inputs/index.ts';
import type { Active } from './active.ts';
import { evaluationFor, placeOf } from './run-evaluation.ts';
import { type ReadExecution, readEnded } from './read-ended.ts';
import { assertReplayAsks } from './keep-gates.ts';
import type { RunLoop } from './loop.ts';
import { assertMayGoOn } from './obey-switches.ts';
import { refuseReservedLabels, startExecution } from './start-execution.ts';
import { type LocalFiles, storeUploads, uploadUriIn } from './uploads.ts';

/** Returns the refusal of what an execution is in no state for. */
export function wrongState(execution: Execution, what: string, help: string): Failure {
  return new Failure(
    'execution.wrong-state',
    `the execution \`${execution.id}\` is ${execution.state} and cannot be ${what}`,
    { help },
  );
}

/** Waits until everything that is under way for `one` has been applied. */
export function quiet(loop: RunLoop, one: Active): Promise<void> {
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
export async function formValues(
  loop: RunLoop,
  one: Active,
  run: TaskRun,
  given: Readonly<Record<string, Value>>,
  localFiles: LocalFiles | undefined,
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
      uploadUri: uploadUriIn(place, localFiles),
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
  /** Which files of this machine the inputs may name. */
  readonly localFiles?: LocalFiles;
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
  await assertMayGoOn(loop, one);
  const { by } = from;
  const { execution } = one;
  if (execution.state !== 'PAUSED') {
    throw wrongState(execution, 'resumed', 'only an execution that is PAUSED can be resumed');
  }
  const paused = presentRuns(execution).filter((candidate) => candidate.state === 'PAUSED');
  const run = paused.find(
    (candidate) => candidate.question === undefined && candidate.approval?.isBinding !== true,
  );
  const [asking] = paused;
  const bound = paused.find((candidate) => candidate.approval?.isBinding === true);
  if (run === undefined && bound !== undefined && !execution.isHeld) throw undecided(bound);
  if (run === undefined && asking !== undefined && !execution.isHeld) throw unanswered(asking);
  if (run === undefined) {
    loop.push(one, { type: 'execution-resumed', inputs: emptyMap(), by });
  } else if (run.children !== undefined) {
    await resumeChild(loop, run, given, from, givenMarks);
  } else {
    const { values, marks } = await formValues(loop, one, run, given, from.localFiles, givenMarks);
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

function unanswered({ id, task, question }: TaskRun): Failure {
  return new Failure(
    'execution.answer-missing',
    `the task \`${task.id}\` waits for an answer: its process ended, and what it had intended may or may not have happened`,
    {
      help: 'say what became of it with `--answer happened`, `--answer retry` or `--answer fail`',
      details: { taskRunId: id, digest: question?.intent.digest ?? '' },
    },
  );
}

function undecided({ task, approval }: TaskRun): Failure {
  const id = approval?.id ?? '';
  return new Failure(
    'approval.pending',
    `the task \`${task.id}\` goes on when the approval \`${id}\` is granted, and not by resuming`,
    {
      help: `see what is asked and who decides with \`sluice approval show ${id}\``,
      details: { approval: id },
    },
  );
}

/** What somebody says of an effect that may or may not have taken place. */
export interface GivenAnswer {
  readonly answer: Answer;
  /** For `happened`: what the task gave. */
  readonly outputs?: ValueMap;
  /** Which question, where there are several; the first when absent. */
  readonly taskRunId?: string;
}

/** Answers a question of the execution `id`, or of one that it waits for. */
export async function answerQuestion(
  loop: RunLoop,
  id: string,
  given: GivenAnswer,
  by: string,
): Promise<void> {
  const one = await loop.load(id);
  await quiet(loop, one);
  const isMeant = (run: TaskRun): boolean =>
    given.taskRunId === undefined || run.id === given.taskRunId;
  const open = presentRuns(one.execution);
  const run = open.find((candidate) => candidate.question !== undefined && isMeant(candidate));
  if (run === undefined) {
    for (const child of await pausedChildren(loop, open)) {
      if (await hasQuestion(loop, child, isMeant)) {
        await answerQuestion(loop, child, given, by);
        return;
      }
    }
    throw new Failure('execution.wrong-state', `the execution \`${id}\` waits for no such answer`, {
      help: 'see what it waits for with `sluice execution show`',
    });
  }
  const { answer, outputs } = given;
  if (outputs !== undefined && answer !== 'happened') {
    throw new Failure('input.invalid', 'only what has happened has outputs', {
      help: 'leave the outputs out, or answer `happened`',
    });
  }
  loop.push(one, {
    type: 'question-answered',
    taskRunId: run.id,
    answer,
    ...(outputs !== undefined && { outputs }),
    by,
  });
  await quiet(loop, one);
}

/** Returns the ids of the executions that `runs` wait for and that are paused. */
async function pausedChildren(loop: RunLoop, runs: readonly TaskRun[]): Promise<readonly string[]> {
  const found: string[] = [];
  for (const run of runs) {
    if (run.state !== 'PAUSED') continue;
    for (const [childId, child] of run.children ?? []) {
      if (child.state !== undefined) continue;
      const record = await loop.parts.store.execution(loop.parts.tenant, childId);
      if (record?.state === 'PAUSED') found.push(childId);
    }
  }
  return found;
}

async function hasQuestion(
  loop: RunLoop,
  id: string,
  isMeant: (run: TaskRun) => boolean,
): Promise<boolean> {
  const { execution } = await loop.load(id);
  const open = presentRuns(execution);
  if (open.some((run) => run.question !== undefined && isMeant(run))) return true;
  for (const child of await pausedChildren(loop, open)) {
    if (await hasQuestion(loop, child, isMeant)) return true;
  }
  return false;
}

/** A run that waits for a paused child is resumed by resuming the child. */
async function resumeChild(
  loop: RunLoop,
  run: TaskRun,
  given: Readonly<Record<string, Value>>,
  from: ResumedBy,
  givenMarks: Marks,
): Promise<void> {
  const [childId] = await pausedChildren(loop, [run]);
  if (childId !== undefined) await resumeExecution(loop, childId, given, from, givenMarks);
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
  const asking = presentRuns(execution).find((run) => run.question !== undefined);
  // A restart would do again, as another effect, what may have happened.
  if (asking !== undefined) throw unanswered(asking);
  const bound = presentRuns(execution).find((run) => run.approval?.isBinding === true);
  if (bound !== undefined) throw undecided(bound);
  const targets = restartable(presentRuns(execution));
  if (targets.length === 0) {
    throw new Failure(
      'execution.wrong-state',
      `the execution \`${id}\` has no task run that failed or waits, so there is nothing to restart`,
      { help: 'replay it instead' },
    );
  }
  if (revision !== undefined && revision !== execution.revision) {
    return replayExecution(loop, id, { taskRunId: (targets[0] as TaskRun).id, revision }, by);
  }
  await assertMayGoOn(loop, one);
  const { namespace, id: flowId } = execution.flow;
  const again = { revision: execution.revision, isRepeated: true };
  await assertLiveRevision(loop.parts, { namespace, flowId }, again);
  loop.push(one, { type: 'execution-restarted', by });
  await quiet(loop, one);
  return id;
}

const lookEveryMs = 20;

/**
 * Lets what runs come to its end and begins nothing more; tells whether nothing was left after
 * `patienceMs`. What is left, or was not begun, goes on in the next process.
 */
export async function drainExecutions(loop: RunLoop, patienceMs: number): Promise<boolean> {
  loop.beginNothing();
  const until = loop.now() + patienceMs;
  const isBusy = (): boolean =>
    [...loop.active.values()].some(
      (one) => one.stops.size > 0 || one.pending > 0 || one.queue.length > 0 || one.isDraining,
    );
  while (isBusy()) {
    if (loop.now() >= until || loop.fatal() !== undefined) return false;
    await new Promise<void>((resolve) => {
      loop.parts.clock.wakeAt(loop.now() + lookEveryMs, resolve);
    });
  }
  return true;
}

/** Adds labels to an execution that has ended; an equal key is replaced. */
export async function changeLabels(
  loop: RunLoop,
  id: string,
  labels: readonly Label[],
  by: string,
): Promise<void> {
  refuseReservedLabels(labels);
  const one = await loop.load(id);
  await quiet(loop, one);
  if (!isTerminated(one.execution.state)) {
    throw wrongState(one.execution, 'labelled', 'wait until it has ended, or kill it');
  }
  loop.push(one, { type: 'labels-changed', labels, by });
  await quiet(loop, one);
}

/** From where an execution is replayed, with what. */
export interface ReplayOrder {
  readonly taskId?: string;
  readonly taskRunId?: string;
  readonly revision?: number;
  readonly inputs?: Readonly<Record<string, Value>>;
  /** Which files of this machine the inputs may name. */
  readonly localFiles?: LocalFiles;
}

/** Starts a new execution that takes over what came before a chosen task run; gives its id. */
export async function replayExecution(
  loop: RunLoop,
  id: string,
  order: ReplayOrder,
  by?: string,
): Promise<string> {
  const one = await loop.load(id);
  await quiet(loop, one);
  const { execution } = one;
  if (execution.loopTaskId !== undefined) {
    throw new Failure(
      'execution.wrong-state',
      `the execution \`${id}\` is one round of a loop and is not replayed by itself`,
      { help: 'replay the execution that the loop belongs to' },
    );
  }
  const from = runToReplay(execution, order);
  await assertReplayAsks(loop, execution, from, order.revision ?? execution.revision);
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
    isRepeated: order.revision === undefined || order.revision === execution.revision,
    inputs:
      order.inputs === undefined ? execution.inputs : { ...execution.inputs, ...order.inputs },
    inputsMarks: execution.inputsMarks,
    areInputsResolved: order.inputs === undefined,
    labelsMarks: execution.labelsMarks,
    ...(execution.control !== plain && { controlMarks: marksOf(execution.control) }),
    triggerMarks: execution.triggerMarks,
    isFromPerson: true,
    ...(order.localFiles !== undefined && { localFiles: order.localFiles }),
    ...(by !== undefined && { by }),
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

/**
 * Waits until an execution rests: it has ended, or nothing of it goes on without somebody. Gives what its
 * records say where that is in memory.
 */
export async function untilRest(
  loop: RunLoop,
  id: string,
  options: RestOptions,
): Promise<ReadExecution | undefined> {
  const one = loop.active.get(id) ?? (await waitingForOthers(loop, id));
  if (one === undefined) return undefined;
  await untilTrue(loop, one, () => isResting(loop, id, options.timerPatienceMs));
  const next = repetitionOf(loop, one.execution);
  if (next === undefined) return readEnded(loop, one);
  await untilRest(loop, next, options);
  return undefined;
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
