/**
 * What this machine can do at best: the things every budget is a ratio of. Measured in the same run,
 * and where a workload is short, again beside each of its rounds.
 */
import { spawnSync } from 'node:child_process';
import { hash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { DatabaseSync } from 'node:sqlite';
import { type Measure, median } from './measure.ts';

/** The limits, each measured when it is asked for. */
export interface RawLimits {
  /** Returns how many durable commits of one row each a second takes. */
  commitsPerSecond(): number;
  /** Returns how long a program that does nothing takes from start to end, in milliseconds. */
  emptyProgramMs(): number;
  /** Returns all limits as lines of the table. */
  measures(): readonly Measure[];
}

const row = JSON.stringify({ text: 'x'.repeat(440) });

function openTable(folder: string): DatabaseSync {
  const database = new DatabaseSync(join(folder, 'raw.db'));
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL');
  database.exec('CREATE TABLE rows (place INTEGER PRIMARY KEY, content TEXT NOT NULL) STRICT');
  return database;
}

/** Returns how often a second `work` can be done, trying for about `forMs`. */
function rateOf(forMs: number, work: () => number): number {
  const start = performance.now();
  let count = 0;
  let elapsed = 0;
  do {
    count += work();
    elapsed = performance.now() - start;
  } while (elapsed < forMs);
  return (count * 1000) / elapsed;
}

/** Returns the rows a second of transactions of `perCommit` rows. */
function rowsPerSecond(parent: string, perCommit: number, forMs: number): number {
  const folder = mkdtempSync(join(parent, 'raw-'));
  const database = openTable(folder);
  try {
    const insert = database.prepare('INSERT INTO rows VALUES (NULL, ?)');
    const begin = database.prepare('BEGIN IMMEDIATE');
    const commit = database.prepare('COMMIT');
    return rateOf(forMs, () => {
      begin.run();
      for (let at = 0; at < perCommit; at += 1) insert.run(row);
      commit.run();
      return perCommit;
    });
  } finally {
    database.close();
    rmSync(folder, { recursive: true });
  }
}

function callsPerSecond(work: () => unknown): number {
  return rateOf(200, () => {
    for (let at = 0; at < 1_000; at += 1) work();
    return 1_000;
  });
}

/** Returns the limits of the disk under `folder` and of this processor. */
export function createRawLimits(folder: string): RawLimits {
  const empty = join(folder, 'empty.cjs');
  writeFileSync(empty, '');
  const emptyProgramMs = (): number => {
    const start = performance.now();
    spawnSync(process.execPath, [empty]);
    return performance.now() - start;
  };
  const content = { id: 'a'.repeat(22), list: [1, 2, 3], text: 'x'.repeat(420) };
  return {
    commitsPerSecond: () => rowsPerSecond(folder, 1, 250),
    emptyProgramMs,
    measures: () => [
      { what: 'durable commits of one row', value: rowsPerSecond(folder, 1, 1_000), unit: '/s' },
      ...[50, 1_000].map((perCommit) => ({
        what: `durable rows, ${perCommit} in a commit`,
        value: rowsPerSecond(folder, perCommit, 500),
        unit: '/s',
      })),
      {
        what: 'SHA-256 of 450 bytes',
        value: callsPerSecond(() => hash('sha256', row)),
        unit: '/s',
      },
      {
        what: 'JSON.stringify of 450 bytes',
        value: callsPerSecond(() => JSON.stringify(content)),
        unit: '/s',
      },
      {
        what: 'start of an empty program',
        value: median(Array.from({ length: 9 }, emptyProgramMs)),
        unit: 'ms',
      },
    ],
  };
}
