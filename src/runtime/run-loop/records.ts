/**
 * Executions and task runs as they are stored for reading: projections of the events. What people read
 * has no secrets in it.
 */
import {
  type Attempt,
  type ErrorNote,
  type Execution,
  isTerminated,
  type Question,
  type StateChange,
  type TaskRun,
} from '../../core/engine/index.ts';
import {
  encodeMarks,
  encodeValue,
  marksOf,
  plain,
  mapOf,
  plainMarks,
  type Value,
  type ValueMap,
} from '../../core/value/index.ts';
import { standsUnderWay } from './active.ts';
import type { ExecutionRecord, TaskRunRecord } from '../../ports/store.ts';

/** Times are counted from `start`: every digit stands in every row. */
function histories(changes: readonly StateChange[], start = 0): Value {
  return changes.map(({ state, at }) => [state, at - start]);
}

function firstAt(execution: Execution, state: string): number | null {
  return execution.histories.find((one) => one.state === state)?.at ?? null;
}

/** Takes secrets out of a text that people read. */
export type Hide = (text: string) => string;

function errorValue(error: ErrorNote, hide: Hide): ValueMap {
  return { ...error, message: hide(error.message) };
}

/** Returns the record of `execution`. */
export function executionRecord(execution: Execution, hide: Hide): ExecutionRecord {
  const document = encodeValue(executionDetails(execution, hide));
  return { ...executionColumns(execution), document };
}

/** Returns what the record of `execution` says in columns. */
export function executionColumns(execution: Execution): Omit<ExecutionRecord, 'document'> {
  const isEnded = execution.isClosed;
  return {
    tenant: execution.tenant,
    id: execution.id,
    namespace: execution.flow.namespace,
    flowId: execution.flow.id,
    revision: execution.revision,
    state: execution.state,
    createdAt: execution.histories[0]?.at ?? 0,
    startedAt: firstAt(execution, 'RUNNING'),
    endedAt: isEnded ? (execution.histories.at(-1)?.at ?? null) : null,
    originalId: execution.originalId,
    parentId: execution.parentId ?? null,
    causedBy: execution.causedBy?.executionId ?? null,
    holdsSlot: execution.holdsSlot,
    isUnderWay: standsUnderWay(execution),
    labels: Object.fromEntries(execution.labels.map(({ key, value }) => [key, value])),
  };
}

/** Returns what the record of `execution` says in its document. */
export function executionDetails(execution: Execution, hide: Hide): ValueMap {
  return {
    inputs: execution.inputs,
    variables: execution.variables,
    histories: histories(execution.histories),
    attemptNumber: execution.attemptNumber,
    ...(execution.outputs !== undefined && { outputs: execution.outputs }),
    ...(execution.trigger !== undefined && { trigger: execution.trigger }),
    ...(execution.item !== undefined && { item: execution.item }),
    ...(execution.error !== undefined && { error: errorValue(execution.error, hide) }),
    ...marksOfFields(execution),
  };
}

function startOf(run: TaskRun): number {
  return run.histories[0]?.at ?? 0;
}

/** The fields of an execution with the marks of others. */
export const markedFields = [
  'inputsMarks',
  'variablesMarks',
  'outputsMarks',
  'triggerMarks',
  'itemMarks',
  'labelsMarks',
  'errorMarks',
] as const;

/** Returns the marks of those fields that are marked. */
function marksOfFields(execution: Execution): ValueMap {
  let marks: ValueMap | undefined;
  for (const name of markedFields) {
    if (execution[name] === plainMarks) continue;
    marks ??= {};
    marks[name] = encodeMarks(execution[name]) as Value;
  }
  return marks ?? unmarkedFields;
}

const unmarkedFields: ValueMap = {};

/** Returns the record of `run`. */
export function taskRunRecord(execution: Execution, run: TaskRun, hide: Hide): TaskRunRecord {
  const document = encodeValue(taskRunDetails(run, hide));
  return { ...taskRunColumns(execution, run), document };
}

/** Returns what the record of `run` says in columns. */
export function taskRunColumns(
  execution: Execution,
  run: TaskRun,
): Omit<TaskRunRecord, 'document'> {
  const last = run.histories.at(-1);
  const hasEnded = last !== undefined && run.state === last.state && isTerminated(run.state);
  return {
    tenant: execution.tenant,
    executionId: execution.id,
    id: run.id,
    ordinal: run.ordinal,
    taskId: run.task.id,
    parentId: run.parent?.id ?? null,
    state: run.state,
    startedAt: startOf(run),
    endedAt: hasEnded ? last.at : null,
  };
}

function attemptValue(attempt: Attempt, start: number): ValueMap {
  return {
    histories: histories(attempt.histories, start),
    ...(attempt.logFile !== undefined && { logFile: attempt.logFile }),
  };
}

/** Returns what the record of `run` says in its document. */
export function taskRunDetails(run: TaskRun, hide: Hide): ValueMap {
  const start = startOf(run);
  return {
    histories: histories(run.histories, start),
    attempts: run.attempts.map((attempt) => attemptValue(attempt, start)),
    ...(run.value !== undefined && { value: run.value }),
    ...(run.iteration !== undefined && { iteration: run.iteration }),
    ...(run.outputs !== undefined && { outputs: run.outputs }),
    ...(run.outputsMarks !== plainMarks && { marks: encodeMarks(run.outputsMarks) as Value }),
    ...(run.error !== undefined && { error: errorValue(run.error, hide) }),
    ...(run.valueMarks !== plainMarks && { valueMarks: encodeMarks(run.valueMarks) as Value }),
    // Beside an error only: what it would depend on grows with events that change nothing else of a run.
    ...(run.error !== undefined &&
      run.failure !== plain && { errorMarks: encodeMarks(marksOf(run.failure)) as Value }),
    ...(run.question !== undefined && { question: questionValue(run.question) }),
  };
}

function questionValue({ intent, intendedAt, askedAt, reason }: Question): ValueMap {
  const { argumentsMarks, ...intended } = intent;
  return mapOf({
    ...intended,
    ...(argumentsMarks !== undefined && { argumentsMarks: encodeMarks(argumentsMarks) as Value }),
    intendedAt,
    askedAt,
    ...(reason !== undefined && { reason }),
  });
}
