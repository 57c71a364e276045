/** Signatures: the key of the ledger of a data folder, and the check of anybody's signature. */
import type { SignatureVerifier, Signer } from '../core/ledger/index.ts';

/** Signs for the ledger of one data folder. */
export type LedgerSigner = Signer & SignatureVerifier;
