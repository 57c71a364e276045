/**
 * The reducer's table: for each event, what it changes. Handlers ignore what comes too late (the end of
 * a task that was already given up), because the world is slower than decisions about it.
 */
import { isTruthyText } from '../expression/index.ts';
import type { Label } from '../flow/index.ts';
import {
  emptyMap,
  flatten,
  isMap,
  joinProvenance,
  mapOf,
  type Marks,
  marksOf,
  plainMarks,
  type Value,
  type ValueMap,
} from '../value/index.ts';
import { addCopies } from './copy-runs.ts';
import {
  beginExecution,
  endUnstarted,
  fill,
  requestStart,
  startRunning,
} from './create-execution.ts';
import { endExecutionEarly } from './ending.ts';
import type { Change, ExecutionEvent } from './event.ts';
import type { TaskRun } from './execution.ts';
import { resumePause } from './flowables/pause.ts';
import { leafEnded, startAttempt } from './leaf-ended.ts';
import { markAbsence } from './output-tree.ts';
import { freshProgress, oneLane, resultOf } from './progress.ts';
import { restartExecution } from './restart.ts';
import type { Turn } from './rules.ts';
import { isTerminated, type State } from './state.ts';
import {
  beginRun,
  clearTimer,
  enabled,
  endRun,
  failFlowable,
  setExecutionState,
  setRunState,
} from './transitions.ts';

type EventOf<T extends ExecutionEvent['type']> = Extract<ExecutionEvent, { type: T }>;

/** What each event changes. */
export type Handlers = {
  readonly [T in ExecutionEvent['type']]: (turn: Turn, event: EventOf<T>) => void;
};

function openRun(turn: Turn, id: string | null): TaskRun | undefined {
  const run = id === null ? undefined : turn.execution.runsById.get(id);
  return run === undefined || isTerminated(run.state) ? undefined : run;
}

/** Returns `labels` with those of `more` added; an equal key is replaced. */
function replaceLabels(labels: readonly Label[], more: readonly Label[]): Label[] {
  const keys = new Set(more.map((label) => label.key));
  return [...labels.filter((label) => !keys.has(label.key)), ...more];
}

function mergeDeep(into: ValueMap, from: ValueMap): ValueMap {
  const merged = Object.assign(emptyMap(), into);
  for (const [key, value] of Object.entries(from)) {
    const known = Object.hasOwn(merged, key) ? merged[key] : undefined;
    merged[key] = isMap(known) && isMap(value) ? mergeDeep(known, value) : value;
  }
  return merged;
}

function applyChange(turn: Turn, run: TaskRun, change: Change, marks: Marks): void {
  const { execution } = turn;
  turn.isExecutionTouched = true;
  if (change.type === 'set-labels') {
    const more = Object.entries(change.labels).map(([key, value]) => ({ key, value }));
    execution.labels = replaceLabels(execution.labels, more);
  } else if (change.type === 'set-variables') {
    execution.variables = mergeDeep(execution.variables, change.variables);
    const control = joinProvenance(flatten(marks), run.control);
    execution.variablesMarks = marksOf(joinProvenance(execution.variablesMarks.own, control));
  } else if (change.type === 'unset-variables') {
    execution.variables = Object.assign(emptyMap(), execution.variables);
    for (const name of change.names) delete execution.variables[name];
  } else {
    for (let at = run.parent; at !== null; at = at.parent) at.facts['holdsExit'] = true;
    endExecutionEarly(turn, { state: change.state, reason: 'exit' });
  }
}

