/**
 * Makes files of consistency: one text that shows a witness, who kept the smaller checkpoint, that the
 * ledger only grew from it to the larger checkpoint at its end. The form follows that of proof files.
 */
import { assert } from '../failure/index.ts';
import { encodeBase64 } from './encode-text.ts';
import { hashSize } from './primitives.ts';

/** What a file of consistency holds. */
export interface ConsistencyFile {
  /** Entries of the smaller tree. */
  readonly from: number;
  readonly proof: readonly Uint8Array[];
  /** The signed checkpoint the proof leads to. */
  readonly checkpoint: string;
}

/** Returns the text of a file of consistency. */
export function formatConsistencyFile({ from, proof, checkpoint }: ConsistencyFile): string {
  assert(Number.isSafeInteger(from) && from >= 0, 'a tree has a size');
  assert(
    proof.every((hash) => hash.length === hashSize),
    'a proof holds hashes',
  );
  const lines = ['sluice/consistency-proof/v1', `from ${from}`, ...proof.map(encodeBase64)];
  return `${lines.join('\n')}\n\n${checkpoint}`;
}
