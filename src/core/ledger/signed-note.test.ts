/** Signed notes, checkpoints and cosignatures: known examples, the other reading, every refusal. */
import { describe, expect, test } from 'vitest';
import { openIndependently } from '../../../test/support/independent-note.ts';
import {
  bytesOf,
  checks,
  hasher,
  logSigner,
  signerOf,
} from '../../../test/support/ledger-world.ts';
import { checkpointText } from './checkpoint.ts';
import { encodeBase64, encodeUtf8 } from './encode-text.ts';
import { cosignCheckpoint, formatVerifierKey, signatureTypes, signNote } from './signed-note.ts';
import { openCheckpoint, parseCheckpoint } from './verification/open-checkpoint.ts';
import { openNote, parseVerifierKey } from './verification/open-note.ts';
import { readBase64 } from './verification/read-text.ts';

const keyOf = (text: string) => {
  const key = parseVerifierKey(hasher, text);
  if (key === undefined) throw new Error(`no key: ${text}`);
  return key;
};
const vkeyOf = (signer = logSigner, type?: 0x01 | 0x04) =>
  formatVerifierKey(hasher, signer.name, signer.publicKey, type);
const open = (note: string | Uint8Array, ...vkeys: string[]) =>
  openNote(checks, note, vkeys.map(keyOf));
const reason = async (note: string | Uint8Array, ...vkeys: string[]) => {
  const opened = await open(note, ...vkeys);
  return 'reason' in opened ? opened.reason : undefined;
};

// The example that the format is known by.
const knownKey = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW';
const knownText =
  "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
const knownNote = `${knownText}\n— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n`;

describe('known examples', () => {
  test('the known note opens under its key', async () => {
    expect(await open(knownNote, knownKey)).toMatchObject({
      text: knownText,
      signatures: [{ key: { name: 'PeterNeumann' } }],
    });
    expect(await open(Buffer.from(knownNote), knownKey)).toMatchObject({ text: knownText });
  });

  test('the checkpoint of the specification has its form', () => {
    const text =
      'example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n';
    const parsed = parseCheckpoint(text);
    expect(parsed).toMatchObject({ origin: 'example.com/behind-the-sofa', size: 20_852_163 });
    expect(checkpointText(parsed!)).toBe(text);
  });

  test('a known key whose signature is wrong refuses the whole note', async () => {
    const changed = knownNote.replace('the answer', 'an answer');
    expect(await reason(changed, knownKey)).toBe('has a wrong signature of `PeterNeumann`');
    const both = await signNote(hasher, knownText, [logSigner]);
    const second = `${both}${changed.slice(changed.indexOf('—')).replace('x08go/ZJ', 'x08go/ZK')}`;
    expect(await reason(second, vkeyOf(), knownKey)).toBe(
      'has a wrong signature of `PeterNeumann`',
    );
    expect(await reason(second, vkeyOf())).toBeUndefined();
  });
});

