/**
 * Chance from the operating system. Ids are 22 letters and digits (131 bits); the bytes for them are
 * fetched in bulk, because a call per id costs more than everything else an id costs.
 */
import { randomFillSync } from 'node:crypto';
import type { Random } from '../../ports/random.ts';

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const idLength = 22;
/** The largest multiple of 62 in a byte; bytes from here on would prefer the first letters. */
const byteMax = 248;

/** Returns chance from the operating system. */
export function createSystemRandom(): Random {
  const pool = new Uint8Array(16_384);
  let used = pool.length;
  const nextByte = (): number => {
    if (used === pool.length) {
      randomFillSync(pool);
      used = 0;
    }
    const byte = pool[used] ?? 0;
    // A byte given away is not kept where a later fault could show it.
    pool[used] = 0;
    used += 1;
    return byte;
  };
  return {
    bytes: (count) => randomFillSync(new Uint8Array(count)),
    id() {
      let text = '';
      while (text.length < idLength) {
        const byte = nextByte();
        if (byte < byteMax) text += alphabet[byte % 62];
      }
      return text;
    },
  };
}
