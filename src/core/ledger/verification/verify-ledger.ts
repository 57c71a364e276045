/**
 * Verifies a ledger offline, in one pass over its entries: each entry against its commitments, the
 * tree over their headers against signed checkpoints, and against the stored tiles where there are.
 * Everything in this folder is written for the verifier alone: it shares the hash with the writer and
 * nothing else, so that a mistake there cannot hide here.
 *
 * INVARIANT: `valid` and `erased` are said only when a trusted signature covers every entry read.
 */
import { EntryChecker, type StoredEntry } from './check-entry.ts';
import { type TreeHead, verifyConsistency } from './check-proofs.ts';
import { GrowingTree, type Row, rowWidth } from './growing-tree.ts';
import { openTrusted, resolveTrust, type TrustedKeys } from './open-checkpoint.ts';
import type { NoteChecks } from './open-note.ts';
import { areEqual } from './read-text.ts';

/** A signed checkpoint of the ledger, however old. */
export interface ClaimedCheckpoint {
  readonly note: string | Uint8Array;
  /**
   * Consistency proof where the entries read do not reach it: from their end to this checkpoint, or
   * from this checkpoint to their start.
   */
  readonly proof?: readonly Uint8Array[];
}

/** What the entries are verified against. */
export interface LedgerClaims {
  /** At least one. An older one, kept elsewhere, shows truncation and rollback. */
  readonly checkpoints: readonly ClaimedCheckpoint[];
  readonly trusted: TrustedKeys;
  /** Where the entries begin when not at the first: how many come before, the roots of their parts. */
  readonly start?: { readonly size: number; readonly parts: readonly Uint8Array[] };
  /** Stored tiles; with them a changed entry is named exactly, and the tiles are verified too. */
  readonly readTile?: (tile: {
    readonly level: number;
    readonly index: number;
    readonly width: number;
  }) => Uint8Array | undefined | Promise<Uint8Array | undefined>;
  /** Whether entries may follow that no checkpoint covers yet; only their form is then verified. */
  readonly allowsUnsealed?: boolean;
  /** Hears of each erased group, so that erasures can be compared with the entries that record them. */
  readonly onErased?: (seq: number, group: string) => void;
}

/** What is true of the ledger as far as it was read. */
export interface LedgerStanding {
  /** Entries of the ledger up to the last one read. */
  readonly size: number;
  /** Root of the tree over them. */
  readonly root: Uint8Array;
  /** Entries at the end that no checkpoint covers. */
  readonly unsealedCount: number;
}

/** The verdict on a ledger. */
export type LedgerVerdict =
  | ({ readonly verdict: 'valid' } & LedgerStanding)
  | ({
      readonly verdict: 'erased';
      /** The first entry with an erased group, and how many groups are erased. */
      readonly firstSeq: number;
      readonly erasedCount: number;
    } & LedgerStanding)
  | {
      readonly verdict: 'broken';
      /** The first bad entry, or the first of those among which it is. */
      readonly seq: number;
      /** The last of those among which it is; the same as `seq` where it is known exactly. */
      readonly lastSeq: number;
      readonly reason: string;
    };

type Broken = Extract<LedgerVerdict, { readonly verdict: 'broken' }>;

const hashSize = 32;

function broken(seq: number, reason: string, lastSeq = seq): Broken {
  return { verdict: 'broken', seq, lastSeq: Math.max(seq, lastSeq), reason };
}

interface SizedCheckpoint extends TreeHead {
  readonly proof: readonly Uint8Array[] | undefined;
}

/** One pass over the entries. */
class LedgerPass {
  private readonly checks: NoteChecks;
  private readonly claims: LedgerClaims;
  private readonly startSize: number;
  private readonly checker: EntryChecker;
  private readonly tree: GrowingTree;
  /** In order of size. */
  private checkpoints: readonly SizedCheckpoint[] = [];
  private next = 0;
  /** Entries up to here are proven by a checkpoint; what comes before the first one read only so. */
  private provenSize = 0;
  private failedSize: number | undefined;
  private erasedCount = 0;
  private firstErased = 0;
  /** The tree at the start of the row that is open, for the tree that the tiles tell of. */
  private rowStart: GrowingTree;
  /** The first entry whose stored hash is another, and the tree over the stored hashes from there. */
  private differing: { readonly seq: number; readonly place: string } | undefined;
  private storedTree: GrowingTree | undefined;
  private storedProven = 0;
  private badTile: Broken | undefined;

  constructor(checks: NoteChecks, claims: LedgerClaims) {
    this.checks = checks;
    this.claims = claims;
    const { size, parts } = claims.start ?? { size: 0, parts: [] };
    this.startSize = size;
    this.checker = new EntryChecker(checks.hasher);
    this.tree = new GrowingTree(checks.hasher, size, parts, claims.readTile !== undefined);
    this.rowStart = this.tree.copy();
  }

