/**
 * Erasing in a SQLite file: rows of groups are deleted, texts of executions pass a redaction, and what
 * was there is overwritten in the file and cut out of the write-ahead log.
 *
 * INVARIANT: everything but the overwriting runs inside a transaction that the caller holds.
 */
import type { Erasure } from '../../ports/store.ts';
import type { Connection, SqlValue } from './open-store.ts';

const ofExecutions = `FROM executions WHERE id IN (SELECT value FROM json_each(?)) AND tenant = ?`;
const ofStreams = (table: string): string => `FROM streams JOIN ${table} ON execution = key
  WHERE streams.name IN (SELECT 'execution:' || value FROM json_each(?)) AND streams.tenant = ?`;

/** Where texts of executions stand: table, column, what names a row, the execution, which rows. */
const places = [
  ['executions', 'document', 'place', 'id', ofExecutions],
  ['executions', 'labels', 'place', 'id', ofExecutions],
  ['task_runs', 'document', 'rowid', 'substr(streams.name, 11)', ofStreams('task_runs')],
  ['logs', 'message', 'place', 'substr(streams.name, 11)', ofStreams('logs')],
  ['metrics', 'tags', 'place', 'substr(streams.name, 11)', ofStreams('metrics')],
] as const;

/** Deletes the groups, redacts the texts and forgets the traces of `erasure`; gives how many texts changed. */
export function eraseRows(connection: Connection, erasure: Erasure): number {
  const { tenant, groups, executions, redact } = erasure;
  const removeGroup = connection.prepare('DELETE FROM entry_groups WHERE seq = ? AND name = ?');
  for (const { seq, name } of groups) removeGroup.run(seq, name);
  let textCount = 0;
  const ids = JSON.stringify(executions);
  for (const [table, column, key, id, rowsOf] of places) {
    const rows = connection
      .prepare(`SELECT ${table}.${key} AS place, ${id} AS id, ${table}.${column} AS text ${rowsOf}`)
      .all(ids, tenant) as { place: SqlValue; id: string; text: string }[];
    const update = connection.prepare(`UPDATE ${table} SET ${column} = ? WHERE ${key} = ?`);
    for (const row of rows) {
      const kept = redact(row.text, row.id);
      if (kept === row.text) continue;
      update.run(kept, row.place);
      textCount += 1;
    }
  }
  const removeTrace = connection.prepare(
    'DELETE FROM subject_traces WHERE tenant = ? AND subject = ? AND place = ?',
  );
  for (const one of erasure.forgotten()) removeTrace.run(one.tenant, one.subject, one.place);
  return textCount;
}

/** Runs `work` so that what it deletes and replaces is overwritten, and then gone from the write-ahead log. */
export function overwriting<T>(connection: Connection, work: () => T): T {
  connection.prepare('PRAGMA secure_delete = ON').get();
  try {
    return work();
  } finally {
    connection.prepare('PRAGMA secure_delete = OFF').get();
    connection.read(() => connection.prepare('PRAGMA wal_checkpoint(TRUNCATE)').all());
  }
}