describe('notes', () => {
  test('what we sign opens here and in the other reading', async () => {
    const text = 'first\n\nan empty line before\nlast — ünïcode 😀\n';
    const other = signerOf('other.example/key');
    const note = await signNote(hasher, text, [logSigner, other]);
    const vkeys = [vkeyOf(), vkeyOf(other)];
    expect(openIndependently(note, vkeys)).toMatchObject({
      text,
      names: [logSigner.name, other.name],
    });
    expect(await open(note, ...vkeys)).toMatchObject({ text });
  });

  test('signatures of unknown keys are ignored, but one must be known', async () => {
    const stranger = signerOf('stranger.example');
    const namesake = signerOf(logSigner.name, 'another seed');
    const note = await signNote(hasher, 'text\n', [stranger, namesake, logSigner]);
    expect(await open(note, vkeyOf())).toMatchObject({
      signatures: [{ key: logSigner.name && {} }],
    });
    const without = await signNote(hasher, 'text\n', [stranger, namesake]);
    expect(await reason(without, vkeyOf())).toBe('is signed by none of the trusted keys');
  });

  test('a key that signs twice counts once', async () => {
    const note = await signNote(hasher, 'text\n', [logSigner, logSigner]);
    const opened = await open(note, vkeyOf());
    expect('signatures' in opened && opened.signatures).toHaveLength(1);
  });

  test('what is no note is refused', async () => {
    const note = await signNote(hasher, 'text\n', [logSigner]);
    const line = note.slice(note.indexOf('—'));
    const refused: readonly (readonly [string | Uint8Array, string])[] = [
      ['', 'has no signatures after an empty line'],
      ['text\n', 'has no signatures after an empty line'],
      [note.slice(0, -1), 'has no signatures after an empty line'],
      [`text\n${line}`, 'has no signatures after an empty line'],
      ['text\n\n', 'has the line ``, which is no signature'],
      [`${note}\n`, 'has the line ``, which is no signature'],
      [
        `text\n\n\n${line.slice(1)}`,
        `has the line \`${line.slice(1, 61).trimEnd()}\`, which is no signature`,
      ],
      [note.replace('text', 'te\txt'), 'holds a control character'],
      [note.replaceAll('\n', '\r\n'), 'holds a control character'],
      [note.replace('text', 'te\ud800xt'), 'is no UTF-8 text'],
      [Buffer.concat([Buffer.from([0xff]), Buffer.from(note)]), 'is no UTF-8 text'],
      [`text\n\n${line.repeat(101)}`, 'has too many signatures'],
      [`${'x'.repeat(1_000_000)}\n\n${line}`, 'is too long for a note'],
    ];
    for (const [value, expected] of refused) expect(await reason(value, vkeyOf())).toBe(expected);
    // Sixteen signatures must be accepted by whoever follows the specification.
    expect(await reason(`text\n\n${line.repeat(16)}`, vkeyOf())).toBeUndefined();
  });

  test('signature lines have one spelling', async () => {
    const note = await signNote(hasher, 'text\n', [logSigner]);
    for (const [from, to] of [
      ['— ', '- '],
      ['— ', '—  '],
      ['=\n', '\n'],
      ['=\n', '= \n'],
      ['=\n', '==\n'],
      [logSigner.name, 'led ger'],
      [logSigner.name, 'led+ger'],
      [logSigner.name, 'led\u00a0ger'],
      [logSigner.name, ''],
    ] as const) {
      expect(await reason(note.replace(from, to), vkeyOf()), to).toContain('is no signature');
    }
  });
});

describe('verifier keys', () => {
  test('a key is written and read in one form', () => {
    expect(keyOf(vkeyOf())).toMatchObject({ name: logSigner.name, kind: 'note' });
    expect(keyOf(vkeyOf(logSigner, signatureTypes.cosignature)).kind).toBe('cosignature');
    const { id, publicKey } = keyOf(knownKey);
    expect(Buffer.from(id).toString('hex')).toBe('c74f20a3');
    expect(formatVerifierKey(hasher, 'PeterNeumann', publicKey)).toBe(knownKey);
  });

  test('what is no key of a kind we know is refused', () => {
    const ecdsa = readBase64(knownKey.split('+').slice(2).join('+'))!;
    ecdsa[0] = 2;
    for (const text of [
      '',
      'PeterNeumann',
      knownKey.replace('c74f20a3', 'c74f20a4'),
      knownKey.replace('c74f20a3', 'C74F20A3'),
      knownKey.replace('Peter', 'Pete'),
      knownKey.replace('PeterNeumann', 'Peter Neumann'),
      knownKey.slice(0, -4),
      `PeterNeumann+c74f20a3+${encodeBase64(ecdsa)}`,
    ]) {
      expect(parseVerifierKey(hasher, text), text).toBeUndefined();
    }
  });
});

