/** Many origins come to their worst; a class counts for those above it, an unknown trust as none. */
import { expect, test } from 'vitest';
import { addressLike, bitsOf, classNames, subjectsOf, worstTrust } from './origins.ts';
import type { ArgumentOrigin } from './question.ts';

const plain: ArgumentOrigin = { trust: 'trusted', bits: 0, classes: [], isAddressLike: false };
const chosen: ArgumentOrigin = { ...plain, trust: 'constrained', bits: 2.5, isAddressLike: true };
const outside: ArgumentOrigin = {
  ...plain,
  trust: 'untrusted',
  bits: 8,
  classes: [
    { name: 'personal.contact.email', subject: 'customer:1' },
    { name: 'payment', subject: null },
  ],
};

test('trust is the worst of all', () => {
  expect(worstTrust([])).toBe('trusted');
  expect(worstTrust([plain, chosen])).toBe('constrained');
  expect(worstTrust([outside, plain])).toBe('untrusted');
});

test('a trust that is not known counts as none', () => {
  expect(worstTrust([{ ...plain, trust: 'verified' as never }])).toBe('untrusted');
});

test('a class counts for those above it', () => {
  expect(classNames([outside, plain])).toEqual([
    'payment',
    'personal',
    'personal.contact',
    'personal.contact.email',
  ]);
});

test('subjects are those of all classes', () => {
  expect(subjectsOf([outside])).toEqual(['customer:1']);
});

test('bits count where outsiders chose among few', () => {
  expect(bitsOf([chosen, chosen, outside])).toBe(5);
  expect(bitsOf([chosen])).toBe(3);
});

test('addresses are told from content', () => {
  expect(addressLike([plain, chosen, outside])).toEqual([chosen]);
});
