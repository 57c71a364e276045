/**
 * The transitions that every handler uses (create a run, change a state, end a run, settle a block),
 * here so that a rule about them stands once.
 *
 * INVARIANT: a run that has terminated does not change again unless a restart reopens it; `openRuns`
 * and the counts of each block agree with the runs' states after every turn.
 */
import { assert } from '../failure/index.ts';
import type { Task } from '../flow/index.ts';
import {
  emptyMap,
  joinMarks,
  joinProvenance,
  type Marks,
  marksOf,
  plain,
  plainMarks,
  type Provenance,
  type Value,
  type ValueMap,
} from '../value/index.ts';
import {
  controlOf,
  enclosing,
  type ErrorNote,
  type Execution,
  type Phase,
  type Progress,
  type TaskRun,
} from './execution.ts';
import { fixtureOf } from './fixture.ts';
import type { Turn } from './rules.ts';
import { markAbsences, placeOutputs } from './output-tree.ts';
import {
  freshProgress,
  hasReadyLane,
  laneValue,
  passLane,
  resultOf,
  takeLane,
  tally,
} from './progress.ts';
import { isTerminated, type State } from './state.ts';

/** Returns the tasks of `block` of `task` that are not disabled. */
export function blockOf(task: Task, block: string): readonly Task[] {
  return enabled(Object.hasOwn(task.blocks, block) ? (task.blocks[block] ?? []) : []);
}

/** Returns the tasks that are not disabled. */
export function enabled(tasks: readonly Task[]): readonly Task[] {
  return tasks.some((task) => task.isDisabled) ? tasks.filter((task) => !task.isDisabled) : tasks;
}

/** Sets the state of the execution. */
export function setExecutionState(turn: Turn, state: State): void {
  const { execution } = turn;
  execution.state = state;
  execution.histories.push({ state, at: turn.at });
  turn.isExecutionTouched = true;
}

/** Sets the state of a run. */
export function setRunState(turn: Turn, run: TaskRun, state: State): void {
  run.state = state;
  run.histories.push({ state, at: turn.at });
  if (state !== 'PAUSED') {
    run.question = undefined;
    if (run.approval !== undefined) dropApproval(turn, run, run.approval.id);
  }
  turn.touched.add(run);
}

/** Lets go of an approval that was waited for; whoever keeps it is told unless it was decided. */
function dropApproval(turn: Turn, run: TaskRun, approval: string): void {
  settleApproval(turn, run);
  turn.commands.push({ type: 'withdraw-approval', run, approval });
}

/** Notes that `run` waits for no approval any more. */
export function settleApproval(turn: Turn, run: TaskRun): void {
  run.approval = undefined;
  run.awaited.delete('tend approval');
  clearTimer(turn, `approval:${run.id}`);
  clearTimer(turn, `reminder:${run.id}`);
}

/** Sets a timer of the execution. */
export function setTimer(turn: Turn, id: string, dueAt: number): void {
  turn.execution.timers.set(id, dueAt);
  turn.commands.push({ type: 'set-timer', id, dueAt });
}

/** Takes a timer back. */
export function clearTimer(turn: Turn, id: string): void {
  if (turn.execution.timers.delete(id)) turn.commands.push({ type: 'clear-timer', id });
}

/** Where a run stands among its siblings. */
export interface RunPlace {
  readonly parent: TaskRun | null;
  readonly phase: Phase;
  readonly lane?: number;
  readonly value?: string;
  readonly valueMarks?: Marks;
  readonly iteration?: number;
}

/** Sets what only runs in loops have: spread into the literal it would cost more than the rest of it. */
function placed(run: { -readonly [Key in keyof TaskRun]: TaskRun[Key] }, place: RunPlace): TaskRun {
  if (place.value !== undefined) run.value = place.value;
  if (place.iteration !== undefined) run.iteration = place.iteration;
  return run;
}

/** Adds a run of `task` to the execution, in state CREATED. */
export function createRun(turn: Turn, task: Task, place: RunPlace): TaskRun {
  const { execution } = turn;
  const ordinal = execution.runs.length;
  const control = controlOf(execution, place.parent, place.phase);
  const run: TaskRun = {
    id: `${execution.id}-${ordinal.toString(36)}`,
    ordinal,
    task,
    parent: place.parent,
    valueMarks: place.valueMarks ?? plainMarks,
    phase: place.phase,
    lane: place.lane ?? 0,
    control,
    state: 'CREATED',
    histories: [{ state: 'CREATED', at: turn.at }],
    attempts: [],
    outputs: undefined,
    outputsMarks: plainMarks,
    error: undefined,
    intent: undefined,
    question: undefined,
    approval: undefined,
    approvals: 0,
    restarts: 0,
    failure: plain,
    folder: plain,
    progress: undefined,
    facts: emptyMap(),
    children: undefined,
    startingChildren: 0,
    awaited: new Set(),
    isRemoved: false,
  };
  execution.runs.push(placed(run, place));
  execution.runsById.set(run.id, run);
  execution.openRuns += 1;
  turn.touched.add(run);
  return run;
}

