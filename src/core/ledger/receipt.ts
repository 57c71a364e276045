/**
 * Receipts: one text that shows that something is in the ledger, with all that is needed beside a key
 * one trusts. It is a proof file whose `extra` line carries the entry's header, the log's keys and the
 * changes between them; tools that know only proof files read it too.
 */
import { encodeUtf8 } from './encode-text.ts';
import { formatProofFile, type ProofFile } from './tlog-proof.ts';
import type { RotationClaim } from './verification/follow-rotations.ts';
import { readUtf8 } from './verification/read-text.ts';

/** What a receipt holds beside the proof. */
export interface ReceiptParts extends Omit<ProofFile, 'extra'> {
  readonly header: Uint8Array;
  /** The key that signed the checkpoint. */
  readonly verifierKey: string;
  readonly rotations: readonly RotationClaim[];
}

/** Returns the text of a receipt. */
export function formatReceipt({ header, verifierKey, rotations, ...proof }: ReceiptParts): string {
  const extra = {
    form: 'sluice/receipt/v1',
    header: readUtf8(header),
    key: verifierKey,
    rotations: rotations.map(({ seq, note }) => ({ seq, note })),
  };
  return formatProofFile({ ...proof, extra: encodeUtf8(JSON.stringify(extra)) });
}
