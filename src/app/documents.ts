/**
 * Executions as they are read outside, made from their records: plain JSON, and what waits for an
 * answer with what was intended. A damaged record is a damaged store and no defect.
 *
 * INVARIANT: what is sealed leaves as stars.
 */
import type {
  AttemptDocument,
  ExecutionDocument,
  QuestionDocument,
  StateDocument,
  TaskRunDocument,
} from '../api/contract/index.ts';
import { Failure } from '../core/failure/index.ts';
import {
  plainText,
  decodeValue,
  emptyMap,
  isList,
  isMap,
  toPlain,
  type Value,
  type ValueMap,
} from '../core/value/index.ts';
import type { ExecutionRecord, Store, TaskRunRecord } from '../ports/store.ts';
import { hideSealed } from '../runtime/rendering/index.ts';
import type { ReadExecution, ReadRecord } from '../runtime/run-loop/index.ts';

let lastAt = Number.NaN;
let lastIso = '';

/**
 * A document has six dates for each task run, and neighbours are often of one millisecond. A `Date`
 * writes one in half the time of Temporal.
 */
function isoOf(at: number): string {
  if (at !== lastAt) {
    lastIso = new Date(at).toISOString();
    lastAt = at;
  }
  return lastIso;
}

function historiesOf(value: Value | undefined, start = 0): StateDocument['histories'] {
  if (!isList(value)) return [];
  return value
    .filter(isList)
    .map(([state, at]) => ({ state: plainText(state), date: isoOf(start + Number(at)) }));
}

function stateOf(current: string, value: Value | undefined, start = 0): StateDocument {
  return { current, histories: historiesOf(value, start) };
}

function attemptOf(value: Value, start: number): AttemptDocument {
  const details = isMap(value) ? value : emptyMap();
  const histories = historiesOf(details['histories'], start);
  const state = { current: histories.at(-1)?.state ?? 'CREATED', histories };
  const { logFile } = details;
  return { state, ...(typeof logFile === 'string' && { logFile }) };
}

function plainMap(value: Value | undefined): Readonly<Record<string, unknown>> {
  return isMap(value) ? (toPlain(hideSealed(value)) as Record<string, unknown>) : {};
}

/** Returns what a record holds beyond its columns. */
function detailsOf({ document }: Pick<TaskRunRecord, 'document'>, what: string): ValueMap {
  try {
    return decodeValue(document) as ValueMap;
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
    throw new Failure('store.unreachable', `the store is damaged: the record of ${what}`, {
      cause,
      help: 'restore the data folder from a backup',
      isRetryable: false,
    });
  }
}

function shownText(value: Value): string {
  return plainText(hideSealed(value));
}

type RunColumns = Omit<TaskRunRecord, 'document'>;

function storedTaskRun(record: TaskRunRecord): ReadRecord<RunColumns> {
  return { columns: record, details: detailsOf(record, `the task run \`${record.id}\``) };
}

function storedExecution(record: ExecutionRecord, runs: readonly TaskRunRecord[]): ReadExecution {
  const details = detailsOf(record, `the execution \`${record.id}\``);
  return { columns: record, details, runs: runs.map(storedTaskRun) };
}

function taskRunDocument({ columns: record, details }: ReadRecord<RunColumns>): TaskRunDocument {
  const attempts = details['attempts'];
  return {
    id: record.id,
    taskId: record.taskId,
    ...(record.parentId !== null && { parentTaskRunId: record.parentId }),
    ...(details['value'] !== undefined && { value: shownText(details['value']) }),
    ...(typeof details['iteration'] === 'number' && { iteration: details['iteration'] }),
    state: stateOf(record.state, details['histories'], record.startedAt),
    attempts: isList(attempts) ? attempts.map((one) => attemptOf(one, record.startedAt)) : [],
    outputs: plainMap(details['outputs']),
    ...(isMap(details['question']) && { question: questionOf(details['question'], record.taskId) }),
  };
}