/** Lets a created run begin: a worker is asked, or a flowable is entered. */
export function beginRun(turn: Turn, run: TaskRun): void {
  if (turn.execution.isHeld) {
    turn.execution.heldRuns.push(run);
    return;
  }
  const rules = turn.rulesOf(run.task.type);
  // What a test gives instead of a block is given by whoever runs tasks.
  if (rules === undefined || fixtureOf(turn.execution, run) !== undefined) {
    turn.commands.push({ type: 'start-task', run });
  } else if (run.task.runIf !== undefined && run.facts['runIf'] === undefined) {
    evaluate(turn, run, 'run-if', run.task.runIf);
  } else {
    setRunState(turn, run, 'RUNNING');
    rules.enter(turn, run);
  }
}

/** Asks for `value` to be rendered for `run`. */
export function evaluate(
  turn: Turn,
  run: TaskRun | null,
  purpose: string,
  value: Value,
  mode: 'text' | 'typed' | 'lines' | 'conditions' = 'text',
): void {
  turn.commands.push({ type: 'evaluate', run, purpose, value, mode });
}

/** Gives `run` outputs, marked by what the decision to run it depended on, and makes them readable. */
export function giveOutputs(turn: Turn, run: TaskRun, outputs: ValueMap, marks: Marks): void {
  run.outputs = outputs;
  run.outputsMarks = joinMarks(marks, run.control);
  placeOutputs(turn.execution.tree, run);
  turn.touched.add(run);
}

/** Returns what `state` becomes by the allowances of the task. */
export function allowed(task: Task, state: State): State {
  const softened = state === 'FAILED' && task.allowFailure ? 'WARNING' : state;
  return softened === 'WARNING' && task.allowWarning ? 'SUCCESS' : softened;
}

/** Returns the block that `run` is part of. */
export function progressAround(execution: Execution, run: TaskRun): Progress | undefined {
  if (run.parent !== null) return run.parent.progress;
  return run.phase === 'afterExecution' ? execution.afterwards : execution.progress;
}

/** Ends `run` in a final state and has the block around it looked at. */
export function endRun(turn: Turn, run: TaskRun, state: State): void {
  const { execution } = turn;
  assert(!isTerminated(run.state), `run ${run.id} ends twice`);
  setRunState(turn, run, state);
  const attempt = run.attempts.at(-1);
  if (attempt?.state === 'RUNNING') {
    // Given up while it was under way: nobody else will report its end.
    attempt.state = state;
    attempt.histories.push({ state, at: turn.at });
  }
  execution.openRuns -= 1;
  if (run.progress !== undefined) run.failure = joinProvenance(run.failure, run.progress.failure);
  if (state === 'FAILED' && run.error !== undefined && run.phase === 'tasks') {
    if (execution.error === undefined) {
      execution.errorMarks = marksOf(run.failure);
      turn.isExecutionTouched = true;
    }
    execution.error ??= { ...run.error, taskId: run.error.taskId ?? run.task.id };
  }
  if (state !== 'FAILED' && (run.progress?.failed ?? 0) > 0) forgetError(turn, run);
  const around = run.phase === 'onPause' ? undefined : progressAround(execution, run);
  if (around === undefined) return;
  if (state !== 'SUCCESS') noteFailure(turn, around, run, state);
  if (run.phase === 'tasks') {
    around.runningTasks -= 1;
    tally(around, state, 1);
    if (state !== 'FAILED' && state !== 'KILLED') passLane(around.plan, run.lane);
  } else {
    around.runningExtra -= 1;
  }
  turn.toSettle.push(around);
}

/**
 * Notes what the end of `run` without success depended on: what is missing because of it depends on the
 * same, and so does what runs because the block around it failed.
 */
function noteFailure(turn: Turn, around: Progress, run: TaskRun, state: State): void {
  const cause = joinProvenance(run.failure, run.control);
  if (cause === plain) return;
  markMissing(turn, run);
  if (state !== 'FAILED' && state !== 'KILLED') return;
  around.failure = joinProvenance(around.failure, cause);
  for (const tasks of Object.values(listsAround(turn, around))) {
    markAbsences(turn.execution.tree, around.owner, tasks, cause);
  }
}

function listsAround(turn: Turn, { owner }: Progress): Readonly<Record<string, readonly Task[]>> {
  if (owner !== null) return owner.task.blocks;
  const { tasks, errors } = turn.execution.flow;
  return { tasks, errors };
}

