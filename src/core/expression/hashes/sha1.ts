/** The SHA-1 digest (FIPS 180-4); for compatibility only. */
import { hexOf, paddedBytes } from './padding.ts';

function rotate(word: number, by: number): number {
  return (word << by) | (word >>> (32 - by));
}

function mix(round: number, b: number, c: number, d: number): number {
  if (round === 0) return ((b & c) | (~b & d)) + 0x5a827999;
  if (round === 1) return (b ^ c ^ d) + 0x6ed9eba1;
  if (round === 2) return ((b & c) | (b & d) | (c & d)) + 0x8f1bbcdc;
  return (b ^ c ^ d) + 0xca62c1d6;
}

/** Returns the SHA-1 digest of `bytes` as hexadecimal digits. */
export function sha1(bytes: Uint8Array): string {
  const view = paddedBytes(bytes, 64);
  const words = new Int32Array(80);
  const state: [number, number, number, number, number] = [
    0x67452301,
    0xefcdab89 | 0,
    0x98badcfe | 0,
    0x10325476,
    0xc3d2e1f0 | 0,
  ];
  for (let block = 0; block < view.byteLength; block += 64) {
    for (let i = 0; i < 80; i += 1) {
      const at = (back: number): number => words[i - back] ?? 0;
      words[i] = i < 16 ? view.getInt32(block + i * 4) : rotate(at(3) ^ at(8) ^ at(14) ^ at(16), 1);
    }
    let [a, b, c, d, e] = state;
    for (let i = 0; i < 80; i += 1) {
      const sum = (rotate(a, 5) + mix(Math.floor(i / 20), b, c, d) + e + (words[i] ?? 0)) | 0;
      [a, b, c, d, e] = [sum, a, rotate(b, 30), c, d];
    }
    state[0] = (state[0] + a) | 0;
    state[1] = (state[1] + b) | 0;
    state[2] = (state[2] + c) | 0;
    state[3] = (state[3] + d) | 0;
    state[4] = (state[4] + e) | 0;
  }
  return hexOf(state);
}
