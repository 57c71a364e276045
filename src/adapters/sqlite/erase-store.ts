/**
 * Erasing in a SQLite file: rows of groups are deleted, texts of executions pass a redaction, and what
 * was there is overwritten in the file and cut out of the write-ahead log.
 *
 * INVARIANT: everything but the overwriting runs inside a transaction that the caller holds.
 */
import type { Erasure } from '../../ports/store.ts';
import type { Connection, SqlValue } from './open-store.ts';

const streamKeys = `SELECT key FROM streams
  WHERE name IN (SELECT 'execution:' || value FROM json_each(?)) AND streams.tenant = ?`;
const executionIds = 'id IN (SELECT value FROM json_each(?)) AND tenant = ?';

/** Where texts of executions stand: table, column, what names a row, which rows. */
const places = [
  ['executions', 'document', 'place', executionIds],
  ['executions', 'labels', 'place', executionIds],
  ['task_runs', 'document', 'rowid', `execution IN (${streamKeys})`],
  ['logs', 'message', 'place', `execution IN (${streamKeys})`],
  ['metrics', 'tags', 'place', `execution IN (${streamKeys})`],
] as const;

/** Deletes the groups, redacts the texts and forgets the traces of `erasure`; gives how many texts changed. */
export function eraseRows(connection: Connection, erasure: Erasure): number {
  const { tenant, groups, executions, redact, subject } = erasure;
  const removeGroup = connection.prepare('DELETE FROM entry_groups WHERE seq = ? AND name = ?');
  for (const { seq, name } of groups) removeGroup.run(seq, name);
  let textCount = 0;
  const ids = JSON.stringify(executions);
  for (const [table, column, key, condition] of places) {
    const rows = connection
      .prepare(`SELECT ${key} AS place, ${column} AS text FROM ${table} WHERE ${condition}`)
      .all(ids, tenant) as { place: SqlValue; text: string }[];
    const update = connection.prepare(`UPDATE ${table} SET ${column} = ? WHERE ${key} = ?`);
    for (const { place, text } of rows) {
      const kept = redact(text);
      if (kept === text) continue;
      update.run(kept, place);
      textCount += 1;
    }
  }
  if (subject !== undefined) {
    connection
      .prepare('DELETE FROM subject_traces WHERE tenant = ? AND subject = ?')
      .run(tenant, subject);
  }
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
