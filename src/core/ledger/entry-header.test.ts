/** The bytes of a header: frozen examples, exact inversion, and refusal of every other spelling. */
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bytesOf, hasher } from '../../../test/support/ledger-world.ts';
import { encodeHeader, type EntryHeader } from './entry-header.ts';
import { commitGroup } from './field-group.ts';
import { readUtf8, toUtf8 } from './verification/read-text.ts';
import { readHeader } from './verification/scan-header.ts';

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('utf8');
const bytes = (value: string): Uint8Array => Buffer.from(value, 'utf8');

const sample: EntryHeader = {
  seq: 12,
  tenant: 'main',
  at: 1_763_700_000_123,
  stream: 'execution:abc',
  type: 'task-ended',
  actor: 'p-7',
  subjects: ['s-1', 's-2'],
  commitments: [
    { group: 'rest', hash: new Uint8Array(32).fill(255) },
    { group: 'personal', hash: new Uint8Array(32) },
  ],
};

const sampleText =
  '{"actor":"p-7","at":1763700000123,"commitments":{' +
  '"personal":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",' +
  '"rest":"//////////////////////////////////////////8="},' +
  '"seq":12,"stream":"execution:abc","subjects":["s-1","s-2"],"tenant":"main","type":"task-ended"}';

describe('encoding', () => {
  test('a header has one form, with sorted keys and groups', () => {
    expect(text(encodeHeader(sample))).toBe(sampleText);
  });

  test('text is escaped as RFC 8785 says', () => {
    const odd = '"\\/\b\f\n\r\t\u0000\u000b\u001f\u007f\u2028é€😀';
    expect(text(encodeHeader({ ...sample, actor: odd }))).toContain(
      '"actor":"\\"\\\\/\\b\\f\\n\\r\\t\\u0000\\u000b\\u001f\u007f\u2028é€😀"',
    );
  });

  test('what the form cannot say is refused', () => {
    const refused: readonly Partial<EntryHeader>[] = [
      { actor: 'a\ud800b' },
      { tenant: '\udfff' },
      { subjects: ['\ud83d'] },
      { seq: 0 },
      { seq: 1.5 },
      { at: -1 },
      { at: Number.NaN },
      { at: 2 ** 53 },
      { commitments: [{ group: 'Upper', hash: new Uint8Array(32) }] },
      { commitments: [{ group: 'rest', hash: new Uint8Array(31) }] },
      { commitments: [sample.commitments[0]!, sample.commitments[0]!] },
    ];
    for (const part of refused) expect(() => encodeHeader({ ...sample, ...part })).toThrow('bug:');
  });

  test('negative zero is written as zero', () => {
    expect(text(encodeHeader({ ...sample, at: -0 }))).toContain('"at":0,');
  });
});

const anyHeader: fc.Arbitrary<EntryHeader> = fc.record({
  seq: fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
  tenant: fc.string({ unit: 'binary' }),
  at: fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }),
  stream: fc.string({ unit: 'grapheme' }),
  type: fc.string(),
  actor: fc.string({ unit: 'binary' }),
  subjects: fc.array(fc.string({ unit: 'binary' }), { maxLength: 3 }),
  commitments: fc.uniqueArray(
    fc.record({
      group: fc.stringMatching(/^[a-z][a-z0-9-]{0,63}$/),
      hash: fc.uint8Array({ minLength: 32, maxLength: 32 }),
    }),
    { maxLength: 3, selector: ({ group }) => group },
  ),
});

