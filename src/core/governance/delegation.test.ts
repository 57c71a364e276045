/** Delegations: with an end, in force between two moments, and what stands behind a chain of them. */
import { describe, expect, test } from 'vitest';
import { type Delegation, delegationTrouble, isInForce, lendersOf } from './delegation.ts';

const dayMs = 24 * 3_600_000;

function lends(from: string, to: string, since = 0, until = 100): Delegation {
  return { id: `${from}-${to}`, from, to, reason: 'holiday', since, until };
}

test.each<[string, Pick<Delegation, 'from' | 'to' | 'until'>, string | undefined]>([
  ['to another person for a day', { from: 'a', to: 'b', until: dayMs }, undefined],
  ['for ninety days', { from: 'a', to: 'b', until: 90 * dayMs }, undefined],
  ['for longer', { from: 'a', to: 'b', until: 90 * dayMs + 1 }, 'at most 90 days'],
  ['to oneself', { from: 'a', to: 'a', until: dayMs }, 'nobody delegates to themselves'],
  ['until now', { from: 'a', to: 'b', until: 0 }, 'in the past'],
  ['without an end', { from: 'a', to: 'b', until: Number.NaN }, 'in the past'],
  ['for ever', { from: 'a', to: 'b', until: Number.POSITIVE_INFINITY }, 'at most 90 days'],
])('a delegation %s', (_what, given, trouble) => {
  const found = delegationTrouble(given, 0);
  if (trouble === undefined) expect(found).toBeUndefined();
  else expect(found).toContain(trouble);
});

test.each([
  [9, false],
  [10, true],
  [19, true],
  [20, false],
])('at %i one from 10 to 20 is in force: %s', (now, isThere) => {
  expect(isInForce(lends('a', 'b', 10, 20), now)).toBe(isThere);
});

describe('who stands behind somebody', () => {
  test.each<[string, readonly Delegation[], readonly string[]]>([
    ['nobody', [], []],
    ['who delegated', [lends('a', 'c')], ['a']],
    ['who delegated to who delegated', [lends('a', 'b'), lends('b', 'c')], ['a', 'b']],
    ['a ring, once', [lends('a', 'b'), lends('b', 'c'), lends('c', 'a')], ['a', 'b']],
    ['nobody to whom they delegated themselves', [lends('c', 'd')], []],
    ['who ended it after it was opened', [lends('a', 'c', 0, 31)], ['a']],
    ['nobody whose was over before', [lends('a', 'c', 0, 30)], []],
    ['nobody whose is still to begin', [lends('a', 'c', 60, 90)], []],
    ['nobody whose was ended before it began', [lends('a', 'c', 40, 40)], []],
  ])('%s', (_what, delegations, lenders) => {
    expect(lendersOf(delegations, 'c', 30, 50)).toEqual(lenders);
  });
});
