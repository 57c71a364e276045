/** The front door of core/ledger: what makes entries, trees and proofs, and what verifies them. */
export { type Checkpoint, checkpointText } from './checkpoint.ts';
export { type ConsistencyFile, formatConsistencyFile } from './consistency-file.ts';
export { consistencyProof } from './consistency-proof.ts';
export { encodeBase64, encodeUtf8 } from './encode-text.ts';
export { type Commitment, encodeHeader, type EntryHeader, isGroupName } from './entry-header.ts';
export {
  type ExportedEntry,
  exportedLine,
  type ExportStatement,
  statementLine,
} from './export-lines.ts';
export { commitGroup, payloadGroup, saltSize } from './field-group.ts';
export { type HashReader, partsOf } from './hash-reader.ts';
export { inclusionProof } from './inclusion-proof.ts';
export { rotationType, signRotation } from './key-rotation.ts';
export {
  createMerkleTree,
  emptyRoot,
  leafHash,
  type MerkleTree,
  nodeHash,
  type TreeStart,
} from './merkle-tree.ts';
export { type Hasher, hashSize, type SignatureVerifier, type Signer } from './primitives.ts';
export { formatReceipt, type ReceiptParts } from './receipt.ts';
export {
  cosignCheckpoint,
  formatVerifierKey,
  isKeyName,
  keyId,
  signatureTypes,
  signNote,
} from './signed-note.ts';
export {
  createTileWriter,
  partialTiles,
  type ReadTile,
  resumeTiles,
  resumeTilesFrom,
  type Tile,
  type TileId,
  tileHashReader,
  tileOf,
  tilePath,
  type TileStart,
  tileWidth,
  type TileWriter,
} from './tiles.ts';
export { formatProofFile, type ProofFile } from './tlog-proof.ts';
export type { StoredEntry, StoredGroup } from './verification/check-entry.ts';
export {
  hashLeaf,
  type TreeHead,
  verifyConsistency,
  verifyInclusion,
} from './verification/check-proofs.ts';
export type { RotationClaim } from './verification/follow-rotations.ts';
export {
  type OpenedCheckpoint,
  openCheckpoint,
  openTrusted,
  parseCheckpoint,
  resolveTrust,
  type TrustedKeys,
} from './verification/open-checkpoint.ts';
export {
  type NoteChecks,
  type OpenedNote,
  openNote,
  parseVerifierKey,
  type VerifiedSignature,
  type VerifierKey,
} from './verification/open-note.ts';
export {
  type ParsedConsistencyFile,
  parseConsistencyFile,
} from './verification/read-consistency-file.ts';
export {
  joinBundles,
  type PublishedLog,
  readHeaderBundle,
  readPayloadBundle,
  readPublishedLog,
} from './verification/read-published.ts';
export { readBase64, readUtf8 } from './verification/read-text.ts';
export { type HeaderFields, readHeader } from './verification/scan-header.ts';
export {
  ExportChecker,
  type ExportTrust,
  type ExportVerdict,
  isRotation,
  type LineVerdict,
  readRotationNote,
  type VerifiedStatement,
  verifyExport,
} from './verification/verify-export.ts';
export {
  type ClaimedCheckpoint,
  type LedgerClaims,
  type LedgerStanding,
  type LedgerVerdict,
  verifyLedger,
} from './verification/verify-ledger.ts';
export {
  type ParsedProofFile,
  parseProofFile,
  type ProofVerdict,
  verifyProofFile,
} from './verification/verify-proof-file.ts';
export { type ParsedReceipt, parseReceipt, verifyReceipt } from './verification/verify-receipt.ts';
