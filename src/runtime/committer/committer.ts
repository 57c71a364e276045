/**
 * Group commit: everyone who wants something durable awaits it here, and what has gathered shares one
 * transaction and one flush. Nobody waits for a clock: a group is what came in the same turn of the
 * event loop, or while the commit before was under way. Where the store commits beside this thread, those
 * who were answered together are parted into two groups: one is prepared here while the other is written.
 *
 * INVARIANT: writes reach the store in the order in which they came; a write is answered only after
 * its transaction; a bad write fails its own caller and nobody else.
 */
import type { Store, Write } from '../../ports/store.ts';
import { isStoreTrouble } from './store-trouble.ts';

/** Makes writes durable, many at once. */
export interface Committer {
  /** Resolves when `write` is durable. */
  readonly commit: (write: Write) => Promise<void>;
  /** Resolves when nothing waits and no commit is under way. */
  readonly idle: () => Promise<void>;
}

interface Waiting {
  readonly write: Write;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** The most writes in one transaction: a bound on how long the event loop stands still. */
const groupMax = 1_000;

/** Returns a committer for `store`. */
export function createCommitter(store: Pick<Store, 'commit' | 'besideFrom'>): Committer {
  let waiting: Waiting[] = [];
  let isCommitting = false;
  /** Set while a group gathers until the end of this turn of the event loop. */
  let gathering: NodeJS.Immediate | undefined;
  /** How many writes were under way when the last group was answered. */
  let crowd = 0;
  let idlers: (() => void)[] = [];

  const commitOneByOne = async (group: readonly Waiting[]): Promise<void> => {
    for (const one of group) {
      await store.commit([one.write]).then(() => one.resolve(), one.reject);
    }
  };

  /** Commits `group` and gives how to answer it. */
  const commitGroup = async (group: readonly Waiting[]): Promise<() => void> => {
    try {
      await store.commit(group.map((one) => one.write));
    } catch (error) {
      // No write is to blame when the store itself fails. Behind a lock each single commit would wait as
      // long again, and after an error of the disk nobody knows whether the group is durable already.
      if (group.length > 1 && !isStoreTrouble(error)) {
        await commitOneByOne(group);
        return () => undefined;
      }
      return () => {
        for (const one of group) one.reject(error);
      };
    }
    return () => {
      for (const one of group) one.resolve();
    };
  };

  /** Tells whether half of those who write have gathered, and can be written while the others go on. */
  const isHalfThere = (): boolean => {
    const { besideFrom } = store;
    return besideFrom !== undefined && waiting.length >= Math.max(besideFrom, crowd / 2);
  };

  const begin = (): void => {
    clearImmediate(gathering);
    gathering = undefined;
    const group = waiting.slice(0, groupMax);
    waiting = waiting.slice(groupMax);
    isCommitting = true;
    void commitGroup(group).then((answer) => {
      isCommitting = false;
      crowd = group.length + waiting.length;
      // First the other half, so that it is written while this one goes on.
      if (isHalfThere()) begin();
      answer();
      // Whoever was just answered goes on before the next group closes.
      if (!isCommitting) gather();
    });
  };

  const gather = (): void => {
    gathering ??= setImmediate(() => {
      gathering = undefined;
      if (waiting.length > 0) begin();
      else for (const resolve of idlers.splice(0)) resolve();
    });
  };

  return {
    commit(write) {
      return new Promise((resolve, reject) => {
        waiting.push({ write, resolve, reject });
        if (isCommitting) return;
        if (isHalfThere()) begin();
        else gather();
      });
    },
    idle() {
      if (!isCommitting && gathering === undefined) return Promise.resolve();
      return new Promise((resolve) => {
        idlers.push(resolve);
      });
    },
  };
}
