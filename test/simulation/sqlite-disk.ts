/**
 * The real store of the product as the disk of the world. A crash takes the files as they are at that
 * moment, as the loss of power does, and may tear what the last commit appended to the write-ahead log
 * at any byte. What was committed before must survive that; the last commit is there whole or not at all.
 */
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  statSync,
  truncateSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSqliteStore } from '../../src/adapters/sqlite/sqlite-store.ts';
import type { Store } from '../../src/ports/store.ts';
import { createSeededSealer, type Disk } from './disk.ts';

function sizeOf(path: string): number {
  return existsSync(path) ? statSync(path).size : 0;
}

/** A SQLite file that survives crashes. */
export class SqliteDisk implements Disk {
  readonly canTear = true;
  readonly #root: string;
  #lives = 0;
  #open: Store;
  #wrapped: Store;
  #walBefore = 0;

  private constructor(root: string, store: Store) {
    this.#root = root;
    this.#open = store;
    this.#wrapped = this.#wrap(store);
  }

  static async make(): Promise<SqliteDisk> {
    const root = mkdtempSync(join(tmpdir(), 'sluice-disk-'));
    return new SqliteDisk(root, await SqliteDisk.#openIn(join(root, 'life-0')));
  }

  static #openIn(folder: string): Promise<Store> {
    return openSqliteStore({ sealer: createSeededSealer(folder), path: join(folder, 'sluice.db') });
  }

  get #folder(): string {
    return join(this.#root, `life-${this.#lives}`);
  }

  store(): Store {
    return this.#wrapped;
  }

  /** Remembers how long the log was before the last commit. */
  #wrap(store: Store): Store {
    const commit: Store['commit'] = (writes) => {
      if (writes.length > 0) this.#walBefore = sizeOf(join(this.#folder, 'sluice.db-wal'));
      return store.commit(writes);
    };
    return { ...store, commit };
  }

  async crash(tornAt: number | undefined): Promise<void> {
    const before = this.#folder;
    this.#lives += 1;
    mkdirSync(this.#folder, { recursive: true });
    for (const name of ['sluice.db', 'sluice.db-wal']) {
      const from = join(before, name);
      if (existsSync(from)) copyFileSync(from, join(this.#folder, name));
    }
    const wal = join(this.#folder, 'sluice.db-wal');
    const size = sizeOf(wal);
    if (tornAt !== undefined && size > this.#walBefore) {
      truncateSync(wal, this.#walBefore + Math.floor(tornAt * (size - this.#walBefore)));
    }
    await this.#open.close();
    rmSync(before, { recursive: true });
    this.#open = await SqliteDisk.#openIn(this.#folder);
    this.#wrapped = this.#wrap(this.#open);
  }

  async remove(): Promise<void> {
    await this.#open.close();
    rmSync(this.#root, { recursive: true });
  }
}
