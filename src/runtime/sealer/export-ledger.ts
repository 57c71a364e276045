/**
 * Exports a part of the ledger: the signed statement, then each entry with its proof, page by page, in
 * memory that does not grow with the part.
 */
import { Failure } from '../../core/failure/index.ts';
import {
  type ExportedEntry,
  exportedLine,
  formatReceipt,
  type HashReader,
  inclusionProof,
  statementLine,
} from '../../core/ledger/index.ts';
import type { SealedEntry } from '../../ports/store.ts';
import { checkpointOver, makeCheckpoint, treeReader } from './checkpoints.ts';
import { withCosignatures } from './cosignatures.ts';
import {
  currentSigner,
  type LedgerParts,
  rotationClaims,
  rotationEntries,
  storedEntry,
  verifierKeyOf,
} from './ledger-parts.ts';

/** Which part to export; bounds are included. */
export interface ExportRequest {
  readonly from?: number;
  readonly to?: number;
  /** Only entries of this stream. */
  readonly stream?: string;
  /** Only entries of this tenant. */
  readonly tenant?: string;
}

/** A part of the ledger as lines. */
export interface LedgerExport {
  readonly count: number;
  /** The log's key, as the export names it. */
  readonly verifierKey: string;
  /** Lines with their newlines; the statement first. */
  readonly lines: AsyncIterable<string>;
}

/** As many entries as a tile has leaves: their proofs share nearly all hashes. */
const pageSize = 256;

/** Returns a reader of the tree that computes each hash once; for the proofs of one page. */
function pageReader(parts: LedgerParts, size: number): HashReader {
  const read = treeReader(parts, size);
  const known = new Map<string, Promise<Uint8Array>>();
  return (height, index) => {
    const name = `${height}/${index}`;
    let hash = known.get(name);
    if (hash === undefined) {
      hash = Promise.resolve(read(height, index));
      known.set(name, hash);
    }
    return hash;
  };
}

/** Returns the entries of the part, page by page. */
async function* pagesOf(
  { store }: LedgerParts,
  { from, to, stream, tenant }: ExportRequest & { readonly from: number; readonly to: number },
): AsyncGenerator<readonly SealedEntry[]> {
  for (let last = from - 1; last < to; ) {
    const page = await store.sealedEntries(last, Math.min(pageSize, to - last));
    if (page.length === 0) return;
    last = page.at(-1)!.seq;
    yield page.filter(
      (entry) =>
        (stream === undefined || entry.stream === stream) &&
        (tenant === undefined || entry.tenant === tenant),
    );
  }
}

async function exported(
  { hasher }: LedgerParts,
  read: HashReader,
  entry: SealedEntry,
  size: number,
): Promise<ExportedEntry> {
  const { headerBytes: header, groups } = storedEntry(entry);
  const proof = await inclusionProof(hasher, read, entry.seq - 1, size);
  return { seq: entry.seq, header, groups, proof };
}

/** Returns a part of the ledger under a checkpoint that covers all of it. */
export async function exportLedger(
  parts: LedgerParts,
  request: ExportRequest = {},
): Promise<LedgerExport> {
  const checkpoint = await makeCheckpoint(parts);
  const { size } = checkpoint;
  const from = request.from ?? 1;
  const to = Math.min(request.to ?? size, size);
  if (from > to + 1 || from > size) {
    throw new Failure('ledger.entry-not-found', `the ledger has no entry \`${from}\``);
  }
  const part = { ...request, from, to };
  let count = to - from + 1;
  if (request.stream !== undefined || request.tenant !== undefined) {
    count = 0;
    for await (const page of pagesOf(parts, part)) count += page.length;
  }
  const signer = await currentSigner(parts);
  const { note, witnesses } = await withCosignatures(parts, checkpoint);
  const verifierKey = verifierKeyOf(parts, signer);
  const rotations: ExportedEntry[] = [];
  for (const entry of await rotationEntries(parts)) {
    rotations.push(await exported(parts, pageReader(parts, size), entry, size));
  }
  const at = parts.clock.now();
  const statement = { ...part, count, at, checkpoint: note, verifierKey, witnesses, rotations };
  const first = await statementLine(parts.hasher, statement, signer);
  const lines = async function* (): AsyncGenerator<string> {
    yield first;
    for await (const page of pagesOf(parts, part)) {
      const read = pageReader(parts, size);
      for (const entry of page) yield exportedLine(await exported(parts, read, entry, size));
    }
  };
  return { count, verifierKey, lines: lines() };
}

/** Shows an entry to whoever has a key of the log, and nothing else. */
export interface Receipt {
  readonly seq: number;
  /** Entries of the checkpoint it is under. */
  readonly size: number;
  /** The log's key, as the receipt names it. */
  readonly verifierKey: string;
  /** A proof file (`c2sp.org/tlog-proof@v1`) that carries the header of the entry and the log's keys. */
  readonly text: string;
}

/** Returns the receipt of the entry `seq`. */
export async function receiptOf(parts: LedgerParts, seq: number): Promise<Receipt> {
  const checkpoint = await checkpointOver(parts, seq);
  const { size } = checkpoint;
  const [entry] = await parts.store.sealedEntries(seq - 1, 1);
  const { header, proof } = await exported(parts, treeReader(parts, size), entry!, size);
  const { note } = await withCosignatures(parts, checkpoint);
  const verifierKey = verifierKeyOf(parts, await currentSigner(parts));
  const rotations = await rotationClaims(parts);
  const text = formatReceipt({
    index: seq - 1,
    proof,
    checkpoint: note,
    header,
    verifierKey,
    rotations,
  });
  return { seq, size, verifierKey, text };
}
