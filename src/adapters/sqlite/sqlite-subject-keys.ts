/**
 * Keys of subjects in a SQLite file of their own, each wrapped under the key of the data folder. Deleted
 * rows are overwritten, and there is no write-ahead log that could keep them.
 *
 * INVARIANT: a key is durable before `create` returns, and gone from the file before `destroy` does.
 */
import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Cipher } from '../../ports/cipher.ts';
import type { SubjectKeys } from '../../ports/subject-keys.ts';
import { type Driver, openDriver, type Statement, storeFailure } from './open-store.ts';

const busyTimeoutMs = 5_000;

function place(subject: string): string {
  return `subject-key:${subject}`;
}

function openFile(path: string): Driver {
  mkdirSync(dirname(path), { recursive: true });
  const driver = openDriver(path, busyTimeoutMs);
  driver.exec('PRAGMA secure_delete = ON');
  driver.exec('PRAGMA journal_mode = DELETE');
  driver.exec('PRAGMA synchronous = FULL');
  driver.exec('PRAGMA fullfsync = ON');
  driver.exec(
    'CREATE TABLE IF NOT EXISTS subject_keys (subject TEXT PRIMARY KEY, wrapped TEXT NOT NULL) STRICT, WITHOUT ROWID',
  );
  return driver;
}

/** Returns the keys in the file `path`, wrapped by `cipher`; the file is opened at the first use. */
export function createSqliteSubjectKeys(path: string, cipher: Cipher): SubjectKeys {
  let driver: Driver | undefined;
  const statements = new Map<string, Statement>();
  const statement = (sql: string): Statement => {
    driver ??= openFile(path);
    const known = statements.get(sql) ?? driver.prepare(sql);
    statements.set(sql, known);
    return known;
  };
  const speaking = <T>(work: () => T): T => {
    try {
      return work();
    } catch (error) {
      throw storeFailure(error, path);
    }
  };
  return {
    create: (subject) =>
      speaking(() => {
        const wrapped = cipher.encrypt(
          randomBytes(32).toString('base64'),
          undefined,
          place(subject),
        );
        statement('INSERT OR IGNORE INTO subject_keys VALUES (?, ?)').run(subject, wrapped);
      }),
    find: (subject) =>
      speaking(() => {
        const row = statement('SELECT wrapped FROM subject_keys WHERE subject = ?').get(subject) as
          | { wrapped: string }
          | undefined;
        return row === undefined
          ? undefined
          : cipher.decrypt(row.wrapped, undefined, place(subject));
      }),
    destroy: (subject) =>
      speaking(() => {
        const { changes } = statement('DELETE FROM subject_keys WHERE subject = ?').run(subject);
        return Number(changes) > 0;
      }),
    close() {
      driver?.close();
      driver = undefined;
      statements.clear();
    },
  };
}
