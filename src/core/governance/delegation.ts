/**
 * Letting somebody else decide in one's place, for a time. What the delegate may not do alone, they may
 * not so either, and whoever stands behind a delegation stands behind what is done with it.
 */

/** Somebody lets another decide approvals in their place. */
export interface Delegation {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly reason: string;
  readonly since: number;
  /** Epoch milliseconds; a delegation without an end does not exist. */
  readonly until: number;
}

const longestMs = 90 * 24 * 3_600_000;

/** Returns why a delegation cannot be given, in a sentence; undefined when it can. */
export function delegationTrouble(
  given: Pick<Delegation, 'from' | 'to' | 'until'>,
  now: number,
): string | undefined {
  if (given.from === given.to) return 'nobody delegates to themselves';
  if (!(given.until > now)) return 'the end of the delegation is in the past';
  if (given.until - now > longestMs) return 'a delegation lasts at most 90 days';
  return undefined;
}

/** Tells whether `delegation` is in force at `now`. */
export function isInForce({ since, until }: Delegation, now: number): boolean {
  return since <= now && now < until;
}

/**
 * Returns everybody from whom `to` had a delegation between `since` and `now`, over any number of hands,
 * sorted. A right is lent once and not passed on; but whoever lent to somebody who lent further stands
 * behind it, and ending a delegation a moment before does not make it as if it had never been.
 */
export function lendersOf(
  delegations: readonly Delegation[],
  to: string,
  since: number,
  now: number,
): readonly string[] {
  const found = new Set<string>();
  const open = [to];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    for (const one of delegations) {
      const wasInForce = one.since <= now && one.until > Math.max(one.since, since);
      if (one.to !== at || !wasInForce || one.from === to || found.has(one.from)) continue;
      found.add(one.from);
      open.push(one.from);
    }
  }
  return [...found].toSorted();
}
