/** The SHA-256 digest (FIPS 180-4). */
import { hexOf, paddedBytes } from './padding.ts';
import { cubeRootFractions, highWord, squareRootFractions } from './root-fractions.ts';

const constants = Int32Array.from(cubeRootFractions().slice(0, 64), highWord);
const start = Int32Array.from(squareRootFractions(), highWord);

function rotate(word: number, by: number): number {
  return (word >>> by) | (word << (32 - by));
}

function expand(words: Int32Array, view: DataView, block: number): void {
  for (let i = 0; i < 16; i += 1) words[i] = view.getInt32(block + i * 4);
  for (let i = 16; i < 64; i += 1) {
    const early = words[i - 15] ?? 0;
    const late = words[i - 2] ?? 0;
    const first = rotate(early, 7) ^ rotate(early, 18) ^ (early >>> 3);
    const second = rotate(late, 17) ^ rotate(late, 19) ^ (late >>> 10);
    words[i] = ((words[i - 16] ?? 0) + first + (words[i - 7] ?? 0) + second) | 0;
  }
}

/** Returns the SHA-256 digest of `bytes` as hexadecimal digits. */
export function sha256(bytes: Uint8Array): string {
  const view = paddedBytes(bytes, 64);
  const words = new Int32Array(64);
  const state = Int32Array.from(start);
  for (let block = 0; block < view.byteLength; block += 64) {
    expand(words, view, block);
    let [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = state;
    for (let i = 0; i < 64; i += 1) {
      const sumE = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25);
      const choice = (e & f) ^ (~e & g);
      const first = (h + sumE + choice + (constants[i] ?? 0) + (words[i] ?? 0)) | 0;
      const sumA = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22);
      const majority = (a & b) ^ (a & c) ^ (b & c);
      h = g;
      g = f;
      f = e;
      e = (d + first) | 0;
      d = c;
      c = b;
      b = a;
      a = (first + sumA + majority) | 0;
    }
    [a, b, c, d, e, f, g, h].forEach((word, index) => {
      state[index] = ((state[index] ?? 0) + word) | 0;
    });
  }
  return hexOf([...state]);
}
