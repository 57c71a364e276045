/** Signatures: the key of the ledger of a data folder, how it changes, and the check of anybody's signature. */
import type { SignatureVerifier, Signer } from '../core/ledger/index.ts';

/** Signs for the ledger of one data folder. */
export type LedgerSigner = Signer & SignatureVerifier;

/**
 * The keys of one ledger. The change is in two steps, so that the ledger records it in between: a crash
 * leaves either the key that was, or one that the ledger knows and that is kept beside it.
 */
export interface LedgerKeys extends LedgerSigner {
  /** Returns the key with this public half, as it is kept at this moment; undefined when it is not kept. */
  held(publicKey: Uint8Array): Signer | undefined;
  /** Makes the key that comes next, under the same name; throws `store.conflict` while another does. */
  prepare(): Signer;
  /** Puts the prepared key into the place of the one that signs, and destroys that one. */
  adopt(): void;
  /** Destroys the prepared key. */
  discard(): void;
  /** Returns the prepared key, if there is one. */
  prepared(): Signer | undefined;
}
