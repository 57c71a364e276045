/**
 * One buffer for everything the writer hashes and forgets at once: a buffer of its own for each hash
 * costs as much as the hash. Nothing holds on to it beyond one call.
 */

/** What was once needed for a large payload is not kept for ever. */
const keptMax = 1 << 20;

let buffer = new Uint8Array(4096);

/** Returns `size` bytes with anything in them, which the next call hands out again. */
export function scratchOf(size: number): Uint8Array {
  if (size > keptMax) return new Uint8Array(size);
  if (buffer.length < size) buffer = new Uint8Array(2 * size);
  return buffer.subarray(0, size);
}
