/** Chance. */

/** Chance. */
export interface Random {
  /** Returns `count` random bytes fit for secrets. */
  bytes(count: number): Uint8Array;
  /** Returns an id of 22 letters and digits. */
  id(): string;
}