describe('checkpoints', () => {
  const witness = signerOf('witness.example/w1');
  const second = signerOf('witness.example/w2');
  const text = checkpointText({ origin: logSigner.name, size: 7, root: bytesOf('root') });
  const trusted = {
    log: [vkeyOf()],
    witnesses: [vkeyOf(witness, 0x04), vkeyOf(second, 0x04)],
    witnessMin: 1,
  };
  const why = async (note: string, keys: Parameters<typeof openCheckpoint>[2] = trusted) => {
    const opened = await openCheckpoint(checks, note, keys);
    return 'reason' in opened ? opened.reason : undefined;
  };

  test('a cosigned checkpoint opens here and in the other reading', async () => {
    const note = await cosignCheckpoint(
      hasher,
      await signNote(hasher, text, [logSigner]),
      witness,
      1_763_700_000,
    );
    expect(await openCheckpoint(checks, note, trusted)).toMatchObject({
      origin: logSigner.name,
      size: 7,
      signatures: [
        { key: { kind: 'note' } },
        { key: { kind: 'cosignature' }, time: 1_763_700_000 },
      ],
    });
    expect(openIndependently(note, [...trusted.log, ...trusted.witnesses])).toEqual({
      text,
      names: [logSigner.name, witness.name],
      times: [1_763_700_000],
    });
  });

  test('the time of a cosignature is part of what is signed', async () => {
    const note = await cosignCheckpoint(
      hasher,
      await signNote(hasher, text, [logSigner]),
      witness,
      1_763_700_000,
    );
    const encoded = note.trimEnd().split(' ').at(-1)!;
    const bytes = readBase64(encoded)!;
    bytes[11]! ^= 1;
    expect(await why(note.replace(encoded, encodeBase64(bytes)))).toContain('wrong signature');
  });

  test('too few witnesses, and one witness twice, are too few', async () => {
    const note = await signNote(hasher, text, [logSigner]);
    expect(await why(note)).toBe('is cosigned by 0 of at least 1 witnesses');
    const once = await cosignCheckpoint(hasher, note, witness, 1);
    const twice = await cosignCheckpoint(hasher, once, witness, 2);
    expect(await why(twice, { ...trusted, witnessMin: 2 })).toContain('1 of at least 2');
    const both = await cosignCheckpoint(hasher, once, second, 2);
    expect(await why(both, { ...trusted, witnessMin: 2 })).toBeUndefined();
  });

  test('a witness alone does not make a checkpoint, nor a key of another log', async () => {
    const other = signerOf('other.example/log');
    const byOther = await signNote(hasher, text, [other]);
    const cosigned = await cosignCheckpoint(hasher, byOther, witness, 1);
    expect(await why(cosigned)).toContain('which no trusted key of the log signed for');
    expect(await why(byOther, { log: [vkeyOf(other)] })).toContain('which no trusted key');
    expect(await why(byOther, { log: [vkeyOf(other)], origin: logSigner.name })).toBeUndefined();
    const own = await signNote(hasher, text, [logSigner]);
    expect(await why(own, { log: [vkeyOf()], origin: 'elsewhere' })).toContain('no trusted key');
  });

  test('a log that changed its key is verified under both', async () => {
    const later = signerOf(logSigner.name, 'second key of the log');
    const keys = { log: [vkeyOf(), vkeyOf(later)] };
    expect(await why(await signNote(hasher, text, [logSigner]), keys)).toBeUndefined();
    expect(await why(await signNote(hasher, text, [later]), keys)).toBeUndefined();
    expect(await why(await signNote(hasher, text, [later]), { log: [vkeyOf()] })).toBeDefined();
  });

  test('keys of the wrong kind are told', async () => {
    const note = await signNote(hasher, text, [logSigner]);
    expect(await why(note, { log: [vkeyOf(logSigner, 0x04)] })).toContain(
      'no verifier key of a log',
    );
    expect(await why(note, { log: [vkeyOf()], witnesses: [vkeyOf()] })).toContain('of a witness');
  });

  test('a signed note that is no checkpoint is refused', async () => {
    for (const body of [
      'origin\n7\n',
      `\n7\n${encodeBase64(bytesOf('root'))}\n`,
      `${logSigner.name}\n07\n${encodeBase64(bytesOf('root'))}\n`,
      `${logSigner.name}\n-7\n${encodeBase64(bytesOf('root'))}\n`,
      `${logSigner.name}\n9007199254740993\n${encodeBase64(bytesOf('root'))}\n`,
      `${logSigner.name}\n7\n${encodeBase64(bytesOf('root').subarray(1))}\n`,
      `${text}\nextension after an empty line\n`,
    ]) {
      const note = await signNote(hasher, body, [logSigner]);
      expect(await why(note, { log: [vkeyOf()] }), body).toBe(
        'is a signed note, but no checkpoint',
      );
    }
    const extended = await signNote(hasher, `${text}extension\n`, [logSigner]);
    expect(await why(extended, { log: [vkeyOf()] })).toBeUndefined();
  });
});

test('Base64 and UTF-8 are written as Node writes them', () => {
  for (let length = 0; length < 40; length += 1) {
    const bytes = Buffer.concat([bytesOf(`${length}`), bytesOf('more')]).subarray(0, length);
    expect(encodeBase64(bytes)).toBe(bytes.toString('base64'));
    expect(readBase64(encodeBase64(bytes))).toEqual(new Uint8Array(bytes));
  }
  expect(Buffer.from(encodeUtf8('aé€😀\u0000'))).toEqual(Buffer.from('aé€😀\u0000'));
  expect(() => encodeUtf8('a\ud800')).toThrow('bug:');
});
