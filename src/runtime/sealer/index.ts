/** The front door of runtime/sealer: checkpoints over the ledger, proofs of entries, its verification. */
export { type LedgerParts, makeCheckpoint, proveEntry } from './checkpoints.ts';
export { type FittingSigner, fittingSigner } from './fitting-signer.ts';
export { type VerifyRequest, verifyStore } from './verify-store.ts';
export { erasedGroups, ErasureRecords, erasureTypes } from './recorded-erasures.ts';
