/**
 * How a `Write` becomes rows. One prepared statement per kind of row, made once; the statements of the
 * hot path (an entry, a task run) touch one table and one short index each.
 *
 * INVARIANT: everything here runs inside a transaction that the caller holds; within one write,
 * removals come first.
 */
import { slotConflict } from '../../ports/slot-conflict.ts';
import { Failure } from '../../core/failure/index.ts';
import type {
  ExecutionRecord,
  FieldGroup,
  FlowRecord,
  RegisterId,
  RegisterRecord,
  Write,
} from '../../ports/store.ts';
import type { Seal, Sealer } from '../../ports/sealer.ts';
import { firstPlaceAt, placesPerMs } from './log-place-store.ts';
import type { Connection, Statement } from './open-store.ts';
import { storedRunId } from './run-id-store.ts';
import { createEntrySealing } from './seal-store.ts';

/** Puts writes into the tables. */
export interface Writer {
  /** Begins a transaction on a ledger of `lastSeq` entries. */
  begin(lastSeq: number): void;
  /** Puts one write; the first entry gets the place after `lastSeq`. Gives the place of the last one. */
  put(write: Write, lastSeq: number): number;
  /** Puts what all writes of the transaction have in common. */
  end(): void;
  /** Forgets what a transaction that was rolled back had learnt. */
  forget(): void;
  /** Keeps what a transaction that was committed has learnt. */
  keep(): void;
}

const keysMax = 20_000;

interface OfExecution {
  readonly tenant: string;
  readonly executionId: string;
}

/** The stream that was asked for last, and of which execution it is. */
interface LastStream {
  readonly tenant: string;
  readonly name: string;
  readonly executionId: string | undefined;
  readonly key: number;
}

const noStream: LastStream = { tenant: '', name: '', executionId: undefined, key: 0 };

/** Returns the keys of stream names, remembering the recent ones: a look-up per entry would cost as much as the entry. */
function createStreamKeys(connection: Connection) {
  const insert = connection.prepare(
    'INSERT INTO streams (tenant, name) VALUES (?, ?) ON CONFLICT DO NOTHING',
  );
  const select = connection.prepare('SELECT key FROM streams WHERE name = ? AND tenant = ?');
  const known = new Map<string, number>();
  let learnt: string[] = [];
  // What was asked last: most rows of a write belong to one stream.
  let last: LastStream = noStream;
  const of = (tenant: string, name: string): number => {
    if (name === last.name && tenant === last.tenant && last.key > 0) return last.key;
    // With its length no other tenant and name read the same.
    const both = `${tenant.length} ${tenant} ${name}`;
    let key = known.get(both);
    if (key === undefined) {
      insert.run(tenant, name);
      key = (select.get(name, tenant) as { key: number }).key;
      known.set(both, key);
      learnt.push(both);
    }
    last = { tenant, name, executionId: undefined, key };
    return key;
  };
  return {
    of,
    ofExecution({ tenant, executionId }: OfExecution): number {
      if (executionId === last.executionId && tenant === last.tenant) return last.key;
      const key = of(tenant, `execution:${executionId}`);
      last = { ...last, executionId };
      return key;
    },
    keep(): void {
      learnt = [];
      halve(known);
    },
    forget(): void {
      for (const name of learnt) known.delete(name);
      learnt = [];
      last = noStream;
    },
  };
}

/**
 * Returns the lengths of streams. What this connection put last it knows; of a stream that another one may
 * have written to since, it counts what came after. A row with the length would be a page of each commit.
 */
function createStreamLengths(connection: Connection) {
  const count = connection.prepare(
    'SELECT count(*) AS length FROM entries WHERE stream = ? AND seq > ?',
  );
  const known = new Map<number, { length: number; seq: number }>();
  /** The place after which all entries are from here. */
  let ownFrom = 0;
  let lastSeq = 0;
  return {
    /** Begins a transaction on a ledger of `seq` entries. */
    begin(seq: number): void {
      if (seq !== lastSeq) ownFrom = seq;
      lastSeq = seq;
    },
    of(key: number): number {
      let one = known.get(key);
      if (one === undefined) known.set(key, (one = { length: 0, seq: -1 }));
      if (one.seq < ownFrom) {
        one.length += (count.get(key, one.seq) as { length: number }).length;
        one.seq = lastSeq;
      }
      return one.length;
    },
    /** Notes an entry of the stream `key` at the place `seq`. */
    append(key: number, seq: number): void {
      lastSeq = seq;
      const one = known.get(key);
      if (one === undefined || one.seq < ownFrom) return;
      one.length += 1;
      one.seq = seq;
    },
    keep(): void {
      halve(known);
    },
    /** Forgets all: what was rolled back is counted in some. */
    forget(): void {
      known.clear();
      lastSeq = 0;
    },
  };
}

