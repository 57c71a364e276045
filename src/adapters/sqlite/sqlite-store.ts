/**
 * The store in one SQLite file, through the driver that is part of Node: the embedded default. A commit
 * is one transaction with one flush, however many writes share it; several processes may open the file.
 *
 * INVARIANT: when `commit` returns, all of it is on the disk; when it throws, none of it is.
 */
import { existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { Failure } from '../../core/failure/index.ts';
import type { Sealer } from '../../ports/sealer.ts';
import type { Store } from '../../ports/store.ts';
import { eraseRows, overwriting } from './erase-store.ts';
import { migrate } from './migrate-store.ts';
import { connect, type Driver, openDriver, storeFailure } from './open-store.ts';
import { createReader, deleteExecutions, deleteLogs } from './read-store.ts';
import { sealOlderEntries } from './seal-store.ts';
import { createWriter } from './write-store.ts';

/** How to open a SQLite store. */
export interface SqliteStoreOptions {
  /** The file; its folder is made when it is missing. */
  readonly path: string;
  /** Seals the entries as they are written. */
  readonly sealer: Sealer;
  /** How long to wait for another process before `store.locked`. */
  readonly busyTimeoutMs?: number;
  /** Opens the file; for tests that let statements fail. */
  readonly open?: (path: string, busyTimeoutMs: number) => Driver;
}

function openFile({ path, busyTimeoutMs = 5_000, open = openDriver }: SqliteStoreOptions): Driver {
  try {
    mkdirSync(dirname(path), { recursive: true });
    return open(path, busyTimeoutMs);
  } catch (error) {
    const failure = storeFailure(error, path);
    if (failure instanceof Failure) throw failure;
    throw new Failure('store.unreachable', `the store cannot be opened: \`${path}\``, {
      cause: error,
    });
  }
}

/** Opens the store in a SQLite file, creating or migrating its tables. */
export async function openSqliteStore(options: SqliteStoreOptions): Promise<Store> {
  const { path, sealer } = options;
  const driver = openFile(options);
  try {
    const connection = connect(driver, path);
    migrate(driver, connection);
    sealOlderEntries(connection, sealer);
    const writer = connection.read(() => createWriter(connection, sealer));
    const lastSeq = connection.prepare('SELECT max(seq) AS seq FROM entries');
    let commitCount = 0;
    let isOpen = true;

    const transaction = <T>(work: () => T): T => {
      try {
        const result = connection.transaction(work);
        writer.keep();
        commitCount += 1;
        return result;
      } catch (error) {
        writer.forget();
        throw error;
      }
    };
    const readLastSeq = (): number => (lastSeq.get() as { seq: number | null }).seq ?? 0;

    return {
      ...createReader(connection),
      async commit(writes) {
        if (writes.length === 0) return { lastSeq: connection.read(readLastSeq) };
        return transaction(() => {
          // Another process may have appended since: the place is read under the write lock.
          let seq = readLastSeq();
          writer.begin(seq);
          for (const write of writes) seq = writer.put(write, seq);
          writer.end();
          return { lastSeq: seq };
        });
      },
      async erase(erasure) {
        return overwriting(connection, () =>
          transaction(() => {
            const textCount = eraseRows(connection, erasure);
            let seq = readLastSeq();
            writer.begin(seq);
            for (const write of erasure.writes) seq = writer.put(write, seq);
            writer.end();
            return { lastSeq: seq, textCount };
          }),
        );
      },
      async addCheckpoint({ size, at, note }) {
        transaction(() => {
          connection
            .prepare('INSERT INTO checkpoints (size, at, note) VALUES (?, ?, ?)')
            .run(size, at, note);
        });
      },
      async purge(query) {
        return transaction(() => deleteExecutions(connection, query));
      },
      async purgeLogs(query) {
        return transaction(() => deleteLogs(connection, query));
      },
      get commitCount() {
        return commitCount;
      },
      async close() {
        if (isOpen) connection.close();
        isOpen = false;
      },
    };
  } catch (error) {
    driver.close();
    // Of a damaged file already the statements cannot be prepared.
    throw storeFailure(error, path);
  }
}

/**
 * Throws `store.locked` when anybody has the SQLite file at `path` open. Leaves it without a write-ahead
 * log: all of it stands in the one file. A file that is damaged is used by nobody.
 */
export function assertUnused(path: string): void {
  if (!existsSync(path)) return;
  let driver: Driver | undefined;
  try {
    driver = openDriver(path, 0);
    driver.exec('PRAGMA journal_mode = DELETE');
  } catch (error) {
    const failure = storeFailure(error, path);
    if (failure instanceof Failure && failure.code === 'store.locked') throw failure;
  } finally {
    driver?.close();
  }
}
