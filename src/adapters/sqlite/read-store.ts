/**
 * How rows become records again. The statements are fixed texts: an absent condition is left out of
 * the text, a list travels as one JSON parameter, so that few different statements exist.
 */
import { Failure } from '../../core/failure/index.ts';
import type {
  CheckpointRecord,
  Entry,
  EntryQuery,
  ExecutionQuery,
  ExecutionRecord,
  FileRecord,
  FlowRecord,
  GroupRecord,
  KeyValueRecord,
  LogQuery,
  LogRecord,
  MetricRecord,
  PurgeQuery,
  RegisterRecord,
  SealedEntry,
  Store,
  SubjectTrace,
  TaskRunRecord,
  TimerRecord,
} from '../../ports/store.ts';
import { firstPlaceAt, placesPerMs, timeOfPlace } from './log-place-store.ts';
import type { Connection, SqlValue } from './open-store.ts';
import { readRunId } from './run-id-store.ts';
import { createTileReader } from './seal-store.ts';

/** Everything of a store that reads. */
export type Reader = Omit<
  Store,
  | 'commit'
  | 'erase'
  | 'changesElsewhere'
  | 'addCheckpoint'
  | 'purge'
  | 'purgeLogs'
  | 'commitCount'
  | 'close'
>;

const entryColumns = 'seq, entries.tenant, at, name AS stream, type, actor, payload';
const flowColumns = 'tenant, namespace, id, revision, source, is_deleted AS isDeleted, at';
const executionColumns = `tenant, id, namespace, flow_id AS flowId, revision, state,
  created_at AS createdAt, started_at AS startedAt, ended_at AS endedAt, original_id AS originalId,
  parent_id AS parentId, caused_by AS causedBy, holds_slot AS holdsSlot,
  is_under_way AS isUnderWay, labels, document`;
const keyValueColumns = `tenant, namespace, key, type, description, created_at AS createdAt,
  updated_at AS updatedAt, expires_at AS expiresAt, value, marks`;
const streamKey = `(SELECT key FROM streams WHERE name = ? AND streams.tenant = ?)`;
const recordColumns = 'r.tenant, r.kind, r.id, r.version, r.keys, r.document';

interface StoredSeal
  extends Omit<SealedEntry, 'seq' | 'at' | 'stream' | 'payload' | 'header' | 'salt' | 'groups'> {
  readonly seq: string;
  readonly at: string;
  readonly stream: string | null;
  readonly payload: Uint8Array | null;
  readonly header: Uint8Array | null;
  readonly salt: Uint8Array | null;
}

type Row<T> = Omit<T, 'isDeleted' | 'holdsSlot' | 'isUnderWay' | 'labels' | 'tags' | 'keys'> & {
  readonly isDeleted: number;
  readonly holdsSlot: number;
  readonly isUnderWay: number;
  readonly labels: string;
  readonly tags: string;
  readonly keys: string;
};

/** Returns the bytes of a column; none where a file that was changed has something else in it. */
function bytesIn(value: unknown): Uint8Array {
  return value instanceof Uint8Array ? value : new Uint8Array(0);
}

/** Returns the texts of a column that holds them as JSON. */
function textsIn(json: string): Record<string, string> {
  try {
    return JSON.parse(json) as Record<string, string>;
  } catch (cause) {
    throw new Failure('store.unreachable', 'the store is damaged: a record cannot be read', {
      cause,
      help: 'restore the file from a backup',
      isRetryable: false,
    });
  }
}

function flowOf(row: unknown): FlowRecord {
  const columns = row as Row<FlowRecord>;
  return { ...columns, isDeleted: columns.isDeleted === 1 };
}

function executionOf(row: unknown): ExecutionRecord {
  const columns = row as Row<ExecutionRecord>;
  const labels = textsIn(columns.labels);
  return {
    ...columns,
    holdsSlot: columns.holdsSlot === 1,
    isUnderWay: columns.isUnderWay === 1,
    labels,
  };
}

function recordOf(row: unknown): RegisterRecord {
  const columns = row as Row<RegisterRecord>;
  return { ...columns, keys: textsIn(columns.keys) };
}

