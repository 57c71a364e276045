/**
 * Makes consistency proofs (RFC 9162, 2.1.4): the hashes that show that a tree only grew from an
 * earlier one. They are checked in verification/, which shares nothing with this file.
 */
import { assert } from '../failure/index.ts';
import { type HashReader, partHash, splitOf } from './hash-reader.ts';
import type { Hasher } from './primitives.ts';

/** Returns the proof that the tree of `earlier` leaves is the beginning of the one of `size`. */
export async function consistencyProof(
  hasher: Hasher,
  read: HashReader,
  earlier: number,
  size: number,
): Promise<readonly Uint8Array[]> {
  assert(
    Number.isSafeInteger(earlier) && earlier >= 0 && Number.isSafeInteger(size) && earlier <= size,
    'a proof of consistency is between a tree and an earlier one',
  );
  // Every tree begins with the empty one; between equal trees the roots say all.
  if (earlier === 0 || earlier === size) return [];
  const proof: Uint8Array[] = [];
  let start = 0;
  let end = size;
  while (end !== earlier) {
    const middle = start + splitOf(end - start);
    const isLeft = earlier <= middle;
    proof.unshift(await partHash(hasher, read, isLeft ? middle : start, isLeft ? end : middle));
    if (isLeft) end = middle;
    else start = middle;
  }
  // Where the earlier tree is itself a part on the left edge, its root is known to the verifier.
  if (start > 0) proof.unshift(await partHash(hasher, read, start, end));
  return proof;
}
