/**
 * Turns between task runs of this process: two queries at once leave room in the four threads that
 * Node has for files and look-ups, and one query at a time uses a database file that flows name.
 */

interface Waiting {
  readonly start: () => void;
}

const running = new Map<string, { count: number; readonly waiting: Waiting[] }>();

/** Waits for one of `limit` places at `name`; gives the function that leaves it. Throws when ended meanwhile. */
export async function takeTurn(
  name: string,
  limit: number,
  signal: AbortSignal,
): Promise<() => void> {
  signal.throwIfAborted();
  const place = running.get(name) ?? { count: 0, waiting: [] };
  running.set(name, place);
  if (place.count < limit) place.count += 1;
  else await waitForPlace(place.waiting, signal);
  let hasLeft = false;
  return () => {
    if (hasLeft) return;
    hasLeft = true;
    // The place is handed on, so that nobody who comes just now gets ahead of those who wait.
    const next = place.waiting.shift();
    if (next !== undefined) next.start();
    else {
      place.count -= 1;
      if (place.count === 0) running.delete(name);
    }
  };
}

async function waitForPlace(waiting: Waiting[], signal: AbortSignal): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const entry: Waiting = { start: resolve };
  const giveUp = () => {
    const at = waiting.indexOf(entry);
    if (at < 0) return;
    waiting.splice(at, 1);
    reject(signal.reason as Error);
  };
  waiting.push(entry);
  signal.addEventListener('abort', giveUp, { once: true });
  try {
    await promise;
  } finally {
    signal.removeEventListener('abort', giveUp);
  }
}
