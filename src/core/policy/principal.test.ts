/** Roles hold where they are bound and below; who stands behind a principal answers for it. */
import { expect, test } from 'vitest';
import {
  freshnessOf,
  namespaceLine,
  personsBehind,
  type Principal,
  rolesAt,
  titlesOf,
} from './principal.ts';

function principal(parts: Partial<Principal>): Principal {
  return {
    kind: 'user',
    id: 'ada',
    tenant: 'main',
    roles: [],
    groups: [],
    onBehalfOf: [],
    authentication: { factors: ['password'], freshness: 'fresh' },
    ...parts,
  };
}

const bound = principal({
  roles: [
    { role: 'viewer', namespace: '*' },
    { role: 'operator', namespace: 'shop.eu' },
    { role: 'builder', namespace: 'shop' },
  ],
});

test.each([
  ['shop', ['builder', 'viewer']],
  ['shop.eu', ['builder', 'operator', 'viewer']],
  ['shop.eu.mail', ['builder', 'operator', 'viewer']],
  ['shop.europe', ['builder', 'viewer']],
  ['shopping', ['viewer']],
  ['', ['viewer']],
  [null, ['viewer']],
] as const)('in %s the roles are %j', (namespace, roles) => {
  expect(rolesAt(bound, namespace)).toEqual(roles);
});

test('a role bound to no namespace at all holds nowhere but there', () => {
  const odd = principal({ roles: [{ role: 'admin', namespace: '' }] });
  expect(rolesAt(odd, 'shop')).toEqual([]);
  expect(rolesAt(odd, null)).toEqual([]);
});

test('a namespace stands in a line with those above it [G-228]', () => {
  expect(namespaceLine('a.b.c')).toEqual(['a.b.c', 'a.b', 'a']);
  expect(namespaceLine('a')).toEqual(['a']);
  expect(namespaceLine('')).toEqual([]);
});

test('everybody it acts for stands behind a principal, each once', () => {
  expect(personsBehind(principal({ onBehalfOf: ['zoe', 'ada', 'ben'] }))).toEqual([
    'ada',
    'ben',
    'zoe',
  ]);
});

test('an approval may name a role, a group or the person', () => {
  const one = principal({ roles: [{ role: 'approver', namespace: 'shop' }], groups: ['finance'] });
  expect(titlesOf(one, 'shop')).toEqual(['role:approver', 'group:finance', 'user:ada']);
  expect(titlesOf(one, 'payroll')).toEqual(['group:finance', 'user:ada']);
});

test.each([
  [0, 'fresh'],
  [5 * 60_000, 'fresh'],
  [5 * 60_000 + 1, 'recent'],
  [30 * 60_000, 'recent'],
  [30 * 60_000 + 1, 'old'],
  [-1, 'old'],
  [Number.NaN, 'old'],
])('a proof of %d ms ago is %s', (age, band) => {
  expect(freshnessOf(1_000_000_000 - age, 1_000_000_000)).toBe(band);
});
