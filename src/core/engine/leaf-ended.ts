/**
 * The end of an attempt: of a task that a worker ran, or of a run that started executions. Retries are
 * decided first, allowances after the last attempt.
 */
import type { Retry } from '../flow/index.ts';
import {
  flatten,
  joinProvenance,
  type Marks,
  plainMarks,
  type Provenance,
  type ValueMap,
} from '../value/index.ts';
import { endExecutionEarly } from './ending.ts';
import type { ErrorNote, TaskRun } from './execution.ts';
import { nextAttemptAt, retryPolicy } from './retry.ts';
import type { Turn } from './rules.ts';
import type { State } from './state.ts';
import {
  allowed,
  endedState,
  endRun,
  giveOutputs,
  setExecutionState,
  setRunState,
  setTimer,
} from './transitions.ts';

/** How an attempt ended. */
export interface AttemptResult {
  readonly outcome: 'SUCCESS' | 'WARNING' | 'FAILED' | 'KILLED';
  readonly outputs?: ValueMap;
  readonly outputsMarks?: Marks;
  readonly error?: ErrorNote;
  /** What the attempt has seen, where that is of consequence. */
  readonly seenMarks?: Marks;
  readonly chance?: number;
  readonly mayRetry?: boolean;
  readonly logFile?: string;
}

/** Begins an attempt of `run`. */
export function startAttempt(turn: Turn, run: TaskRun): void {
  run.attempts.push({
    state: 'RUNNING',
    histories: [
      { state: 'CREATED', at: turn.at },
      { state: 'RUNNING', at: turn.at },
    ],
  });
}

/** Ends the attempt of `run` that is under way. */
export function closeAttempt(turn: Turn, run: TaskRun, { outcome, logFile }: AttemptResult): void {
  const attempt = run.attempts.at(-1);
  if (attempt === undefined) return;
  attempt.state = outcome;
  attempt.histories.push({ state: outcome, at: turn.at });
  if (logFile !== undefined) attempt.logFile = logFile;
}

function firstStartedAt(run: TaskRun): number {
  return run.attempts[0]?.histories[0]?.at ?? run.histories[0]?.at ?? 0;
}

function retryLater(turn: Turn, run: TaskRun, policy: Retry, at: number): void {
  const { execution } = turn;
  if (policy.behavior === 'CREATE_NEW_EXECUTION') {
    endRun(turn, run, 'FAILED');
    turn.commands.push({ type: 'start-again', startsAt: at });
    endExecutionEarly(turn, { state: 'RETRIED', reason: 'retry' });
    return;
  }
  setRunState(turn, run, 'RETRYING');
  if (execution.state === 'RUNNING') setExecutionState(turn, 'RETRYING');
  setTimer(turn, `retry:${run.id}`, at);
}

/** Notes what an attempt has seen: a failure depends on it, and what it left in a folder that it shares. */
function noteSeen(run: TaskRun, seen: Provenance, outcome: AttemptResult['outcome']): void {
  if (outcome !== 'SUCCESS') run.failure = joinProvenance(run.failure, seen);
  for (let at = run.parent; at !== null; at = at.parent) {
    if (at.task.type === 'core.flow.WorkingDirectory') at.folder = joinProvenance(at.folder, seen);
  }
}

/** Works off the end of an attempt of `run`. */
export function leafEnded(turn: Turn, run: TaskRun, result: AttemptResult): void {
  const { execution } = turn;
  closeAttempt(turn, run, result);
  if (result.outputs !== undefined) {
    giveOutputs(turn, run, result.outputs, result.outputsMarks ?? plainMarks);
  }
  if (result.seenMarks !== undefined) noteSeen(run, flatten(result.seenMarks), result.outcome);
  const policy = retryPolicy(execution.flow, run);
  if (result.outcome === 'FAILED') {
    run.error = result.error;
    // What a worker runs has logged its failure itself; for a run that started executions nobody has.
    if (run.children !== undefined && run.children.size > 0 && result.error !== undefined) {
      const { message } = result.error;
      turn.commands.push({ type: 'write-log', run, level: 'ERROR', message });
    }
    const isEnding = execution.ending !== undefined && !execution.isClosed;
    const attempts =
      policy?.behavior === 'CREATE_NEW_EXECUTION' ? execution.attemptNumber : run.attempts.length;
    const at =
      isEnding || result.mayRetry === false || run.phase === 'afterExecution'
        ? undefined
        : nextAttemptAt(policy, attempts, firstStartedAt(run), turn.at, result.chance ?? 0.5);
    if (at !== undefined && policy !== undefined) {
      retryLater(turn, run, policy, at);
      return;
    }
  }
  endRun(turn, run, finalState(turn, run, result.outcome, policy));
}

function finalState(
  turn: Turn,
  run: TaskRun,
  outcome: AttemptResult['outcome'],
  policy: Retry | undefined,
): State {
  if (outcome === 'KILLED') {
    return turn.execution.ending === undefined ? 'KILLED' : endedState(turn.execution, run);
  }
  const isLate = outcome === 'SUCCESS' && run.attempts.length > 1 && policy?.warnsOnRetry === true;
  return allowed(run.task, isLate ? 'WARNING' : outcome);
}
