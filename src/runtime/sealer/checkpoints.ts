/**
 * Signs how the ledger looks, and proves single entries against what was signed. Roots come from the
 * stored tree and not from the entries: whoever changed an entry does not get it signed.
 */
import { Failure } from '../../core/failure/index.ts';
import {
  checkpointText,
  consistencyProof,
  createMerkleTree,
  formatConsistencyFile,
  formatProofFile,
  type HashReader,
  inclusionProof,
  parseCheckpoint,
  resumeTiles,
  signNote,
  tileHashReader,
  type TileId,
} from '../../core/ledger/index.ts';
import type { CheckpointRecord } from '../../ports/store.ts';
import { currentSigner, type LedgerParts } from './ledger-parts.ts';

/** Returns the checkpoint that was made last. */
export async function newestCheckpoint({
  store,
}: LedgerParts): Promise<CheckpointRecord | undefined> {
  const all = await store.checkpoints();
  return all.at(-1);
}

/** Signs a checkpoint over all entries and stores it; gives the newest one when nothing was added since. */
export async function makeCheckpoint(parts: LedgerParts): Promise<CheckpointRecord> {
  const { store, hasher, clock } = parts;
  const { lastSeq: size } = await store.commit([]);
  // After the size, so that no key signs what holds the change to the next.
  const signer = await currentSigner(parts);
  const newest = await newestCheckpoint(parts);
  if (newest?.size === size) return newest;
  const root = await rootAt(parts, size);
  const text = checkpointText({ origin: signer.name, size, root });
  const note = await signNote(hasher, text, [signer]);
  const checkpoint = { size, at: clock.now(), note };
  await store.addCheckpoint(checkpoint);
  return checkpoint;
}

/** Returns a checkpoint that covers the entry `seq`; throws `ledger.entry-not-found`. */
export async function checkpointOver(parts: LedgerParts, seq: number): Promise<CheckpointRecord> {
  const { lastSeq } = await parts.store.commit([]);
  if (seq > lastSeq || seq < 1) {
    throw new Failure('ledger.entry-not-found', `the ledger has no entry \`${seq}\``);
  }
  const newest = await newestCheckpoint(parts);
  return newest !== undefined && newest.size >= seq ? newest : makeCheckpoint(parts);
}

/** Returns a reader of the stored tree of `size` entries. */
export function treeReader({ store, hasher }: LedgerParts, size: number): HashReader {
  return tileHashReader(hasher, (tile: TileId) => store.treeTile(tile), size);
}

/** Returns the proof file of the entry `seq`, under a checkpoint that covers it. */
export async function proveEntry(parts: LedgerParts, seq: number): Promise<string> {
  const { size, note } = await checkpointOver(parts, seq);
  const proof = await inclusionProof(parts.hasher, treeReader(parts, size), seq - 1, size);
  return formatProofFile({ index: seq - 1, proof, checkpoint: note });
}

/** Returns the root of the tree over the first `size` entries. */
export async function rootAt(parts: LedgerParts, size: number): Promise<Uint8Array> {
  const { store, hasher } = parts;
  const start = await resumeTiles(hasher, (tile) => store.treeTile(tile), size);
  return createMerkleTree(hasher, start).root();
}

/** Returns a file that shows that the ledger grew from the checkpoint `note` to the newest one. */
export async function proveGrowth(parts: LedgerParts, note: string): Promise<string> {
  const earlier = parseCheckpoint(note.slice(0, note.lastIndexOf('\n\n') + 1));
  const { size, note: newest } = await makeCheckpoint(parts);
  if (earlier === undefined || earlier.origin !== parts.signer.name) {
    throw new Failure('ledger.checkpoint-refused', 'the text is no checkpoint of this ledger');
  }
  if (earlier.size > size) {
    const reason = `the checkpoint has ${earlier.size} entries and the ledger ${size}`;
    throw new Failure('ledger.fork-found', reason);
  }
  const root = await rootAt(parts, earlier.size);
  if (!root.every((byte, at) => byte === earlier.root[at])) {
    const reason = `the ledger did not grow from the checkpoint of ${earlier.size} entries`;
    throw new Failure('ledger.fork-found', reason);
  }
  const read = treeReader(parts, size);
  const proof = await consistencyProof(parts.hasher, read, earlier.size, size);
  return formatConsistencyFile({ from: earlier.size, proof, checkpoint: newest });
}
