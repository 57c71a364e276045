/** Tests of how lists of addresses are read. */
import { describe, expect, test } from 'vitest';
import { countAddresses, domainsIn, readAddresses } from './read-addresses.ts';

describe('a list of addresses', () => {
  test('is separated by semicolons or commas, and may hold names', () => {
    const list = ' ada@example.org; Grace H <grace@example.org>, "Doe, Jane" <jane@example.org>;;';
    expect(readAddresses('to', list)).toEqual([
      { address: 'ada@example.org' },
      { name: 'Grace H', address: 'grace@example.org' },
      { name: 'Doe, Jane', address: 'jane@example.org' },
    ]);
    expect(countAddresses(list)).toBe(3);
    expect(readAddresses('to', '')).toEqual([]);
    expect(readAddresses('to')).toEqual([]);
  });

  test.each([
    'ada',
    'ada@',
    '@example.org',
    'ada@example.org grace@example.org',
    'ada@example.org\r\nBcc: grace@example.org',
    'Ada\r\nBcc: x <ada@example.org>',
    'Ada <ada@example.org',
    'Ada <ada@example.org> x',
    '<ada@example.org><grace@example.org>',
    '"Ada <ada@example.org>',
    'ada@[127.0.0.1]',
    'ada\u2028@example.org',
    `${'a'.repeat(65)}@example.org`,
    'group:ada@example.org',
  ])('is refused where it holds %j', (list) => {
    expect(() => readAddresses('to', list)).toThrowError(
      expect.objectContaining({ code: 'task.input-invalid' }),
    );
  });

  test('has the domains of its addresses', () => {
    expect(
      domainsIn(['a@Example.org; B <b@other.example>', 'c@example.org', undefined, 'x']),
    ).toEqual(['example.org', 'other.example']);
  });
});
