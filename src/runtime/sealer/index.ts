/** The front door of runtime/sealer: checkpoints over the ledger, proofs of entries, its key, its verification. */
export {
  makeCheckpoint,
  proveEntry,
  proveGrowth,
  rootAt,
} from './checkpoints.ts';
export {
  addCosignature,
  keptCosignatures,
  type KeptCosignature,
  withCosignatures,
  witnessKeyOf,
} from './cosignatures.ts';
export {
  exportLedger,
  type ExportRequest,
  type LedgerExport,
  type Receipt,
  receiptOf,
} from './export-ledger.ts';
export { type FittingSigner, fittingSigner } from './fitting-signer.ts';
export {
  currentSigner,
  holdsCurrentKey,
  type LedgerParts,
  ledgerTenant,
  rotationClaims,
  storedEntry,
  verifierKeyOf,
} from './ledger-parts.ts';
export { rotateKey, type Rotated, settleRotation } from './rotate-key.ts';
export { notesOfLedger, type VerifyRequest, verifyStore } from './verify-store.ts';
export { cosign, type Cosigned, type CosigningRequest, witnessKeyText } from './witness.ts';
export {
  erasedGroups,
  ErasureRecords,
  erasureRecordIn,
  erasureTypes,
} from './recorded-erasures.ts';
