/**
 * Brings the tables of a SQLite file to the form this version reads: numbered SQL files, each applied
 * once, in order, in the transaction that also records its checksum.
 *
 * INVARIANT: an applied migration is never edited; a file that was made by other migrations than these
 * is refused, not guessed at.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '../../core/failure/index.ts';
import type { Connection, Driver } from './open-store.ts';

/** A numbered SQL file. */
export interface Migration {
  readonly version: number;
  readonly name: string;
  readonly sql: string;
  /** SHA-256 of the text, in hex. */
  readonly checksum: string;
}

/** Returns the migrations in their order. */
export function readMigrations(): readonly Migration[] {
  const folder = join(import.meta.dirname, 'migrations');
  return readdirSync(folder)
    .filter((name) => name.endsWith('.sql'))
    .toSorted()
    .map((name) => {
      const sql = readFileSync(join(folder, name), 'utf8');
      const checksum = createHash('sha256').update(sql).digest('hex');
      return { version: Number(name.slice(0, 4)), name, sql, checksum };
    });
}

/** Refuses the file at `path` when it was made by other migrations than the `known` ones. */
export function checkMigrations(
  path: string,
  applied: readonly Pick<Migration, 'version' | 'name' | 'checksum'>[],
  known: readonly Migration[],
): void {
  for (const { version, name, checksum } of applied) {
    const own = known.find((one) => one.version === version);
    if (own?.checksum === checksum) continue;
    throw new Failure(
      'store.unreachable',
      `\`${path}\` was written by another version: it has the migration \`${name}\`, which this one ${own === undefined ? 'does not know' : 'knows with other content'}`,
      {
        help: 'use the version that wrote it or a later one, or another data folder (`--data`)',
        isRetryable: false,
      },
    );
  }
}

/** Applies the `migrations` that the file at `path` has not seen yet. */
export function migrate(
  path: string,
  driver: Driver,
  connection: Connection,
  migrations: readonly Migration[] = readMigrations(),
): void {
  // The lock is taken before looking, so that two processes that open a fresh file do not both create.
  connection.transaction(() => {
    driver.exec(
      'CREATE TABLE IF NOT EXISTS schema_version (version INTEGER PRIMARY KEY, name TEXT NOT NULL, checksum TEXT NOT NULL) STRICT',
    );
    const applied = driver
      .prepare('SELECT version, name, checksum FROM schema_version ORDER BY version')
      .all() as Pick<Migration, 'version' | 'name' | 'checksum'>[];
    checkMigrations(path, applied, migrations);
    const record = driver.prepare('INSERT INTO schema_version VALUES (?, ?, ?)');
    for (const { version, name, sql, checksum } of migrations.slice(applied.length)) {
      driver.exec(sql);
      record.run(version, name, checksum);
    }
  });
}
