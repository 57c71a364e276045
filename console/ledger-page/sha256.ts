/**
 * SHA-256 in plain code, because the verifier hashes at once and the browser's own answers later. It
 * follows FIPS 180-4; a test compares it with Node's.
 */
import type { Hasher } from '../../src/core/ledger/primitives.ts';

/** Returns the first `count` primes. */
function primes(count: number): readonly number[] {
  const found: number[] = [];
  for (let candidate = 2; found.length < count; candidate += 1) {
    if (found.every((prime) => candidate % prime !== 0)) found.push(candidate);
  }
  return found;
}

/** Returns the first 32 bits of what stands behind the point of `value`. */
function fractionBits(value: number): number {
  return ((value - Math.floor(value)) * 2 ** 32) | 0;
}

const roundConstants = Int32Array.from(primes(64), (prime) => fractionBits(Math.cbrt(prime)));
const startState = Int32Array.from(primes(8), (prime) => fractionBits(Math.sqrt(prime)));
const blockSize = 64;
const schedule = new Int32Array(64);

function turn(word: number, by: number): number {
  return (word >>> by) | (word << (32 - by));
}

function mixBlock(state: Int32Array, view: DataView, at: number): void {
  const w = schedule;
  for (let index = 0; index < 16; index += 1) w[index] = view.getInt32(at + index * 4);
  for (let index = 16; index < 64; index += 1) {
    const [early, late] = [w[index - 15]!, w[index - 2]!];
    const first = turn(early, 7) ^ turn(early, 18) ^ (early >>> 3);
    const second = turn(late, 17) ^ turn(late, 19) ^ (late >>> 10);
    w[index] = (w[index - 16]! + first + w[index - 7]! + second) | 0;
  }
  let [a, b, c, d, e, f, g, h] = state as unknown as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  for (let index = 0; index < 64; index += 1) {
    const choice = (e & f) ^ (~e & g);
    const majority = (a & b) ^ (a & c) ^ (b & c);
    const sum1 = turn(e, 6) ^ turn(e, 11) ^ turn(e, 25);
    const sum0 = turn(a, 2) ^ turn(a, 13) ^ turn(a, 22);
    const one = (h + sum1 + choice + roundConstants[index]! + w[index]!) | 0;
    const two = (sum0 + majority) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + one) | 0;
    d = c;
    c = b;
    b = a;
    a = (one + two) | 0;
  }
  for (const [index, word] of [a, b, c, d, e, f, g, h].entries()) {
    state[index] = (state[index]! + word) | 0;
  }
}

/** SHA-256. */
export const plainHasher: Hasher = {
  sha256(bytes) {
    const size = Math.ceil((bytes.length + 9) / blockSize) * blockSize;
    const padded = new Uint8Array(size);
    padded.set(bytes);
    padded[bytes.length] = 0x80;
    const view = new DataView(padded.buffer);
    view.setUint32(size - 8, Math.floor(bytes.length / 2 ** 29));
    view.setUint32(size - 4, (bytes.length * 8) >>> 0);
    const state = startState.slice();
    for (let at = 0; at < size; at += blockSize) mixBlock(state, view, at);
    const digest = new Uint8Array(32);
    const target = new DataView(digest.buffer);
    for (let index = 0; index < 8; index += 1) target.setInt32(index * 4, state[index]!);
    return digest;
  },
};
