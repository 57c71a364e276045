/** Ids and bytes from the operating system: their form, and that no letter is preferred. */
import { expect, test } from 'vitest';
import { createSystemRandom } from './system-random.ts';

test('ids are 22 letters and digits and do not repeat', () => {
  const random = createSystemRandom();
  const ids = Array.from({ length: 20_000 }, () => random.id());
  expect(ids.every((id) => /^[0-9A-Za-z]{22}$/.test(id))).toBe(true);
  expect(new Set(ids).size).toBe(ids.length);
});

test('no letter of an id is preferred', () => {
  const random = createSystemRandom();
  const counts = new Map<string, number>();
  for (let index = 0; index < 20_000; index += 1) {
    for (const letter of random.id()) counts.set(letter, (counts.get(letter) ?? 0) + 1);
  }
  const expected = (20_000 * 22) / 62;
  const chiSquare = [...counts.values()].reduce(
    (sum, one) => sum + (one - expected) ** 2 / expected,
    0,
  );
  expect(counts.size).toBe(62);
  // 61 degrees of freedom: a fair source passes 140 once in about ten million runs.
  expect(chiSquare).toBeLessThan(140);
});

test('bytes have the length that was asked for and differ', () => {
  const random = createSystemRandom();
  expect(random.bytes(32)).toHaveLength(32);
  expect(random.bytes(0)).toHaveLength(0);
  expect(random.bytes(32)).not.toEqual(random.bytes(32));
});