/** Drops the older half of what `known` holds when that is too much. */
function halve(known: Map<unknown, unknown>): void {
  if (known.size <= keysMax) return;
  for (const key of known.keys()) {
    if (known.size <= keysMax / 2) break;
    known.delete(key);
  }
}

function prepareStatements(connection: Connection) {
  const prepare = (sql: string): Statement => connection.prepare(sql);
  return {
    slotsOfOthers: prepare(`
      SELECT count(*) AS held FROM executions
      WHERE tenant = ? AND namespace = ? AND flow_id = ? AND holds_slot = 1 AND id <> ?`),
    entry: prepare('INSERT INTO entries VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)'),
    // What never changes of an execution is not set again: its indexes then stay untouched.
    execution: prepare(`
      INSERT INTO executions (tenant, id, namespace, flow_id, revision, state, created_at, started_at,
        ended_at, original_id, parent_id, caused_by, holds_slot, is_under_way, labels,
        document)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT (id) DO UPDATE SET
        revision = excluded.revision, state = excluded.state, started_at = excluded.started_at,
        ended_at = excluded.ended_at, original_id = excluded.original_id,
        parent_id = excluded.parent_id, holds_slot = excluded.holds_slot,
        is_under_way = excluded.is_under_way, labels = excluded.labels, document = excluded.document
      WHERE tenant = excluded.tenant AND namespace = excluded.namespace
        AND flow_id = excluded.flow_id AND created_at = excluded.created_at
        AND caused_by IS excluded.caused_by`),
    taskRun: prepare(`
      INSERT INTO task_runs VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT (execution, id) DO UPDATE SET
        ordinal = excluded.ordinal, task_id = excluded.task_id,
        parent_id = excluded.parent_id, state = excluded.state, started_at = excluded.started_at,
        ended_at = excluded.ended_at, document = excluded.document`),
    removeTaskRun: prepare('DELETE FROM task_runs WHERE execution = ? AND id = ?'),
    timer: prepare(`
      INSERT INTO timers VALUES (?, ?, ?, ?)
      ON CONFLICT DO UPDATE SET tenant = excluded.tenant, due_at = excluded.due_at`),
    clearTimer: prepare('DELETE FROM timers WHERE execution_id = ? AND id = ?'),
    log: prepare(`
      INSERT INTO logs VALUES (
        (SELECT nullif(coalesce(max(place) + 1, ?1), ?1 + ${placesPerMs}) FROM logs
         WHERE place >= ?1 AND place < ?1 + ${placesPerMs}),
        ?, ?, ?, ?, ?, ?, ?, ?, ?)`),
    metric: prepare('INSERT INTO metrics VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?)'),
    flow: prepare(`
      INSERT INTO flows VALUES (?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT DO UPDATE SET is_deleted = excluded.is_deleted, at = excluded.at
      WHERE source = excluded.source`),
    keyValue: prepare('INSERT OR REPLACE INTO key_values VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)'),
    removeKeyValue: prepare(
      'DELETE FROM key_values WHERE tenant = ? AND namespace = ? AND key = ?',
    ),
    file: prepare('INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?, ?, ?)'),
    removeFile: prepare('DELETE FROM files WHERE tenant = ? AND uri = ?'),
    insertRecord: prepare('INSERT INTO register_records VALUES (?, ?, ?, 1, ?, ?)'),
    replaceRecord: prepare(`
      UPDATE register_records SET version = version + 1, keys = ?, document = ?
      WHERE tenant = ? AND kind = ? AND id = ? AND version = ?`),
    removeRecord: prepare(
      'DELETE FROM register_records WHERE tenant = ? AND kind = ? AND id = ? RETURNING keys',
    ),
    keysOfRecord: prepare(
      'SELECT keys FROM register_records WHERE tenant = ? AND kind = ? AND id = ?',
    ),
    group: prepare('INSERT INTO entry_groups VALUES (?, ?, ?, ?, ?)'),
    trace: prepare('INSERT OR IGNORE INTO subject_traces VALUES (?, ?, ?)'),
    recordKey: prepare('INSERT INTO register_keys VALUES (?, ?, ?, ?, ?)'),
    removeRecordKey: prepare(
      'DELETE FROM register_keys WHERE tenant = ? AND kind = ? AND name = ? AND value = ? AND id = ?',
    ),
  };
}