function takeAnswer(turn: Turn, event: EventOf<'evaluated'>): void {
  const { purpose } = event;
  if (event.taskRunId === null) {
    executionAnswers(turn, purpose, event);
    return;
  }
  const run = openRun(turn, event.taskRunId);
  if (run === undefined) return;
  const marks = event.marks ?? plainMarks;
  if (event.error !== undefined) {
    run.error = event.error;
    if (run.attempts.length > 0) leafEnded(turn, run, { outcome: 'FAILED', error: event.error });
    else failFlowable(turn, run, event.error);
  } else if (purpose !== 'run-if') {
    turn
      .rulesOf(run.task.type)
      ?.evaluated?.(turn, run, purpose, { value: event.value ?? null, marks });
  } else if (isTruthyText(String(event.value ?? ''))) {
    run.facts['runIf'] = true;
    run.control = joinProvenance(run.control, flatten(marks));
    beginRun(turn, run);
  } else {
    skip(turn, run, event.marks);
  }
}

function skip(turn: Turn, run: TaskRun, marks = plainMarks): void {
  markAbsence(turn.execution.tree, run.parent, run.task.id, flatten(marks));
  endRun(turn, run, 'SKIPPED');
}

function executionAnswers(turn: Turn, purpose: string, event: EventOf<'evaluated'>): void {
  const { execution } = turn;
  if (purpose === 'outputs') {
    if (execution.isClosed) return;
    const before = finalState(turn);
    const fails = event.error !== undefined && before !== 'FAILED' && before !== 'KILLED';
    if (fails) execution.error = event.error;
    execution.outputs = isMap(event.value) ? event.value : undefined;
    execution.outputsMarks = event.marks ?? plainMarks;
    const state = fails ? 'FAILED' : before;
    turn.commands.push({ type: 'end-execution', state });
  } else if (purpose === 'listeners') {
    startAfterwards(turn, event.value ?? []);
  } else if (purpose.startsWith('level:') && event.error === undefined) {
    if (!isTruthyText(String(event.value ?? ''))) violate(turn, purpose.slice('level:'.length));
  }
}

/** Returns the state the execution is about to end in. */
function finalState(turn: Turn): State {
  const { ending, progress } = turn.execution;
  if (ending !== undefined) return ending.state;
  return progress === undefined ? 'SUCCESS' : resultOf(progress);
}

function violate(turn: Turn, id: string): void {
  const { execution } = turn;
  const level = execution.flow.serviceLevels.find((one) => one.id === id);
  if (level === undefined || execution.violated.has(id) || execution.ending !== undefined) return;
  if (execution.isClosed) return;
  execution.violated.add(id);
  execution.labels = replaceLabels(execution.labels, level.labels);
  turn.isExecutionTouched = true;
  if (level.behavior === 'NONE') return;
  const state = level.behavior === 'FAIL' ? 'FAILED' : 'CANCELLED';
  execution.error ??= {
    message: `the service level \`${id}\` was violated`,
    code: 'execution.level-violated',
  };
  endExecutionEarly(turn, { state, reason: 'service-level' });
}

/** Starts what runs after the end; `listening` says which listeners want to run. */
function startAfterwards(turn: Turn, listening: Value): void {
  const { execution } = turn;
  const wanted = Array.isArray(listening) ? listening : [];
  const tasks = [
    ...execution.flow.afterExecution,
    ...execution.flow.listeners
      .filter((_, place) => wanted[place] === true)
      .flatMap((one) => one.tasks),
  ];
  const progress = freshProgress(null, oneLane([]));
  progress.phase = 'afterExecution';
  progress.extra = enabled(tasks);
  progress.control = flatten(plainMarks);
  execution.afterwards = progress;
  turn.toSettle.push(progress);
}

function fireTimer(turn: Turn, id: string): void {
  const { execution } = turn;
  if (!execution.timers.delete(id)) return;
  const [purpose, subject] = [id.split(':', 1)[0], id.slice(id.indexOf(':') + 1)];
  if (purpose === 'start') {
    requestStart(turn);
    return;
  }
  if (purpose === 'level') {
    violate(turn, subject);
    return;
  }
  const run = openRun(turn, subject);
  if (run === undefined) return;
  if (purpose === 'retry') retryNow(turn, run);
  else turn.rulesOf(run.task.type)?.timerFired?.(turn, run, purpose ?? '');
}

