/** The SHA-512 digest (FIPS 180-4); 64-bit words are kept as pairs of 32-bit ones. */
import { hexOf, paddedBytes } from './padding.ts';
import { cubeRootFractions, highWord, lowWord, squareRootFractions } from './root-fractions.ts';

const roots = cubeRootFractions();
const constantsHigh = Int32Array.from(roots, highWord);
const constantsLow = Int32Array.from(roots, lowWord);
const start = squareRootFractions();

/** Upper half of a word turned right. */
function turnHigh(high: number, low: number, by: number): number {
  if (by < 32) return (high >>> by) | (low << (32 - by));
  return (low >>> (by - 32)) | (high << (64 - by));
}

function part(value: ArrayLike<number>, index: number): number {
  return value[index] ?? 0;
}

/** The expanded message: 80 words in halves. */
class Schedule {
  readonly highs = new Int32Array(80);
  readonly lows = new Int32Array(80);

  fill(view: DataView, block: number): void {
    const { highs, lows } = this;
    for (let i = 0; i < 16; i += 1) {
      highs[i] = view.getInt32(block + i * 8);
      lows[i] = view.getInt32(block + i * 8 + 4);
    }
    for (let i = 16; i < 80; i += 1) {
      const earlyHigh = part(highs, i - 15);
      const earlyLow = part(lows, i - 15);
      const lateHigh = part(highs, i - 2);
      const lateLow = part(lows, i - 2);
      const firstHigh =
        turnHigh(earlyHigh, earlyLow, 1) ^ turnHigh(earlyHigh, earlyLow, 8) ^ (earlyHigh >>> 7);
      const firstLow =
        turnHigh(earlyLow, earlyHigh, 1) ^
        turnHigh(earlyLow, earlyHigh, 8) ^
        ((earlyLow >>> 7) | (earlyHigh << 25));
      const secondHigh =
        turnHigh(lateHigh, lateLow, 19) ^ turnHigh(lateHigh, lateLow, 61) ^ (lateHigh >>> 6);
      const secondLow =
        turnHigh(lateLow, lateHigh, 19) ^
        turnHigh(lateLow, lateHigh, 61) ^
        ((lateLow >>> 6) | (lateHigh << 26));
      const low =
        (part(lows, i - 16) >>> 0) +
        (firstLow >>> 0) +
        (part(lows, i - 7) >>> 0) +
        (secondLow >>> 0);
      lows[i] = low | 0;
      const carry = Math.floor(low / 2 ** 32);
      highs[i] = (part(highs, i - 16) + firstHigh + part(highs, i - 7) + secondHigh + carry) | 0;
    }
  }
}

/** Returns the SHA-512 digest of `bytes` as hexadecimal digits. */
export function sha512(bytes: Uint8Array): string {
  const view = paddedBytes(bytes, 128);
  const schedule = new Schedule();
  const highs = Int32Array.from(start, highWord);
  const lows = Int32Array.from(start, lowWord);
  for (let block = 0; block < view.byteLength; block += 128) {
    schedule.fill(view, block);
    addBlock(highs, lows, schedule);
  }
  return hexOf([...highs].flatMap((word, index) => [word, part(lows, index)]));
}

function addBlock(highs: Int32Array, lows: Int32Array, schedule: Schedule): void {
  const h = Int32Array.from(highs);
  const l = Int32Array.from(lows);
  for (let i = 0; i < 80; i += 1) {
    const eh = part(h, 4);
    const el = part(l, 4);
    const ah = part(h, 0);
    const al = part(l, 0);
    const sumEHigh = turnHigh(eh, el, 14) ^ turnHigh(eh, el, 18) ^ turnHigh(eh, el, 41);
    const sumELow = turnHigh(el, eh, 14) ^ turnHigh(el, eh, 18) ^ turnHigh(el, eh, 41);
    const choiceHigh = (eh & part(h, 5)) ^ (~eh & part(h, 6));
    const choiceLow = (el & part(l, 5)) ^ (~el & part(l, 6));
    const low =
      (part(l, 7) >>> 0) +
      (sumELow >>> 0) +
      (choiceLow >>> 0) +
      (part(constantsLow, i) >>> 0) +
      (part(schedule.lows, i) >>> 0);
    const firstHigh =
      (part(h, 7) +
        sumEHigh +
        choiceHigh +
        part(constantsHigh, i) +
        part(schedule.highs, i) +
        Math.floor(low / 2 ** 32)) |
      0;
    const firstLow = low | 0;
    const sumAHigh = turnHigh(ah, al, 28) ^ turnHigh(ah, al, 34) ^ turnHigh(ah, al, 39);
    const sumALow = turnHigh(al, ah, 28) ^ turnHigh(al, ah, 34) ^ turnHigh(al, ah, 39);
    const majorHigh = (ah & part(h, 1)) ^ (ah & part(h, 2)) ^ (part(h, 1) & part(h, 2));
    const majorLow = (al & part(l, 1)) ^ (al & part(l, 2)) ^ (part(l, 1) & part(l, 2));
    const fourthLow = (part(l, 3) >>> 0) + (firstLow >>> 0);
    const fourthHigh = (part(h, 3) + firstHigh + Math.floor(fourthLow / 2 ** 32)) | 0;
    const topLow = (firstLow >>> 0) + (sumALow >>> 0) + (majorLow >>> 0);
    const topHigh = (firstHigh + sumAHigh + majorHigh + Math.floor(topLow / 2 ** 32)) | 0;
    h.copyWithin(1, 0, 7);
    l.copyWithin(1, 0, 7);
    h[4] = fourthHigh;
    l[4] = fourthLow | 0;
    h[0] = topHigh;
    l[0] = topLow | 0;
  }
  for (let i = 0; i < 8; i += 1) {
    const low = (part(lows, i) >>> 0) + (part(l, i) >>> 0);
    lows[i] = low | 0;
    highs[i] = (part(highs, i) + part(h, i) + Math.floor(low / 2 ** 32)) | 0;
  }
}