function putExecution(statement: Statement, one: ExecutionRecord): void {
  const { changes } = statement.run(
    one.tenant,
    one.id,
    one.namespace,
    one.flowId,
    one.revision,
    one.state,
    one.createdAt,
    one.startedAt,
    one.endedAt,
    one.originalId,
    one.parentId,
    one.causedBy,
    one.holdsSlot ? 1 : 0,
    one.isUnderWay ? 1 : 0,
    JSON.stringify(one.labels),
    one.document,
  );
  if (Number(changes) === 0) {
    throw new Failure('store.conflict', `the execution \`${one.id}\` belongs elsewhere`);
  }
}

function putFlow(statement: Statement, one: FlowRecord): void {
  const { tenant, namespace, id, revision, isDeleted, at, source } = one;
  const { changes } = statement.run(tenant, namespace, id, revision, isDeleted ? 1 : 0, at, source);
  if (Number(changes) === 0) {
    throw new Failure(
      'store.conflict',
      `revision ${revision} of the flow \`${namespace}.${id}\` exists with another source`,
    );
  }
}

type Statements = ReturnType<typeof prepareStatements>;

/** Forgets what a record of a register was found by. */
function removeRecordKeys(statement: Statements, one: RegisterId, row: unknown): void {
  if (row === undefined) return;
  const { keys } = row as { keys: string };
  for (const [name, value] of Object.entries(JSON.parse(keys) as Record<string, string>)) {
    statement.removeRecordKey.run(one.tenant, one.kind, name, value, one.id);
  }
}

function putRecord(statement: Statements, one: RegisterRecord): void {
  const { tenant, kind, id, version, document } = one;
  const keys = JSON.stringify(one.keys);
  if (version === 1) {
    // One that exists violates the primary key, which is a conflict too.
    statement.insertRecord.run(tenant, kind, id, keys, document);
  } else {
    removeRecordKeys(statement, one, statement.keysOfRecord.get(tenant, kind, id));
    const { changes } = statement.replaceRecord.run(keys, document, tenant, kind, id, version - 1);
    if (Number(changes) === 0) {
      throw new Failure('store.conflict', `the ${kind} \`${id}\` was changed meanwhile`);
    }
  }
  for (const [name, value] of Object.entries(one.keys)) {
    statement.recordKey.run(tenant, kind, name, value, id);
  }
}

