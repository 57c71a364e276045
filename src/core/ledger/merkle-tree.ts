/**
 * The Merkle tree of RFC 9162 over the entries: leaf and node hashes, and a tree that grows by
 * appending and remembers only the roots of its complete parts, one per set bit of its size.
 *
 * INVARIANT: a leaf is hashed after 0x00 and a node after 0x01, so neither can pose as the other.
 */
import { assert } from '../failure/index.ts';
import { hashSize, type Hasher } from './primitives.ts';
import { scratchOf } from './scratch.ts';

/** Returns the hash of the empty tree. */
export function emptyRoot(hasher: Hasher): Uint8Array {
  return hasher.sha256(new Uint8Array(0));
}

/** Returns the hash of the leaf that holds `bytes`. */
export function leafHash(hasher: Hasher, bytes: Uint8Array): Uint8Array {
  const prefixed = scratchOf(bytes.length + 1);
  prefixed[0] = 0;
  prefixed.set(bytes, 1);
  return hasher.sha256(prefixed);
}

/** Returns the hash of the node over `left` and `right`. */
export function nodeHash(hasher: Hasher, left: Uint8Array, right: Uint8Array): Uint8Array {
  const bytes = scratchOf(1 + 2 * hashSize);
  bytes[0] = 1;
  bytes.set(left, 1);
  bytes.set(right, 1 + hashSize);
  return hasher.sha256(bytes);
}

/** Returns the heights of the complete parts of a tree of `size` leaves, from left to right. */
export function partHeights(size: number): readonly number[] {
  const heights: number[] = [];
  let height = 0;
  for (let rest = size; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) heights.unshift(height);
    height += 1;
  }
  return heights;
}

/** Returns the root over the hashes of complete parts, from left to right. */
export function joinParts(hasher: Hasher, parts: readonly Uint8Array[]): Uint8Array {
  return parts.length === 0
    ? emptyRoot(hasher)
    : parts.reduceRight((right, left) => nodeHash(hasher, left, right));
}

/** A tree that grows at its right edge. */
export interface MerkleTree {
  readonly size: number;
  /** Appends one leaf. */
  append(leaf: Uint8Array): void;
  /** Returns the root of the tree as it is; the tree may go on growing. */
  root(): Uint8Array;
  /** Returns the roots of the complete parts, from left to right; enough to go on from. */
  parts(): readonly Uint8Array[];
}

/** Where a tree goes on from. */
export interface TreeStart {
  readonly size: number;
  /** As `parts()` gave them at that size. */
  readonly parts: readonly Uint8Array[];
}

/**
 * Returns a tree, empty or as it was at `start`. `onPart` hears of every part that becomes complete:
 * the height of its root, its place among the parts of that height, its hash; lower parts first.
 */
export function createMerkleTree(
  hasher: Hasher,
  start: TreeStart = { size: 0, parts: [] },
  onPart?: (height: number, index: number, hash: Uint8Array) => void,
): MerkleTree {
  assert(
    partHeights(start.size).length === start.parts.length,
    'a tree goes on from one hash per complete part',
  );
  let size = start.size;
  const parts = [...start.parts];
  const scratch = new Uint8Array(1 + 2 * hashSize);
  scratch[0] = 1;

  return {
    get size() {
      return size;
    },
    append(leaf) {
      let hash = leaf;
      let height = 0;
      let index = size;
      onPart?.(height, index, hash);
      while (index % 2 === 1) {
        scratch.set(parts.pop()!, 1);
        scratch.set(hash, 1 + hashSize);
        hash = hasher.sha256(scratch);
        height += 1;
        index = (index - 1) / 2;
        onPart?.(height, index, hash);
      }
      parts.push(hash);
      size += 1;
    },
    root: () => joinParts(hasher, parts),
    parts: () => [...parts],
  };
}