/** Conditions that are joined by AND, with the values they wait for. */
class Conditions {
  readonly #texts: string[] = [];
  readonly values: SqlValue[] = [];
  add(text: string, ...values: (SqlValue | undefined)[]): this {
    const given = values.filter((value) => value !== undefined);
    if (given.length === values.length) {
      this.#texts.push(text);
      this.values.push(...given);
    }
    return this;
  }
  /** Adds `column` being one of `list`. */
  within(column: string, list: readonly string[] | undefined): this {
    const json = list === undefined ? undefined : JSON.stringify(list);
    return this.add(`${column} IN (SELECT value FROM json_each(?))`, json);
  }
  get text(): string {
    return this.#texts.join(' AND ');
  }
}

/** Returns the index for a query of executions: without statistics SQLite prefers a range of time to a flow. */
function executionIndex({ namespace, flowId, causedBy }: Partial<ExecutionQuery>): string {
  if (causedBy !== undefined) return 'INDEXED BY executions_by_cause';
  if (namespace !== undefined && flowId !== undefined) return 'INDEXED BY executions_by_flow';
  return '';
}

function executionConditions(query: Omit<ExecutionQuery, 'limit' | 'after'>): Conditions {
  return new Conditions()
    .add('tenant = ?', query.tenant)
    .add('namespace = ?', query.namespace)
    .add(`instr(namespace || '.', ? || '.') = 1`, query.within)
    .within('namespace', query.namespaces)
    .add(
      `instr(lower(id || char(10) || namespace || char(10) || flow_id), lower(?)) > 0`,
      query.text,
    )
    .add(
      '(caused_by IS NOT NULL) = ?',
      query.isCaused === undefined ? undefined : Number(query.isCaused),
    )
    .add('flow_id = ?', query.flowId)
    .within('state', query.states)
    .add('caused_by = ?', query.causedBy)
    .add('created_at >= ?', query.createdFrom)
    .add('created_at <= ?', query.createdTo);
}

function logConditions(query: Omit<LogQuery, 'limit'>): Conditions {
  const stream = query.executionId === undefined ? undefined : `execution:${query.executionId}`;
  return new Conditions()
    .add('logs.tenant = ?', query.tenant)
    .add(`execution = ${streamKey}`, stream, query.tenant)
    .add('namespace = ?', query.namespace)
    .within('namespace', query.namespaces)
    .add('flow_id = ?', query.flowId)
    .within('task_id', query.taskIds)
    .within('level', query.levels)
    .add('place >= ?', query.from === undefined ? undefined : firstPlaceAt(query.from))
    .add('place < ?', query.to === undefined ? undefined : firstPlaceAt(query.to) + placesPerMs);
}

function entryConditions(query: Omit<EntryQuery, 'limit'>): Conditions {
  return new Conditions()
    .add('entries.tenant = ?', query.tenant)
    .add('actor = ?', query.actor)
    .add('type = ?', query.type)
    .add(`stream = ${streamKey}`, query.stream, query.tenant)
    .add('at >= ?', query.from)
    .add('at <= ?', query.to)
    .add('seq < ?', query.before)
    .add('instr(payload, ?) > 0', query.text);
}

/** Deletes the log lines that match; runs inside a transaction. */
export function deleteLogs(connection: Connection, query: Omit<LogQuery, 'limit'>): number {
  const { text, values } = logConditions(query);
  return Number(connection.prepare(`DELETE FROM logs WHERE ${text}`).run(...values).changes);
}

/** Deletes what a purge names; runs inside a transaction. */
export function deleteExecutions(
  connection: Connection,
  { tenant, executionIds, parts }: PurgeQuery,
): Record<'executions' | 'logs' | 'metrics', number> {
  const json = (ids: readonly string[]): string => JSON.stringify(ids);
  const keys = `SELECT key FROM streams WHERE name IN (SELECT 'execution:' || value FROM json_each(?)) AND tenant = ?`;
  const remove = (sql: string, ...values: SqlValue[]): number =>
    Number(connection.prepare(sql).run(...values).changes);
  const counts = { executions: 0, logs: 0, metrics: 0 };
  if (parts.includes('execution')) {
    const gone = connection
      .prepare(
        'DELETE FROM executions WHERE +tenant = ? AND id IN (SELECT value FROM json_each(?)) RETURNING id',
      )
      .all(tenant, json(executionIds)) as { id: string }[];
    counts.executions = gone.length;
    const ids = json(gone.map(({ id }) => id));
    remove(`DELETE FROM task_runs WHERE execution IN (${keys})`, ids, tenant);
    remove('DELETE FROM timers WHERE execution_id IN (SELECT value FROM json_each(?))', ids);
  }
  for (const part of ['log', 'metric'] as const) {
    if (!parts.includes(part)) continue;
    counts[`${part}s`] = remove(
      `DELETE FROM ${part}s WHERE execution IN (${keys})`,
      json(executionIds),
      tenant,
    );
  }
  return counts;
}

