/** Letting somebody else decide in one's place, for a time. What the delegate may not do alone, they may not so either. */

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
