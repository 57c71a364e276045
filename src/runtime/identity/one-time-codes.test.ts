/** Codes of authenticator apps: the vectors of RFC 6238, each code once; recovery codes. */
import { expect, test } from 'vitest';
import {
  base32,
  codeOf,
  fromBase32,
  keptRecoveryCode,
  makeRecoveryCodes,
  matchingStep,
} from './one-time-codes.ts';

const text = '12345678901234567890';
const seeds = {
  sha1: Buffer.from(text),
  sha256: Buffer.from(`${text}123456789012`),
  sha512: Buffer.from(`${text}${text}${text}1234`),
};

test.each([
  [59, '94287082', '46119246', '90693936'],
  [1_111_111_109, '07081804', '68084774', '25091201'],
  [1_111_111_111, '14050471', '67062674', '99943326'],
  [1_234_567_890, '89005924', '91819424', '93441116'],
  [2_000_000_000, '69279037', '90698825', '38618901'],
  [20_000_000_000, '65353130', '77737706', '47863826'],
])('gives the codes of RFC 6238 at %i', (seconds, sha1, sha256, sha512) => {
  const step = Math.floor(seconds / 30);
  expect(codeOf(seeds.sha1, step, { digits: 8 })).toBe(sha1);
  expect(codeOf(seeds.sha256, step, { digits: 8, algorithm: 'sha256' })).toBe(sha256);
  expect(codeOf(seeds.sha512, step, { digits: 8, algorithm: 'sha512' })).toBe(sha512);
});

test('accepts a code of the step before and after, and none of those used', () => {
  const now = 1_234_567_890_000;
  const step = Math.floor(now / 30_000);
  for (const offset of [-1, 0, 1]) {
    expect(matchingStep(seeds.sha1, codeOf(seeds.sha1, step + offset), now, -1)).toBe(
      step + offset,
    );
  }
  expect(matchingStep(seeds.sha1, codeOf(seeds.sha1, step), now, step)).toBeUndefined();
  expect(matchingStep(seeds.sha1, codeOf(seeds.sha1, step - 2), now, -1)).toBeUndefined();
  for (const wrong of ['', '12345', '1234567', 'abcdef', '０１２３４５']) {
    expect(matchingStep(seeds.sha1, wrong, now, -1)).toBeUndefined();
  }
});

test('writes and reads base 32', () => {
  expect(base32(Buffer.from('foobar'))).toBe('MZXW6YTBOI');
  expect(Buffer.from(fromBase32('mzxw 6ytboi')).toString()).toBe('foobar');
});

test('makes recovery codes that are all different and kept as hashes', () => {
  const { codes, kept } = makeRecoveryCodes();
  expect(new Set(codes).size).toBe(10);
  expect(kept).toEqual(codes.map(keptRecoveryCode));
  expect(keptRecoveryCode((codes[0] ?? '').toLowerCase().replaceAll('-', ' '))).toBe(kept[0]);
  expect(JSON.stringify(kept)).not.toContain(codes[0]);
});