  /** Opens the checkpoints and compares those that lie before the entries. */
  async begin(): Promise<Broken | undefined> {
    const { start, checkpoints, trusted } = this.claims;
    const first = this.startSize + 1;
    if (start !== undefined) {
      const { size, parts } = start;
      const isWhole = Number.isSafeInteger(size) && size >= 0;
      if (!isWhole || GrowingTree.partCount(size) !== parts.length || !parts.every(isHash)) {
        return broken(first, 'what is said to come before the entries is no tree');
      }
    }
    if (checkpoints.length === 0) {
      return broken(first, 'there is no checkpoint to verify the entries against');
    }
    const trust = await resolveTrust(this.checks, trusted);
    if ('reason' in trust) {
      return trust.seq === undefined
        ? broken(first, `checkpoint 1 ${trust.reason}`)
        : broken(trust.seq, trust.reason);
    }
    // What a change of key was made over is signed as well as any checkpoint.
    const opened: SizedCheckpoint[] = trust.heads
      .filter(({ size }) => size >= this.startSize)
      .map((head) => ({ ...head, proof: undefined }));
    let origin: string | undefined;
    for (const [index, { note, proof }] of checkpoints.entries()) {
      const checkpoint = await openTrusted(this.checks, note, trust);
      if ('reason' in checkpoint) {
        return broken(first, `checkpoint ${index + 1} ${checkpoint.reason}`);
      }
      origin ??= checkpoint.origin;
      if (checkpoint.origin !== origin) {
        return broken(first, `checkpoint ${index + 1} is of \`${checkpoint.origin}\`, another log`);
      }
      opened.push({ size: checkpoint.size, root: checkpoint.root, proof });
    }
    this.checkpoints = opened.toSorted((one, other) => one.size - other.size);
    return this.compareEarlier();
  }

  private compareEarlier(): Broken | undefined {
    const start = { size: this.startSize, root: this.tree.root() };
    for (; (this.checkpoints[this.next]?.size ?? Infinity) < start.size; this.next += 1) {
      const earlier = this.checkpoints[this.next]!;
      if (earlier.proof === undefined) {
        const reason = `the checkpoint of ${earlier.size} entries lies before the entries and comes without a proof`;
        return broken(start.size + 1, reason);
      }
      if (!verifyConsistency(this.checks.hasher, earlier, start, earlier.proof)) {
        const reason = `the ledger did not grow from the checkpoint of ${earlier.size} entries`;
        return broken(1, reason, earlier.size);
      }
      this.provenSize = earlier.size;
    }
    this.compareRoots();
    return undefined;
  }

  /** Takes one entry; returns what is wrong with it by itself. */
  take(entry: StoredEntry): Broken | undefined {
    const seq = this.tree.size + 1;
    const trouble = this.checker.trouble(entry, seq);
    if (trouble !== undefined) return broken(seq, `entry ${seq} ${trouble}`);
    if (this.checker.erasedCount > 0) this.noteErased(seq);
    this.tree.append(this.checker.leafHash());
    if (this.checkpoints[this.next]?.size === this.tree.size) this.compareRoots();
    return undefined;
  }

  private noteErased(seq: number): void {
    if (this.erasedCount === 0) this.firstErased = seq;
    this.erasedCount += this.checker.erasedCount;
    if (this.claims.onErased === undefined) return;
    for (const group of this.checker.erased()) this.claims.onErased(seq, group);
  }

  /** Compares the root with the checkpoints of this size; several may be given. */
  private compareRoots(): void {
    const { size } = this.tree;
    for (; this.checkpoints[this.next]?.size === size; this.next += 1) {
      const { root } = this.checkpoints[this.next]!;
      if (this.failedSize === undefined && areEqual(root, this.tree.root())) this.provenSize = size;
      else this.failedSize ??= size;
    }
  }

  /** Whether rows are waiting to be compared with tiles. */
  get isRowFull(): boolean {
    return this.claims.readTile !== undefined && this.tree.size % rowWidth === 0;
  }

  async compareFullRows(): Promise<void> {
    for (const row of this.tree.takeFullRows()) await this.compareRow(row);
    this.rowStart = this.tree.copy();
  }

  private async compareRow(row: Row): Promise<void> {
    const { level, index, skipped, width, bytes } = row;
    const stored = await this.claims.readTile?.({ level, index, width });
    const place = `tile ${index} of level ${level}`;
    const span = rowWidth ** level;
    const firstLeaf = index * rowWidth * span;
    if (stored === undefined || stored.length < width * hashSize) {
      const reason = `${place} is ${stored === undefined ? 'not there' : 'too short'}`;
      this.badTile ??= broken(firstLeaf + 1, reason, firstLeaf + width * span);
      this.storedTree = undefined;
      return;
    }
    const from = skipped * hashSize;
    let at = from;
    while (at < width * hashSize && stored[at] === bytes[at]) at += 1;
    const differs = at < width * hashSize;
    const bad = Math.floor(at / hashSize);
    if (level > 0) {
      if (!differs) return;
      const first = firstLeaf + bad * span + 1;
      const reason = `${place} holds another hash than entries ${first} to ${first + span - 1} give`;
      this.badTile ??= broken(first, reason, first + span - 1);
      return;
    }
    if (differs && this.differing === undefined) {
      this.differing = { seq: firstLeaf + bad + 1, place };
      this.storedTree = this.rowStart.copy();
    }
    if (this.storedTree !== undefined) this.appendStored(this.storedTree, row, stored);
  }

