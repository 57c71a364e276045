/**
 * How long sessions last and what they are bound to: short by default, and ended by another browser, as a
 * copied cookie usually is in one.
 */

/** How long sessions last and what they are bound to. */
export interface SessionRules {
  /** Without a request for so long, it ends. */
  readonly idleMs: number;
  /** After so long it ends in any case. */
  readonly totalMs: number;
  /** What must stay the same: nothing, the family of the browser, that and the network. */
  readonly binding: 'none' | 'browser' | 'browser-and-network';
  /** How long one that was exchanged may still arrive without meaning theft: requests under way. */
  readonly overlapMs: number;
}

/** What is usual. */
export const usualSessionRules: SessionRules = {
  idleMs: 30 * 60_000,
  totalMs: 12 * 3_600_000,
  binding: 'browser',
  overlapMs: 5_000,
};
