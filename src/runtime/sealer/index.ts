/** The front door of runtime/sealer: checkpoints over the ledger, proofs of entries, its key, its verification. */
export { makeCheckpoint, proveEntry } from './checkpoints.ts';
export type { LedgerParts } from './ledger-parts.ts';
export { rotateKey, type Rotated, settleRotation } from './rotate-key.ts';
export { type VerifyRequest, verifyStore } from './verify-store.ts';
