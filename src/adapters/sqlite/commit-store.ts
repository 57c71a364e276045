/**
 * Writes as one transaction of one connection. A store has one of these on its own thread, and one more
 * where it commits in a thread beside it.
 *
 * INVARIANT: when `commit` returns, all of it is on the disk; when it throws, none of it is.
 */
import type { Sealer } from '../../ports/sealer.ts';
import type { Write } from '../../ports/store.ts';
import type { Connection } from './open-store.ts';
import { createWriter } from './write-store.ts';

/** The places of the ledger around a commit. */
export interface Committed {
  /** The last one before it. */
  readonly seqBefore: number;
  readonly lastSeq: number;
}

/** Commits on one connection. */
export interface CommittingConnection {
  /** Commits `writes`, after `first` in the same transaction. */
  commit(writes: readonly Write[], first?: () => void): Committed;
  /** Runs `work`, which puts no entries, as one transaction. */
  transaction<T>(work: () => T): T;
  /** Returns the place of the last entry. */
  lastSeq(): number;
}

/** Returns the commits of `connection`. */
export function createCommits(connection: Connection, sealer: Sealer): CommittingConnection {
  const writer = connection.read(() => createWriter(connection, sealer));
  const last = connection.prepare('SELECT max(seq) AS seq FROM entries');
  const readLastSeq = (): number => (last.get() as { seq: number | null }).seq ?? 0;

  const transaction = <T>(work: () => T): T => {
    try {
      const result = connection.transaction(work);
      writer.keep();
      return result;
    } catch (error) {
      writer.forget();
      throw error;
    }
  };

  return {
    commit: (writes, first) =>
      transaction(() => {
        first?.();
        // Another connection may have appended since: the place is read under the write lock.
        const seqBefore = readLastSeq();
        let lastSeq = seqBefore;
        writer.begin(lastSeq);
        for (const write of writes) lastSeq = writer.put(write, lastSeq);
        writer.end();
        return { seqBefore, lastSeq };
      }),
    transaction,
    lastSeq: () => connection.read(readLastSeq),
  };
}
