/**
 * Snapshots of a SQLite file by SQLite's own online copy. The connection holds a read transaction all
 * the while: without it every commit of another process starts the copy anew, and under load it never
 * ends. Writers go on; only the write-ahead log cannot shrink meanwhile.
 *
 * INVARIANT: a snapshot is one plain file (no write-ahead log beside it) and is flushed when `take` returns.
 */
import { open } from 'node:fs/promises';
import { backup, DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { Failure } from '../../core/failure/index.ts';
import type { CopyProgress, Snapshot, Snapshots } from '../../ports/snapshots.ts';
import type { FileRecord, Store } from '../../ports/store.ts';
import { checkMigrations, readMigrations } from './migrate-store.ts';
import { type Connection, readingConnection, storeFailure } from './open-store.ts';
import { createReader } from './read-store.ts';

/** Pages a step: enough that a step is worth its return to the event loop, few enough for a display. */
const pagesAtOnce = 1_000;

async function speaking<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw storeFailure(error, path);
  }
}

async function take(
  source: string,
  destination: string,
  onProgress: (progress: CopyProgress) => void,
): Promise<void> {
  const held = await speaking(source, async () => {
    const driver = new DatabaseSync(source, { timeout: 5_000 });
    driver.exec('BEGIN');
    driver.prepare('SELECT count(*) FROM sqlite_schema').get();
    return driver;
  });
  try {
    const pages = await speaking(destination, () =>
      backup(held, destination, {
        rate: pagesAtOnce,
        progress: ({ totalPages, remainingPages }) => {
          onProgress({ done: totalPages - remainingPages, total: totalPages });
        },
      }),
    );
    // The last step is told by nobody else.
    onProgress({ done: pages, total: pages });
  } finally {
    held.close();
  }
  await speaking(destination, async () => {
    const copy = new DatabaseSync(destination);
    copy.exec('PRAGMA journal_mode = DELETE');
    copy.close();
    const file = await open(destination, 'r+');
    try {
      await file.sync();
    } finally {
      await file.close();
    }
  });
}

function refuse(): never {
  throw new Failure('store.unreachable', 'a snapshot cannot be written', { isRetryable: false });
}

function readingStore(connection: Connection): Store {
  return {
    ...createReader(connection),
    async commit(writes) {
      if (writes.length > 0) return refuse();
      const row = connection.read(() =>
        connection.prepare('SELECT max(seq) AS seq FROM entries').get(),
      );
      return { lastSeq: (row as { seq: number | null }).seq ?? 0 };
    },
    async changesElsewhere() {
      return 0;
    },
    erase: async () => refuse(),
    addCheckpoint: async () => refuse(),
    purge: async () => refuse(),
    purgeLogs: async () => refuse(),
    commitCount: 0,
    close: async () => connection.close(),
  };
}

async function openSnapshot(path: string): Promise<Snapshot> {
  // Immutable: neither locks nor files beside it, so that one on a read-only medium can be read.
  const url = pathToFileURL(path);
  url.search = '?mode=ro&immutable=1';
  return speaking(path, async () => {
    const driver = new DatabaseSync(url, { readOnly: true });
    const connection = readingConnection(driver, path);
    try {
      const applied = connection.prepare(
        'SELECT version, name, checksum FROM schema_version ORDER BY version',
      );
      const migrations = applied.all() as { version: number; name: string; checksum: string }[];
      checkMigrations(path, migrations, readMigrations());
      return {
        store: readingStore(connection),
        migrations: async () => migrations.map(({ name, checksum }) => ({ name, checksum })),
        async fileRecords({ tenant, uri }, limit) {
          const rows = connection.read(() =>
            connection
              .prepare(
                'SELECT tenant, uri, size, at FROM files WHERE (tenant, uri) > (?, ?) ORDER BY tenant, uri LIMIT ?',
              )
              .all(tenant, uri, limit),
          );
          return rows as Pick<FileRecord, 'tenant' | 'uri' | 'size' | 'at'>[];
        },
      };
    } catch (error) {
      driver.close();
      throw error;
    }
  });
}

/** Returns the snapshots of the store in the file `source`. */
export function createSqliteSnapshots(source: string): Snapshots {
  return {
    take: (destination, onProgress = () => {}) => take(source, destination, onProgress),
    open: openSnapshot,
  };
}
