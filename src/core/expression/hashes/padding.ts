/** What the digests have in common: filling the last block, and writing the result as digits. */

/** Returns `bytes` filled to whole blocks: a set bit, zeros, and the length in bits. */
export function paddedBytes(
  bytes: Uint8Array,
  blockSize: 64 | 128,
  isLittleEndian = false,
): DataView {
  const lengthSize = blockSize / 8;
  const total = Math.ceil((bytes.length + 1 + lengthSize) / blockSize) * blockSize;
  const view = new DataView(new ArrayBuffer(total));
  new Uint8Array(view.buffer).set(bytes);
  view.setUint8(bytes.length, 0x80);
  const low = (bytes.length << 3) >>> 0;
  const high = Math.floor(bytes.length / 0x20000000);
  view.setUint32(total - 8, isLittleEndian ? low : high, isLittleEndian);
  view.setUint32(total - 4, isLittleEndian ? high : low, isLittleEndian);
  return view;
}

/** Returns 32-bit words as hexadecimal digits. */
export function hexOf(words: readonly number[], isLittleEndian = false): string {
  const view = new DataView(new ArrayBuffer(words.length * 4));
  words.forEach((word, index) => view.setUint32(index * 4, word >>> 0, isLittleEndian));
  return Array.from(new Uint8Array(view.buffer), (byte) => byte.toString(16).padStart(2, '0')).join(
    '',
  );
}
