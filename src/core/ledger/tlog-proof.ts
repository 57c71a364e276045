/**
 * Makes proof files (`c2sp.org/tlog-proof@v1`): one text that shows, to whoever has the log's public
 * key and nothing else, that an entry is in the ledger. Evidence packs and receipts carry them.
 */
import { assert } from '../failure/index.ts';
import { encodeBase64 } from './encode-text.ts';
import { hashSize } from './primitives.ts';

/** What a proof file holds. */
export interface ProofFile {
  /** Index of the leaf: the entry's `seq` less one. */
  readonly index: number;
  readonly proof: readonly Uint8Array[];
  /** The signed checkpoint the proof leads to. */
  readonly checkpoint: string;
  /** Anything; nothing vouches for it. */
  readonly extra?: Uint8Array;
}

/** Returns the text of a proof file. */
export function formatProofFile({ index, proof, checkpoint, extra }: ProofFile): string {
  assert(Number.isSafeInteger(index) && index >= 0, 'a proof is of a leaf');
  assert(
    proof.every((hash) => hash.length === hashSize),
    'a proof holds hashes',
  );
  const lines = [
    'c2sp.org/tlog-proof@v1',
    ...(extra === undefined ? [] : [`extra ${encodeBase64(extra)}`]),
    `index ${index}`,
    ...proof.map(encodeBase64),
  ];
  return `${lines.join('\n')}\n\n${checkpoint}`;
}