/** Returns the writer of a connection. */
export function createWriter(connection: Connection, sealer: Sealer): Writer {
  const keys = createStreamKeys(connection);
  const statement = prepareStatements(connection);
  const sealing = createEntrySealing(connection, sealer);
  const lengths = createStreamLengths(connection);

  const checkLength = ({ expects }: Write): void => {
    if (expects === undefined) return;
    const { tenant, stream, length } = expects;
    if (lengths.of(keys.of(tenant, stream)) !== length) {
      throw new Failure('store.conflict', `somebody else wrote to \`${stream}\` meanwhile`);
    }
  };

  const takeSlot = ({ slot }: Write): void => {
    if (slot === undefined) return;
    const { tenant, namespace, flowId, executionId, limit } = slot;
    // Under the write lock: nobody takes another slot between counting and writing.
    const row = statement.slotsOfOthers.get(tenant, namespace, flowId, executionId);
    if ((row as { held: number }).held >= limit) throw slotConflict(flowId);
  };

  const putRemovals = (write: Write): void => {
    for (const one of write.removedTaskRuns ?? []) {
      statement.removeTaskRun.run(keys.ofExecution(one), storedRunId(one.executionId, one.id));
    }
    for (const { executionId, id } of write.clearedTimers ?? []) {
      statement.clearTimer.run(executionId, id);
    }
    for (const { tenant, namespace, key } of write.removedKeyValues ?? []) {
      statement.removeKeyValue.run(tenant, namespace, key);
    }
    for (const { tenant, uri } of write.removedFiles ?? []) statement.removeFile.run(tenant, uri);
    for (const one of write.removedRegisterRecords ?? []) {
      removeRecordKeys(statement, one, statement.removeRecord.get(one.tenant, one.kind, one.id));
    }
  };

  const putRuns = (write: Write): void => {
    for (const one of write.executions ?? []) putExecution(statement.execution, one);
    for (const one of write.taskRuns ?? []) {
      statement.taskRun.run(
        keys.ofExecution(one),
        storedRunId(one.executionId, one.id),
        one.ordinal,
        one.taskId,
        one.parentId === null ? null : storedRunId(one.executionId, one.parentId),
        one.state,
        one.startedAt,
        one.endedAt,
        one.document,
      );
    }
    for (const { executionId, id, tenant, dueAt } of write.setTimers ?? []) {
      statement.timer.run(executionId, id, tenant, dueAt);
    }
  };

  const putObservations = (write: Write): void => {
    for (const one of write.logs ?? []) {
      statement.log.run(
        firstPlaceAt(one.at),
        one.tenant,
        one.level,
        one.namespace,
        one.flowId,
        keys.ofExecution(one),
        one.taskRunId === null ? null : storedRunId(one.executionId, one.taskRunId),
        one.taskId,
        one.attempt,
        one.message,
      );
    }
    for (const one of write.metrics ?? []) {
      statement.metric.run(
        one.tenant,
        one.at,
        keys.ofExecution(one),
        storedRunId(one.executionId, one.taskRunId),
        one.taskId,
        one.name,
        one.type,
        one.value,
        JSON.stringify(one.tags),
      );
    }
  };

  const putContent = (write: Write): void => {
    for (const one of write.flows ?? []) putFlow(statement.flow, one);
    for (const one of write.keyValues ?? []) {
      statement.keyValue.run(
        one.tenant,
        one.namespace,
        one.key,
        one.type,
        one.description,
        one.createdAt,
        one.updatedAt,
        one.expiresAt,
        one.value,
        one.marks,
      );
    }
    for (const { tenant, uri, owner, size, at, provenance } of write.files ?? []) {
      statement.file.run(tenant, uri, owner, size, at, provenance);
    }
    for (const one of write.registerRecords ?? []) putRecord(statement, one);
    for (const one of write.traces ?? []) statement.trace.run(one.tenant, one.subject, one.place);
  };

  const putGroups = (seq: number, groups: readonly FieldGroup[], { groupSalts }: Seal): void => {
    for (const [at, { name, classes, payload }] of groups.entries()) {
      const salt = groupSalts?.[at] ?? null;
      statement.group.run(seq, name, JSON.stringify(classes), salt, payload);
    }
  };

  return {
    begin(lastSeq) {
      sealing.begin(lastSeq);
      lengths.begin(lastSeq);
    },
    put(write, lastSeq) {
      let seq = lastSeq;
      checkLength(write);
      takeSlot(write);
      for (const { tenant, at, stream, type, actor, payload, groups } of write.entries) {
        seq += 1;
        const entry = { seq, tenant, at, stream, type, actor, payload };
        const seal = sealing.seal(groups === undefined ? entry : { ...entry, groups });
        const { header, salt, leaf } = seal;
        if (groups !== undefined) putGroups(seq, groups, seal);
        const key = keys.of(tenant, stream);
        statement.entry.run(seq, tenant, at, key, type, actor, payload, header, salt, leaf);
        lengths.append(key, seq);
      }
      putRemovals(write);
      putRuns(write);
      putObservations(write);
      putContent(write);
      return seq;
    },
    end: () => sealing.end(),
    forget() {
      keys.forget();
      lengths.forget();
      sealing.forget();
    },
    keep() {
      keys.keep();
      lengths.keep();
    },
  };
}
