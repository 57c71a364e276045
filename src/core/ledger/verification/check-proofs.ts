/**
 * Checks proofs of inclusion and of consistency as RFC 9162 says (2.1.3.2, 2.1.4.2). Numbers are
 * halved, not shifted: a ledger may hold more entries than 32 bits count.
 */
import type { Hasher } from '../primitives.ts';
import { areEqual } from './read-text.ts';

const hashSize = 32;

/** A root, and how many leaves are under it. */
export interface TreeHead {
  readonly size: number;
  readonly root: Uint8Array;
}

function over(hasher: Hasher, left: Uint8Array, right: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(1 + 2 * hashSize);
  bytes[0] = 1;
  bytes.set(left, 1);
  bytes.set(right, 1 + hashSize);
  return hasher.sha256(bytes);
}

const half = (value: number): number => Math.floor(value / 2);
const isWhole = (value: number): boolean => Number.isSafeInteger(value) && value >= 0;

function areHashes(hashes: readonly Uint8Array[]): boolean {
  return hashes.every((hash) => hash.length === hashSize);
}

/** Returns the hash of the leaf that holds the header `bytes`. */
export function hashLeaf(hasher: Hasher, bytes: Uint8Array): Uint8Array {
  const prefixed = new Uint8Array(1 + bytes.length);
  prefixed.set(bytes, 1);
  return hasher.sha256(prefixed);
}

/** Returns whether `proof` shows that the leaf with the hash `leaf` stands at `index` in the tree. */
export function verifyInclusion(
  hasher: Hasher,
  leaf: Uint8Array,
  index: number,
  tree: TreeHead,
  proof: readonly Uint8Array[],
): boolean {
  if (!isWhole(index) || !isWhole(tree.size) || index >= tree.size) return false;
  if (!areHashes([leaf, tree.root, ...proof])) return false;
  let place = index;
  let last = tree.size - 1;
  let hash = leaf;
  for (const sibling of proof) {
    if (last === 0) return false;
    if (place % 2 === 1 || place === last) {
      hash = over(hasher, sibling, hash);
      while (place % 2 === 0 && place !== 0) {
        place = half(place);
        last = half(last);
      }
    } else hash = over(hasher, hash, sibling);
    place = half(place);
    last = half(last);
  }
  return last === 0 && areEqual(hash, tree.root);
}

/** Returns whether `proof` shows that `later` only grew from `earlier`. */
export function verifyConsistency(
  hasher: Hasher,
  earlier: TreeHead,
  later: TreeHead,
  proof: readonly Uint8Array[],
): boolean {
  if (!isWhole(earlier.size) || !isWhole(later.size) || earlier.size > later.size) return false;
  if (!areHashes([earlier.root, later.root, ...proof])) return false;
  if (earlier.size === later.size) return proof.length === 0 && areEqual(earlier.root, later.root);
  if (earlier.size === 0) {
    return proof.length === 0 && areEqual(earlier.root, hasher.sha256(new Uint8Array(0)));
  }
  let place = earlier.size - 1;
  let last = later.size - 1;
  while (place % 2 === 1) {
    place = half(place);
    last = half(last);
  }
  // Where the earlier tree is one complete part, the verifier has its root already.
  const hashes = place === 0 ? [earlier.root, ...proof] : proof;
  const [first, ...rest] = hashes;
  if (first === undefined) return false;
  let earlierHash = first;
  let laterHash = first;
  for (const sibling of rest) {
    if (last === 0) return false;
    if (place % 2 === 1 || place === last) {
      earlierHash = over(hasher, sibling, earlierHash);
      laterHash = over(hasher, sibling, laterHash);
      while (place % 2 === 0 && place !== 0) {
        place = half(place);
        last = half(last);
      }
    } else laterHash = over(hasher, laterHash, sibling);
    place = half(place);
    last = half(last);
  }
  return last === 0 && areEqual(earlierHash, earlier.root) && areEqual(laterHash, later.root);
}
