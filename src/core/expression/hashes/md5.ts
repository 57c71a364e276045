/** The MD5 digest (RFC 1321); for compatibility only, it protects nothing. */
import { hexOf, paddedBytes } from './padding.ts';

const shifts = [7, 12, 17, 22, 5, 9, 14, 20, 4, 11, 16, 23, 6, 10, 15, 21];
const constants = Array.from(
  { length: 64 },
  (_, i) => Math.floor(Math.abs(Math.sin(i + 1)) * 2 ** 32) | 0,
);

function mix(round: number, b: number, c: number, d: number): number {
  if (round === 0) return (b & c) | (~b & d);
  if (round === 1) return (d & b) | (~d & c);
  return round === 2 ? b ^ c ^ d : c ^ (b | ~d);
}

const steps = [
  [1, 0],
  [5, 1],
  [3, 5],
  [7, 0],
] as const;

/** Returns the MD5 digest of `bytes` as hexadecimal digits. */
export function md5(bytes: Uint8Array): string {
  const view = paddedBytes(bytes, 64, true);
  const state: [number, number, number, number] = [
    0x67452301,
    0xefcdab89 | 0,
    0x98badcfe | 0,
    0x10325476,
  ];
  for (let block = 0; block < view.byteLength; block += 64) {
    let [a, b, c, d] = state;
    for (let i = 0; i < 64; i += 1) {
      const round = i >> 4;
      const [factor, start] = steps[round] ?? [1, 0];
      const word = view.getInt32(block + ((i * factor + start) % 16) * 4, true);
      const sum = (a + mix(round, b, c, d) + (constants[i] ?? 0) + word) | 0;
      const shift = shifts[round * 4 + (i % 4)] ?? 0;
      const next = (b + ((sum << shift) | (sum >>> (32 - shift)))) | 0;
      [a, b, c, d] = [d, next, b, c];
    }
    state[0] = (state[0] + a) | 0;
    state[1] = (state[1] + b) | 0;
    state[2] = (state[2] + c) | 0;
    state[3] = (state[3] + d) | 0;
  }
  return hexOf(state, true);
}