function retryNow(turn: Turn, run: TaskRun): void {
  const { execution } = turn;
  setRunState(turn, run, 'CREATED');
  if (execution.state === 'RETRYING') setExecutionState(turn, 'RUNNING');
  run.facts = run.facts['runIf'] === true ? mapOf({ runIf: true }) : emptyMap();
  beginRun(turn, run);
}

/** The reducer's table. */
export const handlers: Handlers = {
  'execution-created': (turn, event) => {
    fill(turn.execution, event);
    turn.isExecutionTouched = true;
    if (event.copied !== undefined) addCopies(turn, event.copied);
    beginExecution(turn, event);
  },
  'slot-granted': (turn) => {
    if (turn.execution.isClosed || turn.execution.ending !== undefined) {
      turn.commands.push({ type: 'release-slot' });
      return;
    }
    turn.execution.holdsSlot = true;
    startRunning(turn);
  },
  'slot-denied': (turn, event) => {
    if (event.behavior === 'QUEUE') {
      setExecutionState(turn, 'QUEUED');
      return;
    }
    const state = event.behavior === 'FAIL' ? 'FAILED' : 'CANCELLED';
    turn.execution.error = {
      message: `the flow already runs as often as its concurrency limit allows`,
      code: 'execution.limit-reached',
    };
    endUnstarted(turn, { state, reason: 'exit' });
  },
  'task-started': (turn, event) => {
    const run = openRun(turn, event.taskRunId);
    if (run === undefined) return;
    startAttempt(turn, run);
    setRunState(turn, run, 'RUNNING');
  },
  'task-skipped': (turn, event) => {
    const run = openRun(turn, event.taskRunId);
    if (run !== undefined) skip(turn, run, event.marks);
  },
  'task-ended': (turn, event) => {
    const run = openRun(turn, event.taskRunId);
    if (run === undefined) return;
    const marks = event.changesMarks ?? plainMarks;
    for (const change of event.changes ?? []) {
      if (change.type !== 'end-execution') applyChange(turn, run, change, marks);
    }
    leafEnded(turn, run, event);
    for (const change of event.changes ?? []) {
      if (change.type === 'end-execution') applyChange(turn, run, change, marks);
    }
  },
  evaluated: takeAnswer,
  performed: (turn, event) => {
    const run = openRun(turn, event.taskRunId);
    if (run === undefined) return;
    if (event.error !== undefined) {
      failFlowable(turn, run, event.error);
    } else {
      turn.rulesOf(run.task.type)?.performed?.(turn, run, event.step, {
        value: event.outputs ?? emptyMap(),
        marks: event.outputsMarks ?? plainMarks,
      });
    }
  },
  'child-started': (turn, event) => {
    const run = openRun(turn, event.taskRunId);
    if (run === undefined || run.state === 'KILLING') {
      if (event.executionId !== undefined) {
        turn.commands.push({ type: 'kill-child', executionId: event.executionId });
      }
      if (run !== undefined && event.executionId !== undefined) {
        run.children?.set(event.executionId, { index: event.index, state: undefined });
      }
    } else if (event.executionId === undefined) {
      leafEnded(turn, run, {
        outcome: 'FAILED',
        error: event.error ?? { message: 'the execution could not be started' },
      });
    } else {
      turn.rulesOf(run.task.type)?.childStarted?.(turn, run, event.index, event.executionId);
    }
  },
  'child-ended': (turn, event) => {
    const run = openRun(turn, event.taskRunId);
    const child = run?.children?.get(event.executionId);
    if (run === undefined || child === undefined || child.state !== undefined) return;
    if (run.state === 'KILLING') {
      run.children?.set(event.executionId, { index: child.index, state: event.state });
      if ([...(run.children?.values() ?? [])].every((one) => one.state !== undefined)) {
        leafEnded(turn, run, { outcome: 'KILLED' });
      }
      return;
    }
    turn.rulesOf(run.task.type)?.childEnded?.(turn, run, {
      executionId: event.executionId,
      index: child.index,
      state: event.state,
      outputs: event.outputs,
      outputsMarks: event.outputsMarks ?? plainMarks,
      error: event.error,
    });
  },
  'timer-fired': (turn, event) => fireTimer(turn, event.id),
  'execution-resumed': (turn, event) => {
    const { execution } = turn;
    if (event.taskRunId === undefined) {
      execution.isHeld = false;
      setExecutionState(turn, 'RESTARTED');
      setExecutionState(turn, 'RUNNING');
      for (const run of execution.heldRuns.splice(0))
        if (!isTerminated(run.state)) beginRun(turn, run);
      return;
    }
    const run = openRun(turn, event.taskRunId);
    if (run === undefined || run.state !== 'PAUSED') return;
    resumePause(turn, run, {
      inputs: event.inputs,
      marks: event.inputsMarks ?? plainMarks,
      by: event.by,
    });
  },
  'execution-paused': (turn) => {
    if (turn.execution.state !== 'RUNNING') return;
    turn.execution.isHeld = true;
    setExecutionState(turn, 'PAUSED');
  },
  'execution-killed': (turn) => {
    const { execution } = turn;
    if (execution.isClosed || execution.ending?.reason === 'kill') return;
    if (execution.progress === undefined) {
      for (const id of execution.timers.keys()) clearTimer(turn, id);
      setExecutionState(turn, 'KILLING');
      endUnstarted(turn, { state: 'KILLED', reason: 'kill' });
      return;
    }
    execution.ending = undefined;
    endExecutionEarly(turn, { state: 'KILLED', reason: 'kill' });
  },
  'execution-restarted': (turn) => restartExecution(turn),
  'execution-ended': (turn, event) => {
    const { execution } = turn;
    if (execution.isClosed) return;
    execution.isClosed = true;
    setExecutionState(turn, event.state);
    for (const id of [...execution.timers.keys()]) clearTimer(turn, id);
    if (execution.holdsSlot) {
      execution.holdsSlot = false;
      turn.commands.push({ type: 'release-slot' });
    }
    const { listeners } = execution.flow;
    if (listeners.length === 0) {
      startAfterwards(turn, []);
    } else {
      const conditions = listeners.map((one) => one.conditions);
      turn.commands.push({
        type: 'evaluate',
        run: null,
        purpose: 'listeners',
        value: conditions,
        mode: 'conditions',
      });
    }
  },
};

