/** Sealing: what turns an entry into bytes and hashes that nobody can change unseen. */
import type { Hasher } from '../core/ledger/index.ts';
import type { Entry } from './store.ts';

/** What is stored beside an entry so that the ledger can be verified. */
export interface Seal {
  /** The header as it was hashed; never made again. */
  readonly header: Uint8Array;
  /** The salt of the commitment to the payload. */
  readonly salt: Uint8Array;
  /** The salts of its other groups, in their order. */
  readonly groupSalts?: readonly Uint8Array[];
  /** Hash of the leaf of the tree that stands for the entry. */
  readonly leaf: Uint8Array;
}

/** Seals entries. */
export interface Sealer {
  readonly hasher: Hasher;
  /** Returns the seal of an entry in its place; two seals of one entry differ in their salts. */
  seal(entry: Entry): Seal;
}
