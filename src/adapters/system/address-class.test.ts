/** Every form of an address that is not of the public internet is told from one that is. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addressClass } from './address-class.ts';

/** The same rules a second time, by arithmetic on one number. */
function isGlobalNumber(value: number): boolean {
  const within = (base: readonly number[], bits: number): boolean => {
    const [a = 0, b = 0, c = 0, d = 0] = base;
    const start = a * 2 ** 24 + b * 2 ** 16 + c * 2 ** 8 + d;
    return value >= start && value < start + 2 ** (32 - bits);
  };
  return !(
    within([0], 8) ||
    within([10], 8) ||
    within([100, 64], 10) ||
    within([127], 8) ||
    within([169, 254], 16) ||
    within([172, 16], 12) ||
    within([192, 0, 0], 24) ||
    within([192, 0, 2], 24) ||
    within([192, 88, 99], 24) ||
    within([192, 168], 16) ||
    within([198, 18], 15) ||
    within([198, 51, 100], 24) ||
    within([203, 0, 113], 24) ||
    value >= 224 * 2 ** 24 ||
    value === 168 * 2 ** 24 + 63 * 2 ** 16 + 129 * 2 ** 8 + 16
  );
}

const dotted = (value: number): string =>
  [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join('.');
const hex = (value: number): string => value.toString(16);

/** Numbers, with many near the borders of ranges. */
const border = fc
  .tuple(
    fc.constantFrom(0, 1, 10, 11, 100, 127, 128, 169, 172, 192, 198, 203, 223, 224, 240, 255),
    fc.constantFrom(0, 16, 18, 19, 20, 31, 32, 51, 63, 64, 88, 127, 128, 168, 169, 254, 255),
    fc.constantFrom(0, 1, 2, 3, 99, 100, 113, 114, 129, 255),
    fc.constantFrom(0, 1, 16, 254, 255),
  )
  .map(([a, b, c, d]) => a * 2 ** 24 + b * 2 ** 16 + c * 2 ** 8 + d);
const number4 = fc.oneof(border, fc.integer({ min: 0, max: 2 ** 32 - 1 }));

describe('an IPv4 address', () => {
  test('is global exactly when no range says otherwise', () => {
    fc.assert(
      fc.property(number4, (value) => {
        expect(addressClass(dotted(value)) === 'global').toBe(isGlobalNumber(value));
      }),
      { numRuns: 5_000 },
    );
  });

  test('is judged alike inside an IPv6 one, in whatever spelling', () => {
    fc.assert(
      fc.property(number4, (value) => {
        const [high, low] = [hex(Math.floor(value / 65_536)), hex(value % 65_536)];
        for (const spelled of [
          `::ffff:${dotted(value)}`,
          `::FFFF:${high}:${low}`,
          `0:0:0:0:0:ffff:${high}:${low}`,
          `0000:0000:0000:0000:0000:ffff:${dotted(value)}`,
        ]) {
          expect(addressClass(spelled)).toBe(addressClass(dotted(value)));
        }
      }),
    );
  });

  test('is not global inside a translated, tunnelled or compatible IPv6 one', () => {
    fc.assert(
      fc.property(number4, (value) => {
        const [high, low] = [hex(Math.floor(value / 65_536)), hex(value % 65_536)];
        for (const carrier of [
          `64:ff9b::${high}:${low}`,
          `64:ff9b:1::${high}:${low}`,
          `2002:${high}:${low}::1`,
          `2001:0:${high}:${low}::1`,
          `::${high}:${low}`,
        ]) {
          expect(addressClass(carrier)).not.toBe('global');
        }
      }),
    );
  });

  test.each([
    '',
    '1.2.3',
    '1.2.3.4.5',
    '256.1.1.1',
    '01.2.3.4',
    '0x7f.1',
    '2130706433',
    '8.8.8.8 ',
    'localhost',
  ])('that is none (%j) is not global', (text) => expect(addressClass(text)).toBe('private'));
});

describe('an IPv6 address', () => {
  test('outside the block that is handed out is not global', () => {
    const groups = fc.array(fc.integer({ min: 0, max: 0xffff }), { minLength: 8, maxLength: 8 });
    fc.assert(
      fc.property(groups, (all) => {
        const isHandedOut = ((all[0] ?? 0) & 0xe000) === 0x2000;
        if (!isHandedOut) expect(addressClass(all.map(hex).join(':'))).not.toBe('global');
      }),
      { numRuns: 2_000 },
    );
  });

  test.each([
    '2606:4700:4700::1111',
    '2a00:1450:4001::200e',
    '2001:4860:4860::8888',
    '2400::1',
    '3ffe::1',
  ])('%s is global', (address) => expect(addressClass(address)).toBe('global'));

  test.each([
    '::',
    '::1',
    '0:0:0:0:0:0:0:1',
    'fc00::1',
    'fdff::1',
    'fe80::1',
    'fe80::1%eth0',
    '2606:4700::1%1',
    'fec0::1',
    'ff02::1',
    '100::1',
    '2001::1',
    '2001:1ff:ffff::1',
    '2001:db8::1',
    '2002:808:808::1',
    '3fff::1',
    '4000::1',
    '64:ff9b::808:808',
    '[::1]',
    ':::',
  ])('%s is not', (address) => expect(addressClass(address)).toBe('private'));
});

test.each([
  '169.254.169.254',
  '::ffff:169.254.169.254',
  '::ffff:a9fe:a9fe',
  'fd00:ec2::254',
  'FD00:0EC2:0::254',
  '100.100.100.200',
  '168.63.129.16',
])('%s is where a cloud hands out credentials', (address) =>
  expect(addressClass(address)).toBe('metadata'),
);