/** Asks for the end of the execution once nothing of it is open any more. */
export function requestEnd(turn: Turn): void {
  const { execution } = turn;
  const { progress, flow } = execution;
  if (execution.isClosed) {
    if (
      execution.afterwards?.phase === 'done' &&
      execution.openRuns === 0 &&
      !execution.isSettled
    ) {
      execution.isSettled = true;
      turn.isExecutionTouched = true;
    }
    return;
  }
  if (execution.isEndRequested || progress?.phase !== 'done' || execution.openRuns > 0) return;
  execution.isEndRequested = true;
  const state = finalState(turn);
  const isEarly = execution.ending !== undefined && execution.ending.state !== 'SUCCESS';
  if (flow.outputs.length > 0 && !isEarly) turn.commands.push({ type: 'render-outputs', state });
  else turn.commands.push({ type: 'end-execution', state });
}

/** Asks for the assertions of the flow's service levels after each change. */
export function checkAssertions(turn: Turn, event: ExecutionEvent): void {
  const { execution } = turn;
  if (execution.isClosed || execution.ending !== undefined || execution.progress === undefined)
    return;
  if (event.type === 'evaluated' && event.taskRunId === null) return;
  for (const level of execution.flow.serviceLevels) {
    if (level.type !== 'EXECUTION_ASSERTION' || execution.violated.has(level.id)) continue;
    turn.commands.push({
      type: 'evaluate',
      run: null,
      purpose: `level:${level.id}`,
      value: level.assert ?? '',
      mode: 'text',
    });
  }
}
