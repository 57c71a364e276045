/** Chance from a seed: the same seed gives the same numbers, everywhere. */
import type { Random } from '../../src/ports/random.ts';

/** Chance from a seed. */
export interface Seeded extends Random {
  /** Returns a number in [0, 1). */
  fraction(): number;
  /** Returns a whole number in [0, `count`). */
  below(count: number): number;
  /** Tells whether something happens that happens once in `count` times. */
  oneIn(count: number): boolean;
  pick<T>(list: readonly [T, ...T[]] | readonly T[]): T;
  /** Returns chance of its own that follows from this one and `name`. */
  fork(name: string): Seeded;
}

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** Returns the hash of `text` as a whole number of 32 bits (FNV-1a). */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  }
  return hash >>> 0;
}

/** Returns chance that follows from `seed` (mulberry32). */
export function createSeeded(seed: number | string): Seeded {
  let state = hashOf(String(seed));
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
  const below = (count: number): number => Math.floor((next() / 2 ** 32) * count);
  return {
    fraction: () => next() / 2 ** 32,
    below,
    oneIn: (count) => below(count) === 0,
    pick: <T>(list: readonly T[]): T => list[below(list.length)] as T,
    fork: (name) => createSeeded(`${seed}/${name}`),
    bytes: (count) => Uint8Array.from({ length: count }, () => below(256)),
    id: () => Array.from({ length: 22 }, () => alphabet[below(62)]).join(''),
  };
}
