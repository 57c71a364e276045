/**
 * Verifies the ledger of a store: its entries, its tree and its checkpoints by the verifier of
 * core/ledger, and that the columns people search by say what the sealed headers say.
 */
import {
  type LedgerVerdict,
  openTrusted,
  parseCheckpoint,
  readHeader,
  resolveTrust,
  type StoredEntry,
  verifyLedger,
} from '../../core/ledger/index.ts';
import type { LedgerSigner } from '../../ports/signer.ts';
import type { CheckpointRecord, SealedEntry, Store } from '../../ports/store.ts';
import { type LedgerParts, rotationClaims, storedEntry, verifierKeyOf } from './ledger-parts.ts';
import { ErasureRecords, erasureTypes } from './recorded-erasures.ts';

type Broken = Extract<LedgerVerdict, { readonly verdict: 'broken' }>;

/** What verifying needs of `LedgerParts`: nothing that signs. */
export type VerifiedParts = Pick<LedgerParts, 'store' | 'hasher'> & {
  readonly signer: Omit<LedgerSigner, 'sign'>;
};

/** What a ledger is verified against beside its own checkpoints. */
export interface VerifyRequest {
  /** Signed checkpoints that were kept elsewhere. */
  readonly notes?: readonly string[];
  /** Verifier keys to trust instead of the data folder's own. */
  readonly verifierKeys?: readonly string[];
}

const pageSize = 1_000;

function columnTrouble(entry: SealedEntry): string | undefined {
  const header = readHeader(entry.header);
  // The verifier says what is wrong with such a header.
  if (header === undefined) return undefined;
  for (const name of ['seq', 'tenant', 'at', 'stream', 'type', 'actor'] as const) {
    if (entry[name] !== header[name]) return `has another ${name} than its header says`;
  }
  return undefined;
}

/** Reads the entries page by page and compares their columns with their headers on the way. */
class EntryPages {
  /** The first entry whose columns say something else than its header. */
  trouble: Broken | undefined;
  readonly erasures = new ErasureRecords();
  private readonly store: Store;

  constructor(store: Store) {
    this.store = store;
  }

  async *read(): AsyncGenerator<StoredEntry> {
    let last = 0;
    let place = 0;
    for (;;) {
      const page = await this.store.sealedEntries(last, pageSize);
      for (const entry of page) {
        place += 1;
        this.compare(entry, place);
        if (erasureTypes.has(entry.type)) this.noteRecord(entry);
        yield storedEntry(entry);
      }
      if (page.length < pageSize) return;
      last = page.at(-1)!.seq;
    }
  }

  private noteRecord({ payload }: SealedEntry): void {
    try {
      this.erasures.noteRecord(new TextDecoder().decode(payload));
    } catch {
      // Not what was sealed: the verifier says so of the entry itself.
    }
  }

  private compare(entry: SealedEntry, seq: number): void {
    if (this.trouble !== undefined) return;
    const trouble = columnTrouble(entry);
    if (trouble === undefined) return;
    this.trouble = { verdict: 'broken', seq, lastSeq: seq, reason: `entry ${seq} ${trouble}` };
  }
}

function misfiledCheckpoint(records: readonly CheckpointRecord[]): Broken | undefined {
  for (const [index, { size, note }] of records.entries()) {
    const said = parseCheckpoint(note.slice(0, note.lastIndexOf('\n\n') + 1));
    // The verifier says what is wrong with such a note.
    if (said === undefined || said.size === size) continue;
    const reason = `checkpoint ${index + 1} is filed under ${size} entries and signed for ${said.size}`;
    return { verdict: 'broken', seq: 1, lastSeq: Math.max(1, said.size), reason };
  }
  return undefined;
}

/** Returns those of `notes` that a key of this ledger signed; the others say nothing about it. */
export async function notesOfLedger(
  parts: VerifiedParts,
  notes: readonly string[],
  verifierKeys?: readonly string[],
): Promise<readonly string[]> {
  const checks = { hasher: parts.hasher, verifier: parts.signer };
  const log = verifierKeys ?? [verifierKeyOf(parts, parts.signer)];
  const trust = await resolveTrust(checks, { log, rotations: await rotationClaims(parts) });
  if ('reason' in trust) return [];
  const opened = await Promise.all(notes.map((note) => openTrusted(checks, note, trust)));
  return notes.filter((_, at) => !('reason' in opened[at]!));
}

/** Returns the verdict on the ledger of the store. */
export async function verifyStore(
  parts: VerifiedParts,
  { notes = [], verifierKeys }: VerifyRequest = {},
): Promise<LedgerVerdict> {
  const { store, hasher, signer } = parts;
  const records = await store.checkpoints();
  // Read only when it is needed: a ledger whose key is lost verifies with one that was kept.
  const log = verifierKeys ?? [verifierKeyOf(parts, signer)];
  const pages = new EntryPages(store);
  const verdict = await verifyLedger({ hasher, verifier: signer }, pages.read(), {
    checkpoints: [...records.map(({ note }) => note), ...notes].map((note) => ({ note })),
    trusted: { log, rotations: await rotationClaims(parts) },
    readTile: (tile) => store.treeTile(tile),
    // A process that was killed leaves entries that its next checkpoint would have covered.
    allowsUnsealed: true,
    onErased: (seq, group) => pages.erasures.noteGone(seq, group),
  });
  const { trouble } = pages;
  if (verdict.verdict === 'broken') {
    return trouble !== undefined && trouble.seq < verdict.seq ? trouble : verdict;
  }
  return trouble ?? misfiledCheckpoint(records) ?? unrecordedErasure(pages) ?? verdict;
}

function unrecordedErasure({ erasures }: EntryPages): Broken | undefined {
  const found = erasures.unrecorded();
  if (found === undefined) return undefined;
  const { seq, group } = found;
  const reason = `entry ${seq} has lost its group \`${group}\`, and no entry records that it was erased`;
  return { verdict: 'broken', seq, lastSeq: seq, reason };
}