/**
 * Notes that what the tasks inside `run` give, or leave out, depends on a choice with provenance
 * `control`: their outputs, and the variables and labels that they may change.
 */
export function markBranches(turn: Turn, run: TaskRun, control: Provenance): void {
  if (control === plain) return;
  const { execution } = turn;
  for (const tasks of Object.values(run.task.blocks)) {
    markAbsences(execution.tree, run, tasks, control);
    if (!tasks.some(mayChangeExecution)) continue;
    execution.variablesMarks = joinMarks(execution.variablesMarks, control);
    execution.labelsMarks = joinMarks(execution.labelsMarks, control);
  }
}

/** Types whose runs may change variables or labels; a task made of a template may be any of them. */
const changingTypes: ReadonlySet<string> = new Set([
  'core.execution.SetVariables',
  'core.execution.UnsetVariables',
  'core.execution.Labels',
  'core.templating.TemplatedTask',
]);

function mayChangeExecution(task: Task): boolean {
  return (
    changingTypes.has(task.type) ||
    Object.values(task.blocks).some((tasks) => tasks.some(mayChangeExecution))
  );
}

/** Notes that what is missing of `run` and inside it depends on why it failed. */
export function markMissing(turn: Turn, run: TaskRun): void {
  const cause = joinProvenance(run.failure, run.control);
  markAbsences(turn.execution.tree, run.parent, [run.task], cause);
  markBranches(turn, run, cause);
}

/** Returns the first run whose failure is one of the execution, but for those that `isLeftOut`. */
export function firstFailure(
  execution: Execution,
  isLeftOut: (run: TaskRun) => boolean = () => false,
): TaskRun | undefined {
  return execution.runs.find(
    (one) =>
      one.state === 'FAILED' &&
      one.error !== undefined &&
      one.phase === 'tasks' &&
      !one.isRemoved &&
      enclosing(one).every(({ state }) => state === 'FAILED' || !isTerminated(state)) &&
      !isLeftOut(one),
  );
}

/** Takes back what failed inside `run`, whose failure was allowed: it is not why the execution fails. */
function forgetError(turn: Turn, run: TaskRun): void {
  const { execution } = turn;
  const isInside = (one: TaskRun): boolean => enclosing(one).includes(run);
  const { error } = execution;
  if (!execution.runs.some((one) => one.task.id === error?.taskId && isInside(one))) return;
  const other = firstFailure(execution, isInside);
  turn.isExecutionTouched = true;
  execution.errorMarks = marksOf(other?.failure ?? plain);
  execution.error =
    other?.error === undefined
      ? undefined
      : { ...other.error, taskId: other.error.taskId ?? other.task.id };
}

/** Ends a flowable with what its tasks led to. */
export function endFlowable(turn: Turn, run: TaskRun, state: State): void {
  if (isTerminated(run.state)) return;
  endRun(turn, run, allowed(run.task, state));
}

/** Ends a flowable that could not do its own part. */
export function failFlowable(turn: Turn, run: TaskRun, error: ErrorNote): void {
  run.error = error;
  turn.commands.push({ type: 'write-log', run, level: 'ERROR', message: error.message });
  if (run.progress !== undefined) run.progress.phase = 'done';
  endFlowable(turn, run, 'FAILED');
}

/** Starts the block of an entered `run`, whose choice depended on `control`. */
export function startLanes(turn: Turn, run: TaskRun, control: Provenance = plain): void {
  const block = turn.rulesOf(run.task.type)?.lanes?.(run);
  assert(block !== undefined, `${run.task.type} has lanes`);
  const progress = freshProgress(run, block.lanes, block.limit);
  dependOn(progress, control);
  startBlock(turn, progress);
}

/** Gives `run` the block `progress` and starts it. */
export function startBlock(turn: Turn, progress: Progress): void {
  if (progress.owner === null) turn.execution.progress = progress;
  else progress.owner.progress = progress;
  turn.toSettle.push(progress);
}

/** Joins what a failure that is handled depended on into everything that runs because of it. */
function dependOnFailure(progress: Progress): void {
  dependOn(progress, progress.failure);
}

/** Joins what a choice depended on into everything that runs because of it. */
export function dependOn(progress: Progress, provenance: Provenance): void {
  if (provenance !== plain) progress.control = joinProvenance(progress.control, provenance);
}

