/**
 * Work on one thing at a time: what looks first and writes then (a pair that must not exist, a file
 * whose content and record belong together) does so alone. Different things do not wait for each other.
 *
 * INVARIANT: of two calls for the same owner and name the second begins after the first has ended.
 */

const queues = new WeakMap<object, Map<string, Promise<unknown>>>();

/** Runs `work` when all earlier work for the same `owner` and `name` has ended, and gives its result. */
export async function inTurn<T>(owner: object, name: string, work: () => Promise<T>): Promise<T> {
  const names = queues.get(owner) ?? new Map<string, Promise<unknown>>();
  queues.set(owner, names);
  // The failure of the work before belongs to whoever asked for it.
  const before = names.get(name)?.catch(() => undefined) ?? Promise.resolve();
  const own = before.then(work);
  names.set(name, own);
  try {
    return await own;
  } finally {
    if (names.get(name) === own) names.delete(name);
  }
}
