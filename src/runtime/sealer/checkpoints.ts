/**
 * Signs how the ledger looks, and proves single entries against what was signed. Roots come from the
 * stored tree and not from the entries: whoever changed an entry does not get it signed.
 */
import { Failure } from '../../core/failure/index.ts';
import {
  checkpointText,
  createMerkleTree,
  formatProofFile,
  type Hasher,
  inclusionProof,
  resumeTiles,
  signNote,
  tileHashReader,
  type TileId,
} from '../../core/ledger/index.ts';
import type { Clock } from '../../ports/clock.ts';
import type { LedgerSigner } from '../../ports/signer.ts';
import type { CheckpointRecord, Store } from '../../ports/store.ts';

/** What signing and verifying a ledger needs. */
export interface LedgerParts {
  readonly store: Store;
  readonly hasher: Hasher;
  readonly signer: LedgerSigner;
  readonly clock: Pick<Clock, 'now'>;
}

async function newestCheckpoint({ store }: LedgerParts): Promise<CheckpointRecord | undefined> {
  const all = await store.checkpoints();
  return all.at(-1);
}

/** Signs a checkpoint over all entries and stores it; gives the newest one when nothing was added since. */
export async function makeCheckpoint(parts: LedgerParts): Promise<CheckpointRecord> {
  const { store, hasher, signer, clock } = parts;
  const { lastSeq: size } = await store.commit([]);
  const newest = await newestCheckpoint(parts);
  if (newest?.size === size) return newest;
  const start = await resumeTiles(hasher, (tile) => store.treeTile(tile), size);
  const root = createMerkleTree(hasher, start).root();
  const text = checkpointText({ origin: signer.name, size, root });
  const note = await signNote(hasher, text, [signer]);
  const checkpoint = { size, at: clock.now(), note };
  await store.addCheckpoint(checkpoint);
  return checkpoint;
}

/** Returns the proof file of the entry `seq`, under a checkpoint that covers it. */
export async function proveEntry(parts: LedgerParts, seq: number): Promise<string> {
  const { store, hasher } = parts;
  const { lastSeq } = await store.commit([]);
  if (seq > lastSeq) {
    throw new Failure('ledger.entry-not-found', `the ledger has no entry \`${seq}\``);
  }
  const newest = await newestCheckpoint(parts);
  const { size, note } =
    newest !== undefined && newest.size >= seq ? newest : await makeCheckpoint(parts);
  const read = tileHashReader(hasher, (tile: TileId) => store.treeTile(tile), size);
  const proof = await inclusionProof(hasher, read, seq - 1, size);
  return formatProofFile({ index: seq - 1, proof, checkpoint: note });
}