  /** Grows the tree that the tiles tell of and sees which checkpoints fit it. */
  private appendStored(tree: GrowingTree, { skipped, width }: Row, stored: Uint8Array): void {
    for (let place = skipped; place < width; place += 1) {
      tree.append(stored.slice(place * hashSize, (place + 1) * hashSize));
      if (tree.size < this.differing!.seq) continue;
      for (const { size, root } of this.checkpoints) {
        if (size === tree.size && areEqual(root, tree.root())) this.storedProven = size;
      }
    }
  }

  /** Ends the pass; `trouble` is what stopped it early. */
  async end(trouble: Broken | undefined): Promise<LedgerVerdict> {
    for (const row of this.tree.takeFullRows()) await this.compareRow(row);
    for (const row of this.tree.openRows()) await this.compareRow(row);
    return this.firstTrouble(trouble) ?? this.compareLater() ?? this.standing();
  }

  /** Returns the first bad entry of all that was found. */
  private firstTrouble(trouble: Broken | undefined): Broken | undefined {
    if (this.differing !== undefined) return this.judgeDifference(this.differing);
    if (trouble !== undefined && this.failedSize === undefined) return trouble;
    if (this.failedSize !== undefined) {
      const first = Math.min(this.firstUnproven(), Math.max(1, this.failedSize));
      const reason = `entries ${first} to ${this.failedSize} do not give the root of the checkpoint of ${this.failedSize} entries`;
      return broken(first, reason, this.failedSize);
    }
    return this.badTile;
  }

  private judgeDifference({ seq, place }: { seq: number; place: string }): Broken {
    if (this.provenSize >= seq) {
      return broken(seq, `${place} holds another hash for entry ${seq} than the sealed entry has`);
    }
    if (this.storedProven >= seq) {
      const reason = `entry ${seq} is not the one that was sealed in the checkpoint of ${this.storedProven} entries`;
      return broken(seq, reason);
    }
    return broken(seq, `entry ${seq} has another hash than ${place} holds for it`);
  }

  /** Compares the checkpoints that lie behind the last entry, and asks for one that covers it. */
  private compareLater(): Broken | undefined {
    const { size } = this.tree;
    for (; this.next < this.checkpoints.length; this.next += 1) {
      const later = this.checkpoints[this.next]!;
      if (later.proof === undefined) {
        const reason = `the ledger ends after ${size} entries, but a checkpoint of ${later.size} was signed: entries ${size + 1} to ${later.size} are missing`;
        return broken(size + 1, reason, later.size);
      }
      if (!verifyConsistency(this.checks.hasher, this.head(), later, later.proof)) {
        const first = this.firstUnproven();
        const reason = `entries ${first} to ${size} are not the beginning of the checkpoint of ${later.size} entries`;
        return broken(first, reason, size);
      }
      this.provenSize = size;
    }
    if (this.provenSize < size && this.claims.allowsUnsealed !== true) {
      const first = this.firstUnproven();
      const reason =
        first > size
          ? `no checkpoint covers what comes before entry ${first}`
          : `no checkpoint covers entries ${first} to ${size}`;
      return broken(first, reason, size);
    }
    return undefined;
  }

  private firstUnproven(): number {
    return Math.max(this.provenSize, this.startSize) + 1;
  }

  private head(): TreeHead {
    return { size: this.tree.size, root: this.tree.root() };
  }

  private standing(): LedgerVerdict {
    const standing = { ...this.head(), unsealedCount: this.tree.size - this.provenSize };
    return this.erasedCount === 0
      ? { verdict: 'valid', ...standing }
      : {
          verdict: 'erased',
          firstSeq: this.firstErased,
          erasedCount: this.erasedCount,
          ...standing,
        };
  }
}

function isHash(bytes: Uint8Array): boolean {
  return bytes.length === hashSize;
}

/**
 * Returns the verdict on `entries`, read in order and once, each forgotten before the next.
 * `valid`: all as it was sealed. `erased`: so too, but payloads are gone. `broken`: with the first
 * bad entry.
 */
export async function verifyLedger(
  checks: NoteChecks,
  entries: Iterable<StoredEntry> | AsyncIterable<StoredEntry>,
  claims: LedgerClaims,
): Promise<LedgerVerdict> {
  const pass = new LedgerPass(checks, claims);
  const unfit = await pass.begin();
  if (unfit !== undefined) return unfit;
  let trouble: Broken | undefined;
  if (Symbol.asyncIterator in entries) {
    for await (const entry of entries) {
      trouble = pass.take(entry);
      if (trouble !== undefined) break;
      if (pass.isRowFull) await pass.compareFullRows();
    }
  } else {
    // Waiting for each entry of a plain list would cost as much as hashing it.
    for (const entry of entries) {
      trouble = pass.take(entry);
      if (trouble !== undefined) break;
      if (pass.isRowFull) await pass.compareFullRows();
    }
  }
  return pass.end(trouble);
}