/** Starts every normal task of `progress` that may start. */
function startReady(turn: Turn, progress: Progress): void {
  const { plan } = progress;
  while (plan.limit === 0 || progress.runningTasks < plan.limit) {
    const lane = takeLane(plan);
    if (lane === undefined) return;
    const cursor = plan.cursors.get(lane) ?? 0;
    plan.cursors.set(lane, cursor);
    const task = plan.lanes.tasks(lane)[cursor];
    assert(task !== undefined, 'a lane has a task at its cursor');
    const value = laneValue(plan, lane);
    const run = createRun(turn, task, {
      parent: progress.owner,
      phase: 'tasks',
      lane,
      ...(value !== undefined && {
        value: value.value,
        valueMarks: value.marks,
        iteration: value.iteration,
      }),
    });
    progress.runningTasks += 1;
    beginRun(turn, run);
  }
}

/** Starts the next task of the list that follows the normal tasks; false when the list is over. */
function startExtra(turn: Turn, progress: Progress): boolean {
  if (progress.runningExtra > 0) return true;
  const task = progress.extra[progress.extraNext];
  if (task === undefined) return false;
  progress.extraNext += 1;
  progress.runningExtra += 1;
  const run = createRun(turn, task, {
    parent: progress.owner,
    phase: progress.phase as Phase,
  });
  beginRun(turn, run);
  return true;
}

function listOf(turn: Turn, progress: Progress, phase: 'errors' | 'finally'): readonly Task[] {
  if (progress.owner === null) return enabled(turn.execution.flow[phase]);
  return blockOf(progress.owner.task, phase);
}

function enterPhase(progress: Progress, phase: 'errors' | 'finally', tasks: readonly Task[]): void {
  progress.phase = phase;
  progress.extra = tasks;
  progress.extraNext = 0;
}

/** Ends the block: its owner ends, or the execution is about to. */
function finish(turn: Turn, progress: Progress): void {
  progress.phase = 'done';
  const { owner } = progress;
  if (owner === null) return;
  const rules = turn.rulesOf(owner.task.type);
  const state = resultOf(progress);
  if (rules?.ended === undefined) endFlowable(turn, owner, state);
  else rules.ended(turn, owner, state);
}

/** Goes on with `progress` after its normal tasks are over, well or not. */
export function afterTasks(turn: Turn, progress: Progress): void {
  progress.isHeldBack = false;
  const last = listOf(turn, progress, 'finally');
  if (last.length === 0) {
    finish(turn, progress);
    return;
  }
  // What cleans up waits until nothing that it could clean up under is running any more.
  if (progress.runningTasks > 0 || progress.runningExtra > 0) return;
  enterPhase(progress, 'finally', last);
  startExtra(turn, progress);
}

/** Looks at a block: starts what may start, or ends it. */
function settle(turn: Turn, progress: Progress): void {
  const { execution } = turn;
  if (progress.phase === 'done') return;
  if (progress.phase === 'afterExecution') {
    if (!startExtra(turn, progress)) progress.phase = 'done';
    return;
  }
  if (execution.ending !== undefined && !execution.isClosed) {
    if (progress.runningTasks + progress.runningExtra > 0) return;
    progress.phase = 'done';
    const { owner } = progress;
    if (owner !== null && !isTerminated(owner.state)) {
      endRun(turn, owner, endedState(execution, owner));
    }
    return;
  }
  if (progress.phase === 'tasks') settleTasks(turn, progress);
  else if (!startExtra(turn, progress)) {
    if (progress.phase === 'errors') afterTasks(turn, progress);
    else finish(turn, progress);
  }
}

/** Returns how an enclosing flowable ends when the execution is ended from inside or outside. */
export function endedState(execution: Execution, owner: TaskRun): State {
  const { ending } = execution;
  if (ending?.reason !== 'exit') return 'KILLED';
  return owner.facts['holdsExit'] === true ? ending.state : 'KILLED';
}

function settleTasks(turn: Turn, progress: Progress): void {
  if (progress.isHeldBack) return;
  if (progress.failed > 0 || progress.killed > 0) {
    dependOnFailure(progress);
    const errors = progress.killed > 0 ? [] : listOf(turn, progress, 'errors');
    if (errors.length === 0) {
      afterTasks(turn, progress);
      return;
    }
    enterPhase(progress, 'errors', errors);
    startExtra(turn, progress);
    return;
  }
  startReady(turn, progress);
  if (progress.runningTasks > 0 || hasReadyLane(progress.plan)) return;
  const { owner } = progress;
  const rules = owner === null ? undefined : turn.rulesOf(owner.task.type);
  if (owner !== null && rules?.tasksEnded !== undefined) {
    progress.isHeldBack = true;
    rules.tasksEnded(turn, owner, progress);
  } else {
    afterTasks(turn, progress);
  }
}

/** Works off everything that follows from what the turn has done. */
export function workOff(turn: Turn): void {
  for (let at = 0; at < turn.toSettle.length; at += 1) settle(turn, turn.toSettle[at] as Progress);
  turn.toSettle.length = 0;
}
