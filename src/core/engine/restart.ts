/**
 * Restart: the same execution goes on from what failed or waited. Failed runs run again with their ids,
 * their enclosing flowables are open again, the runs of errors and finally lists are gone.
 */
import { emptyMap, marksOf, plain, plainMarks } from '../value/index.ts';
import { needsSlot } from './create-execution.ts';
import { enclosing, type Execution, presentRuns, type TaskRun } from './execution.ts';
import { timeLevels } from './levels.ts';
import { freshProgress, oneLane, tally } from './progress.ts';
import { removeDescendants, removeRun } from './remove-runs.ts';
import type { Turn } from './rules.ts';
import { isTerminated, type State } from './state.ts';
import {
  beginRun,
  clearTimer,
  endRun,
  firstFailure,
  progressAround,
  setExecutionState,
  setRunState,
  startBlock,
  enabled,
} from './transitions.ts';

const again: ReadonlySet<State> = new Set<State>(['FAILED', 'PAUSED', 'KILLED']);

/** Returns the runs from which `runs` would be restarted: the innermost that failed, were killed or wait. */
export function restartable(runs: readonly TaskRun[]): TaskRun[] {
  const main = runs.filter((run) => run.phase === 'tasks' && isOnOpenPath(run));
  const withInner = new Set<TaskRun>();
  for (const run of main) {
    if (!again.has(run.state)) continue;
    for (const outer of enclosing(run)) withInner.add(outer);
  }
  const innermost = main.filter((run) => again.has(run.state) && !withInner.has(run));
  return [...new Set(innermost.map(whole))];
}

/** Tells whether everything around `run` failed with it; a failure that was allowed does not run again. */
function isOnOpenPath(run: TaskRun): boolean {
  return enclosing(run).every(
    (outer) => outer.phase === 'tasks' && (again.has(outer.state) || !isTerminated(outer.state)),
  );
}

/** Returns the run to restart for `run`: a WorkingDirectory around it begins anew as a whole. */
function whole(run: TaskRun): TaskRun {
  const outer = enclosing(run).findLast((one) => one.task.type === 'core.flow.WorkingDirectory');
  return outer ?? run;
}

/** Opens `run` again: it and the block around it count as running. */
function reopen(turn: Turn, run: TaskRun, state: State): void {
  if (isTerminated(run.state)) {
    turn.execution.openRuns += 1;
    const around = progressAround(turn.execution, run);
    if (around !== undefined) {
      tally(around, run.state, -1);
      around.runningTasks += 1;
    }
  }
  setRunState(turn, run, state);
}

/** Forgets what `run` did, so that it begins anew. */
function reset(turn: Turn, run: TaskRun): void {
  removeDescendants(turn, run);
  for (const purpose of ['retry', 'pause', 'round']) clearTimer(turn, `${purpose}:${run.id}`);
  run.progress = undefined;
  run.children = undefined;
  run.startingChildren = 0;
  run.awaited.clear();
  run.facts = emptyMap();
  run.error = undefined;
  run.intent = undefined;
  run.restarts += 1;
  run.folder = plain;
  run.outputs = undefined;
  run.outputsMarks = plainMarks;
}

/**
 * Lets an ended or paused execution go on from what failed or waited; with `marked`, from a run whose state
 * was set by hand.
 */
export function restartExecution(turn: Turn, marked?: Execution['marked']): void {
  const { execution } = turn;
  execution.marked = marked;
  execution.isClosed = false;
  execution.isSettled = false;
  execution.isEndRequested = false;
  execution.ending = undefined;
  execution.error = undefined;
  execution.errorMarks = plainMarks;
  execution.outputs = undefined;
  for (const run of presentRuns(execution)) {
    if (run.phase === 'tasks' || run.isRemoved) continue;
    removeDescendants(turn, run);
    removeRun(turn, run);
  }
  setExecutionState(turn, 'RESTARTED');
  execution.violated.clear();
  execution.awaited.clear();
  timeLevels(turn);
  if (needsSlot(execution)) {
    execution.isRestarting = true;
    turn.commands.push({ type: 'request-slot' });
  } else {
    goOnRestarted(turn);
  }
}

/** Lets a restarted execution that may run go on. */
export function goOnRestarted(turn: Turn): void {
  const { execution } = turn;
  const targets = restartable(presentRuns(execution));
  execution.isRestarting = false;
  setExecutionState(turn, 'RUNNING');
  if (execution.marked !== undefined) {
    goOnMarked(turn, execution.marked);
    return;
  }
  if (execution.progress === undefined || targets.length === 0) {
    startBlock(
      turn,
      freshProgress(null, oneLane(enabled(execution.flow.tasks)), 0, execution.control),
    );
    return;
  }
  for (const run of targets) {
    for (const outer of enclosing(run).toReversed()) {
      if (isTerminated(outer.state) || outer.state === 'KILLING') reopen(turn, outer, 'RUNNING');
    }
    reset(turn, run);
    reopen(turn, run, 'RESTARTED');
  }
  reopenBlocks(turn);
  for (const run of targets) beginRun(turn, run);
}

/** What let the block around a run go on to what comes after it. */
const passed: ReadonlySet<State> = new Set<State>(['SUCCESS', 'WARNING', 'SKIPPED', 'CANCELLED']);

/**
 * Tells whether `run` of an ended execution may be given `state` by hand: what encloses it is open with it,
 * no folder is gone that it shared, and what ran because it ended well does not follow a failure.
 */
export function isMarkable(run: TaskRun, state: State): boolean {
  return (
    !run.isRemoved &&
    run.phase === 'tasks' &&
    isTerminated(run.state) &&
    isOnOpenPath(run) &&
    whole(run) === run &&
    !(passed.has(run.state) && (state === 'FAILED' || state === 'KILLED'))
  );
}

/** Gives a run the state that was set by hand, and lets the execution go on from there. */
function goOnMarked(turn: Turn, { run, state }: NonNullable<Execution['marked']>): void {
  const { execution } = turn;
  execution.marked = undefined;
  for (const outer of enclosing(run).toReversed()) {
    if (isTerminated(outer.state)) reopen(turn, outer, 'RUNNING');
  }
  run.error =
    state === 'FAILED' ? (run.error ?? { message: 'its state was set to FAILED' }) : undefined;
  const attempt = run.attempts.at(-1);
  if (attempt !== undefined) {
    attempt.state = state;
    attempt.histories.push({ state, at: turn.at });
  }
  const around = progressAround(execution, run);
  if (passed.has(run.state) && around !== undefined) {
    // What comes after it has been reached already, and is not reached a second time.
    tally(around, run.state, -1);
    tally(around, state, 1);
    setRunState(turn, run, state);
  } else {
    reopen(turn, run, 'RESTARTED');
    endRun(turn, run, state);
  }
  const failed = firstFailure(execution);
  execution.error = failed?.error && {
    ...failed.error,
    taskId: failed.error.taskId ?? failed.task.id,
  };
  execution.errorMarks = marksOf(failed?.failure ?? plain);
  reopenBlocks(turn);
}

/** Puts the blocks of everything that is open back to their normal tasks. */
function reopenBlocks(turn: Turn): void {
  const open = [
    turn.execution.progress,
    ...presentRuns(turn.execution)
      .filter((run) => !isTerminated(run.state))
      .map((run) => run.progress),
  ];
  for (const progress of open) {
    if (progress === undefined) continue;
    progress.phase = 'tasks';
    progress.extra = [];
    progress.extraNext = 0;
    progress.runningExtra = 0;
    progress.isHeldBack = false;
    turn.toSettle.push(progress);
  }
}