function questionOf(details: ValueMap, taskId: string): QuestionDocument {
  const { reason } = details;
  const why =
    typeof reason === 'string'
      ? `\`${taskId}\` does not know: ${reason}`
      : `the process ended while \`${taskId}\` ran`;
  return {
    text: `${why}: what it had intended may or may not have happened`,
    answers: ['happened', 'retry', 'fail'],
    intendedDate: isoOf(Number(details['intendedAt'])),
    askedDate: isoOf(Number(details['askedAt'])),
    digest: plainText(details['digest'] ?? ''),
    idempotencyKey: plainText(details['idempotencyKey'] ?? ''),
    attempt: Number(details['attempt']),
    arguments: plainMap(details['arguments']),
  };
}

function errorOf(value: Value | undefined): ExecutionDocument['error'] | undefined {
  if (!isMap(value)) return undefined;
  return {
    message: shownText(value['message'] ?? null),
    ...(typeof value['taskId'] === 'string' && { taskId: value['taskId'] }),
    ...(typeof value['code'] === 'string' && { code: value['code'] }),
  };
}

function documentOf({ columns: record, details, runs }: ReadExecution): ExecutionDocument {
  const error = errorOf(details['error']);
  return {
    id: record.id,
    namespace: record.namespace,
    flowId: record.flowId,
    flowRevision: record.revision,
    state: stateOf(record.state, details['histories']),
    inputs: plainMap(details['inputs']),
    outputs: plainMap(details['outputs']),
    labels: Object.entries(record.labels).map(([key, value]) => ({ key, value })),
    variables: plainMap(details['variables']),
    ...(details['trigger'] !== undefined && { trigger: plainMap(details['trigger']) }),
    originalId: record.originalId,
    ...(record.parentId !== null && { parentId: record.parentId }),
    ...(typeof details['attemptNumber'] === 'number' && {
      metadata: { attemptNumber: details['attemptNumber'] },
    }),
    taskRunList: runs.map(taskRunDocument),
    ...(error !== undefined && { error }),
  };
}

const relatedMax = 10_000;

/** Returns the records of the executions that `id` caused, directly or not, oldest first. */
async function caused(store: Store, tenant: string, id: string): Promise<ExecutionRecord[]> {
  const found: ExecutionRecord[] = [];
  const queue = [id];
  for (let at = 0; at < queue.length && found.length < relatedMax; at += 1) {
    const children = await store.executions({
      tenant,
      causedBy: queue[at] as string,
      limit: relatedMax,
    });
    found.push(...children);
    queue.push(...children.map((one) => one.id));
  }
  return found.toReversed().toSorted((a, b) => a.createdAt - b.createdAt);
}

async function readExecution(
  store: Store,
  tenant: string,
  id: string,
): Promise<ReadExecution | undefined> {
  const record = await store.execution(tenant, id);
  return record && storedExecution(record, await store.taskRuns(tenant, id));
}

/** Returns the document of an execution, `known` or stored, with the executions it caused. */
export async function readDocument(
  store: Store,
  tenant: string,
  id: string,
  known?: ReadExecution,
): Promise<ExecutionDocument | undefined> {
  const read = known ?? (await readExecution(store, tenant, id));
  if (read === undefined) return undefined;
  const document = documentOf(read);
  const related: ExecutionDocument[] = [];
  for (const child of await caused(store, tenant, id)) {
    related.push(documentOf(storedExecution(child, await store.taskRuns(tenant, child.id))));
  }
  return related.length === 0 ? document : { ...document, related };
}

/** Returns stored executions as documents, without the executions they caused. */
export async function readDocuments(
  store: Store,
  records: readonly ExecutionRecord[],
): Promise<readonly ExecutionDocument[]> {
  const documents: ExecutionDocument[] = [];
  for (const record of records)
    documents.push(
      documentOf(storedExecution(record, await store.taskRuns(record.tenant, record.id))),
    );
  return documents;
}
