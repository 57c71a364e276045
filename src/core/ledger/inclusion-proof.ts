/**
 * Makes inclusion proofs (RFC 9162, 2.1.3): the hashes beside the way from a leaf up to the root. They
 * are checked in verification/, which shares nothing with this file.
 */
import { assert } from '../failure/index.ts';
import { type HashReader, partHash, splitOf } from './hash-reader.ts';
import type { Hasher } from './primitives.ts';

/** Returns the proof that the leaf `index` is in the tree of `size` leaves that `read` reads. */
export async function inclusionProof(
  hasher: Hasher,
  read: HashReader,
  index: number,
  size: number,
): Promise<readonly Uint8Array[]> {
  assert(
    Number.isSafeInteger(index) && index >= 0 && Number.isSafeInteger(size) && index < size,
    'a proof of inclusion is of a leaf of the tree',
  );
  const proof: Uint8Array[] = [];
  let start = 0;
  let end = size;
  // From the root down to the leaf; the proof lists the leaf's sibling first.
  while (end - start > 1) {
    const middle = start + splitOf(end - start);
    const isLeft = index < middle;
    proof.unshift(await partHash(hasher, read, isLeft ? middle : start, isLeft ? end : middle));
    if (isLeft) end = middle;
    else start = middle;
  }
  return proof;
}
