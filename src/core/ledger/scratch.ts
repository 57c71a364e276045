/**
 * Memory of the writer: one buffer for everything it hashes and forgets at once, and blocks for what it
 * hands out. A buffer of its own for each hash and each header costs as much as the hash.
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

const blockSize = 32_768;
let block = new Uint8Array(0);
let used = 0;

/** Returns the first `size` of `bytes` as bytes that nobody writes to any more. */
export function keptCopy(bytes: Uint8Array, size: number): Uint8Array {
  if (size > blockSize / 8) return bytes.slice(0, size);
  if (used + size > block.length) {
    block = new Uint8Array(blockSize);
    used = 0;
  }
  const copy = block.subarray(used, used + size);
  copy.set(size === bytes.length ? bytes : bytes.subarray(0, size));
  used += size;
  return copy;
}
