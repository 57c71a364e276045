/**
 * Counts attempts that failed and makes whoever guesses wait longer and longer. Kept in memory: a process
 * that starts anew has forgotten them.
 *
 * INVARIANT: a guess has failed before the next one of the same source is looked at; every wait has an
 * upper bound, so that nobody locks somebody else out for ever.
 */
import { createTurns } from './turns.ts';

interface Failed {
  count: number;
  until: number;
  at: number;
}

/** How many are free, and how the wait grows after them. */
export interface AttemptRules {
  readonly free: number;
  readonly firstMs: number;
  readonly maxMs: number;
}

/** Attempts that failed, by where they came from or whom they were about. */
export interface Attempts {
  /** Returns how long `source` has to wait; 0 when it may try. */
  waitMs(source: string): number;
  failed(source: string): void;
  succeeded(source: string): void;
}

const forgottenMs = 30 * 60_000;
const sourcesMax = 20_000;

/** Returns what counts attempts; `now` gives milliseconds that only grow. */
export function createAttempts(rules: AttemptRules, now: () => number): Attempts {
  const sources = new Map<string, Failed>();
  return {
    waitMs: (source) => Math.max(0, (sources.get(source)?.until ?? 0) - now()),
    failed(source) {
      const at = now();
      const known = sources.get(source);
      const isFresh = known !== undefined && at - known.at < forgottenMs;
      const count = (isFresh ? known.count : 0) + 1;
      const over = count - rules.free;
      const wait = Math.min(rules.maxMs, rules.firstMs * 2 ** Math.min(over, 20));
      if (sources.size >= sourcesMax) sources.delete(sources.keys().next().value as string);
      sources.delete(source);
      sources.set(source, { count, until: over < 0 ? 0 : at + wait, at });
    },
    succeeded: (source) => void sources.delete(source),
  };
}

/** Slows down whoever guesses passwords and codes. */
export interface GuessGuard {
  /** Returns how long somebody at `address` has to wait before trying for `account`. */
  waitMs(address: string, account: string): number;
  failed(address: string, account: string): void;
  succeeded(address: string, account: string): void;
  /** Runs `act` when no other attempt of the address or for the account is under way. */
  inTurn<T>(address: string, account: string, act: () => Promise<T>): Promise<T>;
}

const knownMax = 50_000;

/**
 * Returns what slows guessing down: by address and account together, by address, and by account over all
 * addresses. The last one waits a minute at most and not at all where the account has signed in from
 * before, so that strangers cannot keep its owner out.
 */
export function createGuessGuard(
  networkOf: (address: string) => string,
  now: () => number,
): GuessGuard {
  const pairs = createAttempts({ free: 6, firstMs: 15_000, maxMs: 30 * 60_000 }, now);
  const addresses = createAttempts({ free: 15, firstMs: 5_000, maxMs: 60_000 }, now);
  const accounts = createAttempts({ free: 30, firstMs: 5_000, maxMs: 60_000 }, now);
  const known = new Set<string>();
  const turns = createTurns();
  const pairOf = (address: string, account: string): string => `${networkOf(address)} ${account}`;
  return {
    waitMs(address, account) {
      const pair = pairOf(address, account);
      return Math.max(
        pairs.waitMs(pair),
        addresses.waitMs(networkOf(address)),
        known.has(pair) ? 0 : accounts.waitMs(account),
      );
    },
    failed(address, account) {
      pairs.failed(pairOf(address, account));
      addresses.failed(networkOf(address));
      if (account !== '') accounts.failed(account);
    },
    succeeded(address, account) {
      const pair = pairOf(address, account);
      pairs.succeeded(pair);
      if (known.size >= knownMax) known.delete(known.values().next().value as string);
      known.add(pair);
    },
    // Of many guesses at once all would be looked at before the first has counted. The address comes
    // first everywhere, so that no two wait for each other.
    inTurn: (address, account, act) =>
      turns(`address ${networkOf(address)}`, () =>
        account === '' ? act() : turns(`account ${account}`, act),
      ),
  };
}