describe('reading', () => {
  test('reading inverts encoding, and JSON.parse agrees', () => {
    fc.assert(
      fc.property(anyHeader, (header) => {
        const encoded = encodeHeader(header);
        const read = readHeader(encoded);
        const commitments = header.commitments.toSorted((a, b) => (a.group < b.group ? -1 : 1));
        expect(read).toEqual({ ...header, commitments });
        const parsed = JSON.parse(text(encoded)) as Record<string, unknown>;
        expect(Object.keys(parsed)).toEqual(Object.keys(parsed).toSorted());
        expect(parsed).toMatchObject({ actor: header.actor, seq: header.seq, at: header.at });
      }),
    );
  });

  test('whatever is read after a change of any byte is encoded to the same bytes again', () => {
    const original = encodeHeader({ ...sample, actor: 'é😀\n\u0001"' });
    let readCount = 0;
    for (let at = 0; at < original.length; at += 1) {
      for (let value = 0; value < 256; value += 1) {
        const changed = original.slice();
        changed[at] = value;
        const read = readHeader(changed);
        if (read === undefined) continue;
        readCount += 1;
        expect(Buffer.compare(encodeHeader(read), changed)).toBe(0);
      }
    }
    expect(readCount).toBeGreaterThan(original.length);
  });

  test('whatever is read after removing or inserting a piece is encoded to the same bytes', () => {
    const piece = fc.constantFrom(
      '',
      ' ',
      '0',
      '"',
      ',',
      '\\u0041',
      '\\/',
      '\\u000a',
      '{}',
      'é',
      '-',
      '.0',
      'e1',
    );
    fc.assert(
      fc.property(fc.nat(sampleText.length), fc.nat(3), piece, (at, cut, inserted) => {
        const changed = bytes(sampleText.slice(0, at) + inserted + sampleText.slice(at + cut));
        const read = readHeader(changed);
        return read === undefined || Buffer.compare(encodeHeader(read), changed) === 0;
      }),
      { numRuns: 3_000 },
    );
  });

  test('other spellings of the same header are refused', () => {
    expect(readHeader(bytes(sampleText))).toBeDefined();
    const spellings: readonly (readonly [string, string])[] = [
      ['"seq":12', '"seq":012'],
      ['"seq":12', '"seq":12.0'],
      ['"seq":12', '"seq":-12'],
      ['"seq":12', '"seq":0'],
      ['"seq":12', '"seq":9007199254740992'],
      ['"seq":12', '"seq":99999999999999999999'],
      ['{"actor"', '{ "actor"'],
      ['"p-7"', '"p\\u002d7"'],
      ['"p-7"', '"p-7\\u000A"'],
      ['"p-7"', '"p-7\\u000a"'],
      ['"p-7"', '"p-7\\/"'],
      ['"p-7"', '"p-7\n"'],
      ['AAA=', 'AAB='],
      ['AAA=', 'AA=='],
      ['"personal"', '"zersonal"'],
      ['"rest"', '"personal"'],
      ['"rest"', '"Rest"'],
      ['"rest"', `"r${'e'.repeat(64)}"`],
      [',"tenant":"main"', ''],
      [',"type"', ',"x":1,"type"'],
      ['ended"}', 'ended"}\n'],
      ['ended"}', 'ended"'],
    ];
    for (const [from, to] of spellings) {
      expect(sampleText).toContain(from);
      expect(readHeader(bytes(sampleText.replace(from, to))), to).toBeUndefined();
    }
  });

  test('bytes that are no UTF-8 are refused', () => {
    for (const bad of ['c080', 'eda080', 'f4908080', 'e282', 'ff', '80', 'f8888080']) {
      const actor = Buffer.concat([
        bytes('{"actor":"'),
        Buffer.from(bad, 'hex'),
        bytes(sampleText.slice(10)),
      ]);
      expect(readHeader(actor), bad).toBeUndefined();
      expect(readUtf8(Buffer.from(bad, 'hex')), bad).toBeUndefined();
    }
  });

  test('UTF-8 is read and written as Node does', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 9_000 }), (value) => {
        expect(readUtf8(bytes(value))).toBe(value);
        expect(Buffer.from(toUtf8(value)!)).toEqual(bytes(value));
      }),
      { numRuns: 50 },
    );
    expect(toUtf8('\ud800')).toBeUndefined();
  });
});

test('a commitment is the hash of label, group, salt and payload', () => {
  const salt = bytesOf('salt');
  const expected = createHash('sha256')
    .update('sluice/commitment/v1\0personal\0')
    .update(salt)
    .update('{"name":"Ada"}')
    .digest();
  const hash = commitGroup(hasher, 'personal', salt, bytes('{"name":"Ada"}'));
  expect(Buffer.from(hash)).toEqual(expected);
  expect(() => commitGroup(hasher, 'personal', salt.subarray(1), salt)).toThrow('bug:');
  expect(() => commitGroup(hasher, 'a\0b', salt, salt)).toThrow('bug:');
});