/** Returns the reading half of a store over `connection`. */
export function createReader(connection: Connection): Reader {
  const all = <T>(sql: string, ...values: SqlValue[]): T[] =>
    // The driver's rows have no prototype; records are plain objects.
    connection.read(() => connection.prepare(sql).all(...values)).map((row) => ({ ...(row as T) }));
  const readTile = connection.read(() => createTileReader(connection));
  const one = <T>(sql: string, ...values: SqlValue[]): T | undefined => all<T>(sql, ...values)[0];
  /** Returns the groups of entries from `first` to `last`, by entry. */
  const groupsBetween = (first: number, last: number) => {
    const rows = all<{ seq: number; name: string; payload: Uint8Array; salt: Uint8Array }>(
      `SELECT seq, name, CAST(payload AS BLOB) AS payload, salt FROM entry_groups
       WHERE seq >= ? AND seq <= ?`,
      first,
      last,
    );
    const groups = new Map<number, Omit<(typeof rows)[number], 'seq'>[]>();
    for (const { seq, ...group } of rows) groups.set(seq, [...(groups.get(seq) ?? []), group]);
    return groups;
  };

  return {
    async groups({ tenant, stream, seqs, until, afterSeq, limit }) {
      const { text, values } = new Conditions()
        .add('e.tenant = ?', tenant)
        .add(`e.stream = ${streamKey}`, stream, tenant ?? '')
        .add(
          'e.seq IN (SELECT value FROM json_each(?))',
          seqs === undefined ? undefined : JSON.stringify(seqs),
        )
        .add('e.at <= ?', until)
        .add('e.seq > ?', afterSeq ?? 0);
      // A stream leads to its few entries; without one, groups are fewer than entries.
      const tables =
        stream === undefined
          ? 'entry_groups AS g CROSS JOIN entries AS e'
          : 'entries AS e CROSS JOIN entry_groups AS g';
      return all<Omit<GroupRecord, 'classes'> & { readonly classes: string }>(
        `SELECT e.seq, e.tenant, s.name AS stream, e.at, g.name, g.classes, g.payload
         FROM ${tables} ON g.seq = e.seq JOIN streams AS s ON s.key = e.stream
         WHERE ${text} ORDER BY e.seq, g.name LIMIT ?`,
        ...values,
        limit ?? -1,
      ).map((row) => ({ ...row, classes: JSON.parse(row.classes) as GroupRecord['classes'] }));
    },
    async traces(tenant, subject) {
      const { text, values } = new Conditions()
        .add('tenant = ?', tenant)
        .add('subject = ?', subject);
      return all<SubjectTrace>(
        `SELECT tenant, subject, place FROM subject_traces WHERE ${text} ORDER BY subject, place`,
        ...values,
      );
    },
    async entries(tenant, stream, afterSeq = 0) {
      return all<Entry>(
        `SELECT ${entryColumns} FROM entries JOIN streams ON key = stream
         WHERE stream = ${streamKey} AND seq > ? ORDER BY seq`,
        stream,
        tenant,
        afterSeq,
      );
    },
    async streamLength(tenant, stream) {
      const row = one<{ length: number }>(
        `SELECT count(*) AS length FROM entries WHERE stream = ${streamKey}`,
        stream,
        tenant,
      );
      return row?.length ?? 0;
    },
    async allEntries(afterSeq, limit) {
      return all<Entry>(
        `SELECT ${entryColumns} FROM entries JOIN streams ON key = stream
         WHERE seq > ? ORDER BY seq LIMIT ?`,
        afterSeq,
        limit,
      );
    },

    async scanEntries({ tenant, types, afterSeq, span }) {
      const end = afterSeq + span;
      const [last] = all<{ seq: number | null }>('SELECT max(seq) AS seq FROM entries');
      const among = types === undefined ? '' : 'AND type IN (SELECT value FROM json_each(?))';
      const found = all<Entry>(
        `SELECT ${entryColumns} FROM entries JOIN streams ON key = stream
         WHERE seq > ? AND seq <= ? AND entries.tenant = ? ${among} ORDER BY seq`,
        afterSeq,
        end,
        tenant,
        ...(types === undefined ? [] : [JSON.stringify(types)]),
      );
      return { entries: found, lastSeq: Math.max(afterSeq, Math.min(last?.seq ?? 0, end)) };
    },

    async searchEntries({ limit, ...query }) {
      const { text, values } = entryConditions(query);
      return all<Entry>(
        `SELECT ${entryColumns} FROM entries JOIN streams ON key = stream
         WHERE ${text} ORDER BY seq DESC LIMIT ?`,
        ...values,
        limit,
      );
    },
    async sealedEntries(afterSeq, limit) {
      // Bytes and not text where a character could hide what it was decoded from; in a file that was
      // changed a number may be too large for us, and a value of another kind than its column.
      const rows = all<StoredSeal>(
        `SELECT seq, entries.tenant, CAST(at AS TEXT) AS at, name AS stream, type, actor,
           CAST(payload AS BLOB) AS payload, header, salt
         FROM entries LEFT JOIN streams ON key = stream AND streams.tenant = entries.tenant
         WHERE seq > ? ORDER BY seq LIMIT ?`,
        afterSeq,
        limit,
      );
      const sealedGroups = groupsBetween(Number(rows[0]?.seq ?? 0), Number(rows.at(-1)?.seq ?? -1));
      return rows.map(({ header, salt, payload, stream, seq, at, ...columns }) => ({
        ...columns,
        seq: Number(seq),
        groups: sealedGroups.get(Number(seq)) ?? [],
        at: Number(at),
        stream: stream ?? '',
        payload: bytesIn(payload),
        header: bytesIn(header),
        salt: bytesIn(salt),
      }));
    },
    async treeTile(tile) {
      return connection.read(() => readTile(tile));
    },
    async checkpoints() {
      const rows = all<Record<keyof CheckpointRecord, unknown>>(
        `SELECT CAST(size AS TEXT) AS size, CAST(at AS TEXT) AS at, note
         FROM checkpoints ORDER BY place`,
      );
      return rows.map(({ size, at, note }) => ({
        size: Number(size),
        at: Number(at),
        note: String(note),
      }));
    },

    async flow(tenant, namespace, id, revision) {
      const row = one<object>(
        `SELECT ${flowColumns} FROM flows WHERE tenant = ? AND namespace = ? AND id = ?
         ${revision === undefined ? '' : 'AND revision = ?'} ORDER BY revision DESC LIMIT 1`,
        tenant,
        namespace,
        id,
        ...(revision === undefined ? [] : [revision]),
      );
      if (row === undefined) return undefined;
      const flow = flowOf(row);
      return flow.isDeleted && revision === undefined ? undefined : flow;
    },
    async flows(tenant, namespace) {
      const { text, values } = new Conditions()
        .add('tenant = ?', tenant)
        .add('namespace = ?', namespace);
      return all(
        `SELECT ${flowColumns} FROM flows AS f WHERE ${text} AND is_deleted = 0 AND revision =
           (SELECT max(revision) FROM flows WHERE tenant = f.tenant AND namespace = f.namespace AND id = f.id)
         ORDER BY namespace, id`,
        ...values,
      ).map(flowOf);
    },
    async flowRevisions(tenant, namespace, id) {
      return all(
        `SELECT ${flowColumns} FROM flows WHERE tenant = ? AND namespace = ? AND id = ? ORDER BY revision`,
        tenant,
        namespace,
        id,
      ).map(flowOf);
    },

    async execution(tenant, id) {
      const row = one(
        `SELECT ${executionColumns} FROM executions WHERE id = ? AND tenant = ?`,
        id,
        tenant,
      );
      return row === undefined ? undefined : executionOf(row);
    },
    async executions({ limit, after, ...query }) {
      const conditions = executionConditions(query);
      if (after !== undefined) {
        if (
          one('SELECT 1 FROM executions WHERE id = ? AND tenant = ?', after, query.tenant) ===
          undefined
        ) {
          throw new Failure(
            'execution.not-found',
            `there is no execution \`${after}\` to list after`,
          );
        }
        conditions.add(
          '(created_at, place) < (SELECT created_at, place FROM executions WHERE id = ?)',
          after,
        );
      }
      return all(
        `SELECT ${executionColumns} FROM executions ${executionIndex(query)} WHERE ${conditions.text}
         ORDER BY created_at DESC, place DESC LIMIT ?`,
        ...conditions.values,
        limit,
      ).map(executionOf);
    },
    async unfinishedExecutions(tenant) {
      return all<{ id: string }>(
        'SELECT id FROM executions WHERE tenant = ? AND is_under_way = 1 ORDER BY created_at, place',
        tenant,
      ).map(({ id }) => id);
    },
    async slotsHeld(tenant, namespace, flowId) {
      const row = one<{ held: number }>(
        `SELECT count(*) AS held FROM executions
         WHERE tenant = ? AND namespace = ? AND flow_id = ? AND holds_slot = 1`,
        tenant,
        namespace,
        flowId,
      );
      return row?.held ?? 0;
    },
    async queuedFlows(tenant) {
      const flows: { namespace: string; flowId: string }[] = [];
      let last = { namespace: '', flowId: '' };
      // From one flow to the next in the index: what each has in its queue is not read.
      for (;;) {
        const next = one<typeof last>(
          `SELECT namespace, flow_id AS flowId FROM executions INDEXED BY executions_queued
           WHERE tenant = ? AND state = 'QUEUED' AND (namespace, flow_id) > (?, ?)
           ORDER BY namespace, flow_id LIMIT 1`,
          tenant,
          last.namespace,
          last.flowId,
        );
        if (next === undefined) return flows;
        flows.push({ ...next });
        last = next;
      }
    },
    async queuedExecutions({ tenant, namespace, flowId, limit, after }) {
      const later =
        after === undefined
          ? ''
          : 'AND (created_at, place) > (SELECT created_at, place FROM executions WHERE id = ?)';
      return all<{ id: string }>(
        `SELECT id FROM executions INDEXED BY executions_queued
         WHERE tenant = ? AND namespace = ? AND flow_id = ? AND state = 'QUEUED' ${later}
         ORDER BY created_at, place LIMIT ?`,
        tenant,
        namespace,
        flowId,
        ...(after === undefined ? [] : [after]),
        limit,
      ).map(({ id }) => id);
    },
    async namespaces(tenant) {
      // Each step looks up the next name in the index: a million executions of ten namespaces are ten steps.
      const distinct = (table: string): readonly string[] =>
        all<{ name: string }>(
          `WITH RECURSIVE names (name) AS (
             SELECT min(namespace) FROM ${table} WHERE tenant = ?1
             UNION ALL
             SELECT (SELECT min(namespace) FROM ${table} WHERE tenant = ?1 AND namespace > name)
             FROM names WHERE name IS NOT NULL
           )
           SELECT name FROM names WHERE name IS NOT NULL`,
          tenant,
        ).map(({ name }) => name);
      const names = new Set([...distinct('flows'), ...distinct('executions')]);
      return [...names].toSorted();
    },

    async countExecutions(query) {
      const { text, values } = executionConditions(query);
      return all<{ namespace: string; flowId: string; count: number }>(
        `SELECT namespace, flow_id AS flowId, count(*) AS count FROM executions ${executionIndex(query)} WHERE ${text}
         GROUP BY namespace, flow_id ORDER BY namespace, flow_id`,
        ...values,
      );
    },

    async taskRuns(tenant, executionId) {
      return all<Omit<TaskRunRecord, 'tenant' | 'executionId'>>(
        `SELECT id, ordinal, task_id AS taskId, parent_id AS parentId, state,
           started_at AS startedAt, ended_at AS endedAt, document
         FROM task_runs WHERE execution = ${streamKey} ORDER BY ordinal, id`,
        `execution:${executionId}`,
        tenant,
      ).map(({ id, parentId, ...row }) => ({
        ...row,
        tenant,
        executionId,
        id: readRunId(executionId, id),
        parentId: parentId === null ? null : readRunId(executionId, parentId),
      }));
    },
    async dueTimers(now, limit) {
      return all<TimerRecord>(
        `SELECT tenant, execution_id AS executionId, id, due_at AS dueAt FROM timers
         WHERE due_at <= ? ORDER BY due_at, execution_id, id LIMIT ?`,
        now,
        limit,
      );
    },
    async nextTimer() {
      return (
        one<{ next: number | null }>('SELECT min(due_at) AS next FROM timers')?.next ?? undefined
      );
    },

    async logs({ limit, ...query }) {
      const { text, values } = logConditions(query);
      return all<LogRecord>(
        `SELECT logs.tenant, ${timeOfPlace} AS at, level, namespace, flow_id AS flowId, substr(name, 11) AS executionId,
           task_run_id AS taskRunId, task_id AS taskId, attempt, message
         FROM logs JOIN streams ON key = execution WHERE ${text} ORDER BY place LIMIT ?`,
        ...values,
        limit ?? -1,
      ).map(({ taskRunId, ...row }) => ({
        ...row,
        taskRunId: taskRunId === null ? null : readRunId(row.executionId, taskRunId),
      }));
    },
    async metrics(tenant, executionId) {
      return all<Row<MetricRecord>>(
        `SELECT tenant, at, task_run_id AS taskRunId, task_id AS taskId, name, type, value, tags
         FROM metrics WHERE execution = ${streamKey} ORDER BY place`,
        `execution:${executionId}`,
        tenant,
      ).map((row) => ({
        ...row,
        executionId,
        taskRunId: readRunId(executionId, row.taskRunId),
        tags: textsIn(row.tags),
      }));
    },

    async keyValue(tenant, namespace, key) {
      return one<KeyValueRecord>(
        `SELECT ${keyValueColumns} FROM key_values WHERE tenant = ? AND namespace = ? AND key = ?`,
        tenant,
        namespace,
        key,
      );
    },
    async keyValues(tenant, namespace, prefix = '') {
      return all<KeyValueRecord>(
        `SELECT ${keyValueColumns} FROM key_values WHERE tenant = ?1 AND namespace = ?2
           AND key >= ?3 AND substr(key, 1, length(?3)) = ?3 ORDER BY key`,
        tenant,
        namespace,
        prefix,
      );
    },

    async file(tenant, uri) {
      return one<FileRecord>(
        'SELECT tenant, uri, owner, size, at, provenance FROM files WHERE tenant = ? AND uri = ?',
        tenant,
        uri,
      );
    },
    async files(tenant, owner) {
      return all<FileRecord>(
        `SELECT tenant, uri, owner, size, at, provenance FROM files
         WHERE tenant = ? AND owner = ? ORDER BY uri`,
        tenant,
        owner,
      );
    },

    async registerRecord({ tenant, kind, id }) {
      const row = one<object>(
        `SELECT ${recordColumns} FROM register_records AS r WHERE tenant = ? AND kind = ? AND id = ?`,
        tenant,
        kind,
        id,
      );
      return row === undefined ? undefined : recordOf(row);
    },
    async registerRecords({ tenant, kind, key, after = '', limit }) {
      if (key === undefined) {
        return all<object>(
          `SELECT ${recordColumns} FROM register_records AS r
           WHERE tenant = ? AND kind = ? AND id > ? ORDER BY id LIMIT ?`,
          tenant,
          kind,
          after,
          limit,
        ).map(recordOf);
      }
      return all<object>(
        `SELECT ${recordColumns} FROM register_keys AS k
         JOIN register_records AS r USING (tenant, kind, id)
         WHERE k.tenant = ? AND k.kind = ? AND k.name = ? AND k.value = ? AND k.id > ?
         ORDER BY k.id LIMIT ?`,
        tenant,
        kind,
        key.name,
        key.value,
        after,
        limit,
      ).map(recordOf);
    },
  };
}
