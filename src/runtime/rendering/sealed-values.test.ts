/**
 * Sealing and reading back: what holds a secret is never stored as it is, and nothing else changes.
 * The cipher is the real one, with a key in a folder of the test.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { createKeyFileCipher } from '../../adapters/system/key-file-cipher.ts';
import { encodeValue, mapOf, type Value } from '../../core/value/index.ts';
import { hideIn, hideSealed, holdsSealed, seal, sealSecrets, unseal } from './sealed-values.ts';

const folder = mkdtempSync(join(tmpdir(), 'sluice-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const cipher = createKeyFileCipher(join(folder, 'key'));
const secret = 'canary-7f3e9a1c';
const secrets = new Set([secret]);

const texts = fc.oneof(
  fc.string(),
  fc.constant(secret),
  fc.string().map((text) => `${text}${secret}!`),
);
const values: fc.Arbitrary<Value> = fc.letrec<{ value: Value }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    texts,
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('value')),
    fc.dictionary(fc.string(), tie('value')).map(mapOf),
  ),
})).value;

describe('sealing', () => {
  test('hides every secret in what is stored and shown, and gives back the same value', () => {
    fc.assert(
      fc.property(values, (value) => {
        const sealed = sealSecrets(value, secrets, cipher);
        expect(encodeValue(sealed)).not.toContain(secret);
        expect(encodeValue(hideSealed(sealed))).not.toContain(secret);
        const used = new Set<string>();
        expect(unseal(sealed, cipher, (text) => used.add(text))).toEqual(value);
        expect(used.size > 0).toBe(holdsSealed(sealed));
        for (const text of used) expect(text).toContain(secret);
      }),
      { numRuns: 200 },
    );
  });

  test('leaves a value without secrets as it is, without a copy', () => {
    const value = mapOf({ a: ['x', mapOf({ b: 1 })] });
    expect(sealSecrets(value, secrets, cipher)).toBe(value);
    expect(unseal(value, cipher, () => undefined)).toBe(value);
    expect(hideSealed(value)).toBe(value);
  });

  test('shows the text around a secret, and stars for a sealed input', () => {
    expect(hideSealed(sealSecrets(`Bearer ${secret}`, secrets, cipher))).toBe('Bearer ********');
    expect(hideSealed(seal('pin', cipher))).toBe('********');
  });

  test('hides the longer of two secrets first, and leaves very short ones', () => {
    expect(hideIn('abcdef abc a', ['abc', 'abcdef', 'a'])).toBe('******** ******** a');
  });
});
