/**
 * Tells whether anything was written that decisions rest on: flows, their stages, policies, people. What
 * was looked up holds as long as the number stays, so that a decision costs no look into the store.
 *
 * INVARIANT: a write of this process moves the number before its writer hears that it is durable; one of
 * another process moves it no later than `freshMs` after.
 */
import type { Clock } from '../../ports/clock.ts';
import type { Store, Write } from '../../ports/store.ts';

/** Tells whether anything was written that decisions rest on. */
export interface WriteWatch {
  /** Returns a number that each such write moves; undefined when nobody has lately looked for those of other processes. */
  known(): number | undefined;
  /** Looks for writes of other processes unless somebody did lately, and returns the number. */
  look(): Promise<number>;
  /** Notes writes of this process that are durable. */
  wrote(writes: readonly Write[]): void;
}

/** How long nothing is taken to have been written by another process without looking. */
const freshMs = 250;

/** Returns a watch over `store` for the writes that `matters` names; what others write always counts. */
export function createWriteWatch(
  store: Pick<Store, 'changesElsewhere'>,
  clock: Pick<Clock, 'now'>,
  matters: (write: Write) => boolean,
): WriteWatch {
  let number = 0;
  let changes: number | undefined;
  let lookedAt = Number.NEGATIVE_INFINITY;
  let looking: Promise<void> | undefined;
  const isFresh = (): boolean => {
    const age = clock.now() - lookedAt;
    return age >= 0 && age < freshMs;
  };
  const lookElsewhere = async (): Promise<void> => {
    const at = clock.now();
    try {
      const found = await store.changesElsewhere();
      if (found !== changes) number += 1;
      changes = found;
      lookedAt = at;
    } finally {
      looking = undefined;
    }
  };
  return {
    known: () => (isFresh() ? number : undefined),
    async look() {
      if (!isFresh()) {
        looking ??= lookElsewhere();
        await looking;
      }
      return number;
    },
    wrote(writes) {
      if (writes.some(matters)) number += 1;
    },
  };
}
