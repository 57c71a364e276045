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
import { type Committed, createCommits } from './commit-store.ts';
import { connect, type Driver, openDriver, storeFailure } from './open-store.ts';
import { createReader, deleteExecutions, deleteLogs } from './read-store.ts';
import { createRoute, type ThreadOptions } from './route-store.ts';
import { sealOlderEntries } from './seal-store.ts';

/** How to open a SQLite store. */
export interface SqliteStoreOptions {
  /** The file; its folder is made when it is missing. */
  readonly path: string;
  /** Seals the entries as they are written. */
  readonly sealer: Sealer;
  /** How long to wait for another process before `store.locked`. */
  readonly busyTimeoutMs?: number;
  /** A thread for commits that would hold up this one; without it every commit happens here. */
  readonly thread?: ThreadOptions;
  /** Opens the file; for tests that let statements fail. */
  readonly open?: (path: string, busyTimeoutMs: number) => Driver;
}

const usualBusyTimeoutMs = 5_000;

function openFile(options: SqliteStoreOptions): Driver {
  const { path, busyTimeoutMs = usualBusyTimeoutMs, open = openDriver } = options;
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
  const { path, sealer, busyTimeoutMs = usualBusyTimeoutMs } = options;
  const driver = openFile(options);
  try {
    const connection = connect(driver, path);
    migrate(path, driver, connection);
    sealOlderEntries(connection, sealer);
    const commits = createCommits(connection, sealer);
    const route = await createRoute(connection, commits, { path, busyTimeoutMs }, options.thread);
    let commitCount = 0;
    let isOpen = true;
    // Who else has appended is seen by entries that nobody here put.
    let ownLastSeq = commits.lastSeq();
    let foreignCount = 0;
    const note = ({ seqBefore, lastSeq }: Committed): void => {
      if (seqBefore !== ownLastSeq) foreignCount += 1;
      ownLastSeq = lastSeq;
    };
    const transaction = async <T>(work: () => T): Promise<T> => {
      const result = await route.inTurn(() => commits.transaction(work));
      commitCount += 1;
      return result;
    };

    return {
      ...createReader(connection),
      async changesElsewhere() {
        await route.inTurn(() => {
          const lastSeq = commits.lastSeq();
          note({ seqBefore: lastSeq, lastSeq });
        });
        return foreignCount;
      },
      async commit(writes) {
        if (writes.length === 0) return { lastSeq: commits.lastSeq() };
        const committed = await route.commit(writes);
        commitCount += 1;
        note(committed);
        return { lastSeq: committed.lastSeq };
      },
      async erase(erasure) {
        const { committed, textCount } = await route.inTurn(() =>
          overwriting(connection, () => {
            let changed = 0;
            const place = commits.commit(erasure.writes, () => {
              changed = eraseRows(connection, erasure);
            });
            return { committed: place, textCount: changed };
          }),
        );
        commitCount += 1;
        note(committed);
        return { lastSeq: committed.lastSeq, textCount };
      },
      async addCheckpoint({ size, at, note: text }) {
        await transaction(() => {
          connection
            .prepare('INSERT INTO checkpoints (size, at, note) VALUES (?, ?, ?)')
            .run(size, at, text);
        });
      },
      async purge(query) {
        return transaction(() => deleteExecutions(connection, query));
      },
      async purgeLogs(query) {
        return transaction(() => deleteLogs(connection, query));
      },
      get besideFrom() {
        return route.besideFrom;
      },
      get commitCount() {
        return commitCount;
      },
      async close() {
        if (!isOpen) return;
        isOpen = false;
        await route.close();
        connection.close();
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
