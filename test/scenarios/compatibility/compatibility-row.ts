/**
 * One point of the language and how it stands: the shape of the tables in this folder.
 * INVARIANT: what is covered names the file that proves it; what is not says why.
 */

/** One property or rule of the language. */
export interface CompatibilityRow {
  /** Stable; a proof cites it in square brackets: `[retry.exponential]`. */
  readonly id: string;
  /** The heading it stands under. */
  readonly area: string;
  /** What the language says, in one sentence. */
  readonly what: string;
  readonly status: 'covered' | 'not-yet' | 'different';
  /** Why it is missing or different, and what happens instead. */
  readonly reason?: string;
  /** The test or example that proves it, from the root of the repository; it cites the id. */
  readonly proof?: string;
}
