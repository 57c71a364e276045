/**
 * Where makers of proofs read the tree: the hashes of its complete parts, and over them the hash of any
 * part, complete or cut off by the right edge.
 */
import { joinParts, partHeights } from './merkle-tree.ts';
import type { Hasher } from './primitives.ts';

/** Returns the root of the complete part of `height` that is the `index`-th of that height. */
export type HashReader = (height: number, index: number) => Uint8Array | Promise<Uint8Array>;

/** Returns the roots of the complete parts of the leaves from `start` up to `end`, left to right. */
export async function partsOf(
  read: HashReader,
  start: number,
  end: number,
): Promise<readonly Uint8Array[]> {
  const parts: Uint8Array[] = [];
  let from = start;
  for (const height of partHeights(end - start)) {
    const width = 2 ** height;
    // `start` is a multiple of the smallest power of two that is not below the number of leaves.
    parts.push(await read(height, from / width));
    from += width;
  }
  return parts;
}

/** Returns the hash of the part of a tree that holds the leaves from `start` up to `end`. */
export async function partHash(
  hasher: Hasher,
  read: HashReader,
  start: number,
  end: number,
): Promise<Uint8Array> {
  return joinParts(hasher, await partsOf(read, start, end));
}

/** Returns the largest power of two below `size`, where a tree of that size splits. */
export function splitOf(size: number): number {
  let split = 1;
  while (split * 2 < size) split *= 2;
  return split;
}
