/** The front door of runtime/erasure: erasing people, retention, legal holds, and the proof of each. */
export { certificateOf, type ErasureCertificate } from './certificate.ts';
export {
  type EraseOrder,
  eraseSubject,
  holdingsOf,
  resumeErasures,
  type SubjectHoldings,
} from './erase-subject.ts';
export type { ErasureParts } from './erasure-parts.ts';
export { countsOf, type ErasureCounts } from './erasure-record.ts';
export {
  type Hold,
  type HoldTarget,
  listHolds,
  releaseHold,
  setHold,
} from './holds.ts';
export {
  type Deletable,
  type DeletedLines,
  type DeletionParts,
  refuseDeletion,
  refuseLogDeletion,
} from './refuse-deletion.ts';
export { listRules, removeRule, type RetentionRule, setRule } from './retention-rules.ts';
export { type DueObject, type RetentionOutcome, runRetention } from './run-retention.ts';
