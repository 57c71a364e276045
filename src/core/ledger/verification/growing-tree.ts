/**
 * The verifier's own tree: leaves are appended, the roots of complete parts are kept in one place per
 * height. Every 256th part of eight levels is also kept as a row, to be compared with stored tiles.
 */
import type { Hasher } from '../primitives.ts';

const hashSize = 32;
/** Hashes in a full row, and the levels of the tree that a row spans. */
export const rowWidth = 256;
const rowHeight = 8;

/** Hashes of one level of rows that were computed and not yet compared. */
export interface Row {
  readonly level: number;
  readonly index: number;
  /** Hashes at its start that stood there before and cannot be compared. */
  readonly skipped: number;
  readonly width: number;
  readonly bytes: Uint8Array;
}

interface OpenRow {
  skipped: number;
  bytes: Uint8Array;
}

/** A tree that grows at its right edge, and the rows it is stored in. */
export class GrowingTree {
  size: number;
  private readonly hasher: Hasher;
  private readonly parts: (Uint8Array | undefined)[] = [];
  private readonly scratch = new Uint8Array(1 + 2 * hashSize);
  private readonly rows: OpenRow[] | undefined;
  private fullRows: Row[] = [];

  /** Goes on from the roots of the complete parts of `size` leaves, from left to right. */
  constructor(hasher: Hasher, size: number, parts: readonly Uint8Array[], keepsRows: boolean) {
    this.hasher = hasher;
    this.size = size;
    this.scratch[0] = 1;
    this.rows = keepsRows ? [] : undefined;
    let next = parts.length;
    let rest = size;
    for (let height = 0; rest > 0; height += 1) {
      if (rest % 2 === 1) this.parts[height] = parts[--next];
      rest = Math.floor(rest / 2);
    }
  }

  /** Returns how many complete parts a tree of `size` leaves has. */
  static partCount(size: number): number {
    let count = 0;
    for (let rest = size; rest > 0; rest = Math.floor(rest / 2)) count += rest % 2;
    return count;
  }

  append(leaf: Uint8Array): void {
    const { parts, scratch } = this;
    let hash = leaf;
    let height = 0;
    if (this.rows !== undefined) this.keep(0, this.size, hash);
    for (let left = parts[0]; left !== undefined; left = parts[height]) {
      scratch.set(left, 1);
      scratch.set(hash, 1 + hashSize);
      hash = this.hasher.sha256(scratch);
      parts[height] = undefined;
      height += 1;
      if (this.rows !== undefined && height % rowHeight === 0) {
        this.keep(height / rowHeight, Math.floor(this.size / 2 ** height), hash);
      }
    }
    parts[height] = hash;
    this.size += 1;
  }

  root(): Uint8Array {
    const { parts, scratch } = this;
    let root: Uint8Array | undefined;
    for (const part of parts) {
      if (part === undefined) continue;
      if (root === undefined) root = part;
      else {
        scratch.set(part, 1);
        scratch.set(root, 1 + hashSize);
        root = this.hasher.sha256(scratch);
      }
    }
    return root ?? this.hasher.sha256(new Uint8Array(0));
  }

  /** Returns a tree that goes on from here by itself, without rows. */
  copy(): GrowingTree {
    const parts = this.parts.filter((part) => part !== undefined).toReversed();
    return new GrowingTree(this.hasher, this.size, parts, false);
  }

  /** Returns the rows that became full since the last call. */
  takeFullRows(): readonly Row[] {
    const full = this.fullRows;
    if (full.length > 0) this.fullRows = [];
    return full;
  }

  /** Returns the rows at the edge that are not full and hold something to compare. */
  openRows(): readonly Row[] {
    return (this.rows ?? []).flatMap(({ skipped, bytes }, level) => {
      const hashes = Math.floor(this.size / rowWidth ** level);
      const width = hashes % rowWidth;
      return width > skipped
        ? [{ level, index: Math.floor(hashes / rowWidth), skipped, width, bytes }]
        : [];
    });
  }

  private keep(level: number, index: number, hash: Uint8Array): void {
    const place = index % rowWidth;
    const rows = this.rows!;
    rows[level] ??= { skipped: place, bytes: new Uint8Array(rowWidth * hashSize) };
    const row = rows[level];
    row.bytes.set(hash, place * hashSize);
    if (place < rowWidth - 1) return;
    const { skipped, bytes } = row;
    const full = { level, index: (index - place) / rowWidth, skipped, width: rowWidth, bytes };
    this.fullRows.push(full);
    rows[level] = { skipped: 0, bytes: new Uint8Array(rowWidth * hashSize) };
  }
}
