/**
 * One capability that governed workflows of a shop need, and how it stands: the shape of the tables in
 * this folder.
 * INVARIANT: what is covered names the files that prove it; what is not, or not all, says what is missing.
 */

/** One capability. */
export interface CapabilityRow {
  /** Stable; a proof cites it in square brackets: `[G-059]`. */
  readonly id: string;
  /** The heading it stands under. */
  readonly area: string;
  /** What the system can do, in one sentence. */
  readonly what: string;
  readonly status: 'covered' | 'partly' | 'not-yet';
  /** What of it is not there. */
  readonly missing?: string;
  /** The tests that prove what is there, from the root of the repository; each cites the id. */
  readonly proofs?: readonly string[];
}
