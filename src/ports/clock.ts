/** The time, and waiting for it. */

/** The time. */
export interface Clock {
  /** Epoch milliseconds. */
  now(): number;
  /** Milliseconds that only ever grow; for measuring. */
  elapsedMs(): number;
  /** Calls `wake` at or after `at`; gives a function that takes it back. */
  wakeAt(at: number, wake: () => void): () => void;
}
