/**
 * The connection to one SQLite file: how it is opened, how a transaction begins and ends, and how the
 * driver's errors become failures with plain sentences.
 *
 * INVARIANT: a transaction that did not reach its commit leaves nothing behind; a commit that returned
 * survives a loss of power (write-ahead log, `synchronous=FULL`).
 */
import { statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Failure } from '../../core/failure/index.ts';

/** What SQLite takes and gives here. */
export type SqlValue = string | number | Uint8Array | null;

/** A prepared statement, as far as it is needed here. */
export interface Statement {
  run(...values: SqlValue[]): { readonly changes: number | bigint };
  get(...values: SqlValue[]): unknown;
  all(...values: SqlValue[]): unknown[];
}

/** The driver, as far as it is needed here. */
export interface Driver {
  exec(sql: string): void;
  prepare(sql: string): Statement;
  close(): void;
  readonly isTransaction: boolean;
}

/** A connection that speaks in failures. */
export interface Connection {
  /** Returns the prepared form of `sql`; the same text is prepared once. */
  prepare(sql: string): Statement;
  /** Runs `work` as one transaction that holds the write lock from its start. */
  transaction<T>(work: () => T): T;
  /** Returns how long the last flush took. */
  flushMs(): number;
  /** Runs `work`, which only reads. */
  read<T>(work: () => T): T;
  close(): void;
}

/** Returns the driver of Node for the file at `path`. */
export function openDriver(path: string, busyTimeoutMs: number): Driver {
  return new DatabaseSync(path, { timeout: busyTimeoutMs });
}

const sentences: Readonly<Record<number, readonly [string, string]>> = {
  8: ['the store cannot be written', 'allow this user to write the file and its folder'],
  10: [
    'the disk under the store fails',
    'check the disk, then restore from a backup if it is damaged',
  ],
  11: ['the store is damaged', 'restore the file from a backup'],
  13: ['the disk under the store is full', 'free some space and try again'],
  14: ['the store cannot be opened', 'check that its folder exists and may be written'],
  26: ['the file is not a store', 'name another data folder or restore the file from a backup'],
};
const retryable = new Set([10, 13]);
const uniqueViolations = new Set([1555, 2067]);

/** Returns the failure that says that what stands in the file at `path` was not written by us. */
function damagedStore(path: string, cause: unknown): Failure {
  const [what, help] = sentences[11]!;
  return new Failure('store.unreachable', `${what}: \`${path}\``, {
    cause,
    help,
    isRetryable: false,
  });
}

function isForeignSchema(message: string): boolean {
  return /^(?:no such |unsupported file format|table \S+ has |no query solution)/.test(message);
}

/** Tells whether nothing more fits on the disk of `folder`. */
function isFull(folder: string): boolean {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize < 64 * 1024;
  } catch {
    // Whoever cannot look has another trouble than a full disk.
    return false;
  }
}

/** Returns what an error of the driver means; an error that only a bug can cause is given back as it is. */
export function storeFailure(error: unknown, path: string): unknown {
  if (!(error instanceof Error) || error instanceof Failure) return error;
  const { code, errcode } = error as { code?: unknown; errcode?: unknown };
  if (code === 'ERR_INVALID_STATE') {
    return new Failure('store.unreachable', 'the store is closed', { cause: error });
  }
  // A number that we never wrote, because we could not read it again.
  if (code === 'ERR_OUT_OF_RANGE') return damagedStore(path, error);
  if (code !== 'ERR_SQLITE_ERROR' || typeof errcode !== 'number') return error;
  const primary = errcode & 0xff;
  if (primary === 5 || primary === 6) {
    return new Failure('store.locked', `another process keeps \`${path}\` locked`, {
      cause: error,
    });
  }
  if (uniqueViolations.has(errcode)) {
    return new Failure('store.conflict', 'the record exists already', { cause: error });
  }
  // Our statements are right for our tables: if they are not, the tables are not ours.
  if (primary === 1 && isForeignSchema(error.message)) return damagedStore(path, error);
  // A disk that is full shows as one that fails where the memory of the log cannot grow.
  const known = sentences[primary === 10 && isFull(dirname(path)) ? 13 : primary];
  if (known === undefined) return error;
  return new Failure('store.unreachable', `${known[0]}: \`${path}\``, {
    cause: error,
    help: known[1],
    isRetryable: retryable.has(primary),
  });
}

/** Returns a connection over `driver` as it is; for files that are only read. */
export function readingConnection(driver: Driver, path: string): Connection {
  const statements = new Map<string, Statement>();
  let flushMs = 0;
  const speaking = <T>(work: () => T): T => {
    try {
      return work();
    } catch (error) {
      throw storeFailure(error, path);
    }
  };
  const prepare = (sql: string): Statement => {
    let statement = statements.get(sql);
    if (statement === undefined) {
      statement = driver.prepare(sql);
      statements.set(sql, statement);
    }
    return statement;
  };
  return {
    prepare,
    flushMs: () => flushMs,
    read: speaking,
    transaction: (work) =>
      speaking(() => {
        prepare('BEGIN IMMEDIATE').run();
        try {
          const result = work();
          const from = performance.now();
          prepare('COMMIT').run();
          flushMs = performance.now() - from;
          return result;
        } catch (error) {
          // SQLite has already rolled back after some errors (a full disk, for one).
          if (driver.isTransaction) driver.exec('ROLLBACK');
          throw error;
        }
      }),
    close: () => driver.close(),
  };
}

/** Returns a connection over `driver`, set up for durability. */
export function connect(driver: Driver, path: string): Connection {
  const connection = readingConnection(driver, path);
  connection.read(() => {
    driver.exec('PRAGMA journal_mode = WAL');
    driver.exec('PRAGMA synchronous = FULL');
    // On macOS a plain flush stops at the drive's cache; elsewhere these two do nothing.
    driver.exec('PRAGMA fullfsync = ON');
    driver.exec('PRAGMA checkpoint_fullfsync = ON');
    driver.exec('PRAGMA cache_size = -32768');
    driver.exec('PRAGMA trusted_schema = OFF');
  });
  return connection;
}
