/**
 * Where a commit happens: on this thread, or in the one beside it. A small commit on a fast disk takes
 * less time than the way to another thread and back; a large one, or any on a slow disk, would hold up
 * everything else. The thread is started when it has paid for itself several times over.
 *
 * INVARIANT: one commit at a time is under way, here or there; commits happen in the order of their calls.
 */
import type { Write } from '../../ports/store.ts';
import { type CommitThread, startCommitThread, writeTexts } from './beside-store.ts';
import type { Committed, CommittingConnection } from './commit-store.ts';
import type { Connection } from './open-store.ts';
import type { ThreadSettings } from './serve-store.ts';

/** A flush that takes longer than this counts as slow. */
const slowFlushMs = 2;
/** The weight of the newest flush in what is expected of the next. */
const newestShare = 0.2;
/** How many entries make a commit large; fewer when the one before was, so that two connections do not take turns. */
const entriesFrom = 24;
const entriesFromAgain = 6;
/** How many commits must have been better off beside this thread before there is one. */
const worthStarting = 4;

/** A thread to commit in. */
export interface ThreadOptions {
  /** A module that calls `serveCommits`. */
  readonly script: URL;
  /** Has every commit happen there, from the first one on. */
  readonly isAlways?: boolean;
}

/** Commits here or there. */
export interface CommitRoute {
  /** From how many writes on a commit goes to the thread; undefined when there is none yet. */
  readonly besideFrom: number | undefined;
  commit(writes: readonly Write[]): Promise<Committed>;
  /** Does `work` on this thread when no commit is under way. */
  inTurn<T>(work: () => T): Promise<T>;
  close(): Promise<void>;
}

function countEntries(writes: readonly Write[]): number {
  let count = 0;
  for (const { entries } of writes) count += entries.length;
  return count;
}

/** Returns where commits of `connection` happen; all of them here when there are no `options` for a thread. */
export async function createRoute(
  connection: Connection,
  commits: CommittingConnection,
  settings: ThreadSettings,
  options: ThreadOptions | undefined,
): Promise<CommitRoute> {
  const isAlways = options?.isAlways === true;
  let thread = isAlways ? startCommitThread(options.script, settings) : undefined;
  await thread?.ready;
  let last: Promise<unknown> | undefined;
  let flushMs = 0;
  let largeCount = 0;
  let wasBeside = false;

  const noteFlush = (took: number): void => {
    flushMs += (took - flushMs) * newestShare;
  };
  const leastEntries = (): number => {
    if (isAlways || flushMs > slowFlushMs) return 0;
    return wasBeside ? entriesFromAgain : entriesFrom;
  };
  const isLarge = (writes: readonly Write[]): boolean => countEntries(writes) >= leastEntries();

  const commitHere = (writes: readonly Write[]): Committed => {
    wasBeside = false;
    const committed = commits.commit(writes);
    noteFlush(connection.flushMs());
    return committed;
  };

  const commitBeside = async (
    beside: CommitThread,
    texts: readonly string[],
  ): Promise<Committed> => {
    wasBeside = true;
    const committed = await beside.commit(texts);
    noteFlush(committed.flushMs);
    return committed;
  };

  const commitInTurn = async (writes: readonly Write[]): Promise<Committed> => {
    if (!isLarge(writes)) return commitHere(writes);
    largeCount += 1;
    if (options !== undefined && largeCount === worthStarting) {
      thread ??= startCommitThread(options.script, settings);
    }
    const texts = thread?.isReady === true ? writeTexts(writes) : undefined;
    if (thread === undefined || texts === undefined) return commitHere(writes);
    return commitBeside(thread, texts);
  };

  /** Does `work` after everything before it: at once where nothing is under way. */
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const own = last === undefined ? work() : last.then(work, work);
    last = own;
    const forget = (): void => {
      if (last === own) last = undefined;
    };
    own.then(forget, forget);
    return own;
  };

  return {
    get besideFrom() {
      return thread?.isReady === true ? Math.max(1, leastEntries() / 2) : undefined;
    },
    commit: (writes) => inTurn(() => commitInTurn(writes)),
    inTurn: (work) => inTurn(async () => work()),
    close: () => inTurn(async () => thread?.close()),
  };
}
