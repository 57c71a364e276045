/**
 * Records for tests of stores: complete ones of which a test names only what it is about, and
 * `snapshot`, which reads everything a store can tell so that two states can be compared.
 */
import type {
  ExecutionRecord,
  FileRecord,
  FlowRecord,
  KeyValueRecord,
  LogRecord,
  MetricRecord,
  NewEntry,
  RegisterRecord,
  Store,
  TaskRunRecord,
  TimerRecord,
  Write,
} from '../../src/ports/store.ts';

/** Returns an entry. */
export function entryOf(parts: Partial<NewEntry> = {}): NewEntry {
  return {
    tenant: 'main',
    at: 1_000,
    stream: 'execution:e1',
    type: 'task-ended',
    actor: 'engine',
    payload: '{}',
    ...parts,
  };
}

/** Returns a write of which the parts not named are empty. */
export function writeOf(parts: Partial<Write>): Write {
  return { entries: [], ...parts };
}

/** Returns a flow revision. */
export function flowOf(parts: Partial<FlowRecord> = {}): FlowRecord {
  return {
    tenant: 'main',
    namespace: 'company.team',
    id: 'hello',
    revision: 1,
    source: 'id: hello',
    isDeleted: false,
    at: 1_000,
    ...parts,
  };
}

/** Returns an execution. */
export function executionOf(parts: Partial<ExecutionRecord> = {}): ExecutionRecord {
  const id = parts.id ?? 'e1';
  return {
    tenant: 'main',
    id,
    namespace: 'company.team',
    flowId: 'hello',
    revision: 1,
    state: 'RUNNING',
    createdAt: 1_000,
    startedAt: null,
    endedAt: null,
    originalId: id,
    parentId: null,
    causedBy: null,
    holdsSlot: false,
    isUnderWay: false,
    labels: {},
    document: '{}',
    ...parts,
  };
}

/** Returns a task run. */
export function taskRunOf(parts: Partial<TaskRunRecord> = {}): TaskRunRecord {
  return {
    tenant: 'main',
    executionId: 'e1',
    id: 'r1',
    ordinal: 0,
    taskId: 'first',
    parentId: null,
    state: 'RUNNING',
    startedAt: 1_000,
    endedAt: null,
    document: '{}',
    ...parts,
  };
}

/** Returns a timer. */
export function timerOf(parts: Partial<TimerRecord> = {}): TimerRecord {
  return { tenant: 'main', executionId: 'e1', id: 'delay', dueAt: 2_000, ...parts };
}

/** Returns a log line. */
export function logOf(parts: Partial<LogRecord> = {}): LogRecord {
  return {
    tenant: 'main',
    at: 1_000,
    level: 'INFO',
    namespace: 'company.team',
    flowId: 'hello',
    executionId: 'e1',
    taskRunId: 'r1',
    taskId: 'first',
    attempt: 0,
    message: 'hello',
    ...parts,
  };
}

/** Returns a metric. */
export function metricOf(parts: Partial<MetricRecord> = {}): MetricRecord {
  return {
    tenant: 'main',
    at: 1_000,
    executionId: 'e1',
    taskRunId: 'r1',
    taskId: 'first',
    name: 'rows',
    type: 'counter',
    value: 3,
    tags: {},
    ...parts,
  };
}

/** Returns a key–value pair. */
export function keyValueOf(parts: Partial<KeyValueRecord> = {}): KeyValueRecord {
  return {
    tenant: 'main',
    namespace: 'company.team',
    key: 'color',
    type: 'STRING',
    description: null,
    createdAt: 1_000,
    updatedAt: 1_000,
    expiresAt: null,
    value: '"red"',
    marks: null,
    ...parts,
  };
}

/** Returns a file record. */
export function fileOf(parts: Partial<FileRecord> = {}): FileRecord {
  return {
    tenant: 'main',
    uri: 'kestra:///company/team/_files/a.txt',
    owner: 'namespace:company.team',
    size: 5,
    at: 1_000,
    provenance: '{}',
    ...parts,
  };
}

/** Returns a record of a register. */
export function recordOf(parts: Partial<RegisterRecord> = {}): RegisterRecord {
  return { tenant: 'main', kind: 'user', id: 'u1', version: 1, keys: {}, document: '{}', ...parts };
}

/** What `snapshot` looks at. */
export interface Names {
  readonly tenants: readonly string[];
  readonly namespaces: readonly string[];
  readonly flowIds: readonly string[];
  readonly executionIds: readonly string[];
  readonly owners: readonly string[];
}

/** The names that the records above use. */
export const usualNames: Names = {
  tenants: ['main', 'other'],
  namespaces: ['company.team', 'company'],
  flowIds: ['hello', 'bye'],
  executionIds: ['e1', 'e2', 'e3'],
  owners: ['namespace:company.team', 'execution:e1'],
};

/** Returns everything a store can tell, to compare two states or two stores. */
export async function snapshot(store: Store, names: Names = usualNames): Promise<unknown> {
  const found: Record<string, unknown> = {
    entries: await store.allEntries(0, 10_000),
    timers: await store.dueTimers(Number.MAX_SAFE_INTEGER, 10_000),
    nextTimer: await store.nextTimer(),
  };
  for (const id of names.executionIds) {
    for (const tenant of names.tenants) {
      found[`${tenant} stream ${id}`] = await store.entries(tenant, `execution:${id}`, 1);
      found[`${tenant} task runs ${id}`] = await store.taskRuns(tenant, id);
      found[`${tenant} metrics ${id}`] = await store.metrics(tenant, id);
    }
  }
  for (const tenant of names.tenants) {
    const of = (what: string): string => `${tenant} ${what}`;
    found[of('flows')] = await store.flows(tenant);
    found[of('executions')] = await store.executions({ tenant, limit: 10_000 });
    found[of('unfinished')] = await store.unfinishedExecutions(tenant);
    found[of('counts')] = await store.countExecutions({ tenant });
    found[of('logs')] = await store.logs({ tenant });
    found[of('users')] = await store.registerRecords({ tenant, kind: 'user', limit: 10_000 });
    for (const owner of names.owners) found[of(owner)] = await store.files(tenant, owner);
    for (const namespace of names.namespaces) {
      found[of(`pairs ${namespace}`)] = await store.keyValues(tenant, namespace);
      found[of(`flows ${namespace}`)] = await store.flows(tenant, namespace);
      for (const id of names.flowIds) {
        const flow = of(`${namespace}.${id}`);
        found[`newest ${flow}`] = await store.flow(tenant, namespace, id);
        found[`revisions ${flow}`] = await store.flowRevisions(tenant, namespace, id);
        found[`slots ${flow}`] = await store.slotsHeld(tenant, namespace, id);
        found[`queued ${flow}`] = await store.queuedExecutions({
          tenant,
          namespace,
          flowId: id,
          limit: 100,
        });
      }
    }
  }
  return found;
}
