/**
 * Archives of flows: what is written is read again, also by others' rules, and what is no plain archive of
 * YAML files is refused as a whole, whatever it claims.
 */
import { deflateRawSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { Failure } from '../../core/failure/index.ts';
import { isArchive, readArchive, writeArchive } from './flow-archive.ts';

const files = [
  { name: 'a.one.yml', text: 'id: one\nnamespace: a\n' },
  { name: 'ü.two.yaml', text: '' },
  { name: 'a.three.yml', text: 'x: y\n'.repeat(5_000) },
];
const one = [{ name: 'a.one.yml', text: 'id: one\n' }];

async function refusal(bytes: Buffer): Promise<string> {
  try {
    await readArchive(bytes);
  } catch (error) {
    if (error instanceof Failure) return `${error.code}: ${error.message}`;
    throw error;
  }
  return 'read';
}

/** Returns an archive of one file with `change` done to it; the list begins at `list`. */
function changed(change: (bytes: Buffer, list: number) => Buffer | undefined, of = one): Buffer {
  const bytes = writeArchive(of);
  return change(bytes, bytes.readUInt32LE(bytes.length - 6)) ?? bytes;
}

/** Returns an archive of one file that says other numbers of itself, in both places. */
function saying(at: number, value: number, isLong = true): Buffer {
  return changed((bytes, list) => {
    for (const place of [4 + at, list + 6 + at]) {
      if (isLong) bytes.writeUInt32LE(value, place);
      else bytes.writeUInt16LE(value, place);
    }
    return bytes;
  });
}

const named = (name: string): Buffer => writeArchive([{ name, text: 'id: one\n' }]);

test('what is written is read again', async () => {
  const bytes = writeArchive(files);
  expect(isArchive(bytes)).toBe(true);
  expect(await readArchive(bytes)).toEqual(files);
  expect(await readArchive(writeArchive([]))).toEqual([]);
  expect(writeArchive(files)).toEqual(bytes);
});

test('a comment, and folders, are no trouble', async () => {
  const commented = changed((bytes) => {
    bytes.writeUInt16LE(4, bytes.length - 2);
    return Buffer.concat([bytes, Buffer.from('made')]);
  });
  expect(await readArchive(commented)).toEqual(one);
  const inFolder = writeArchive([
    { name: 'flows/', text: '' },
    { name: 'flows/a.yml', text: 'x' },
  ]);
  expect(await readArchive(inFolder)).toEqual([{ name: 'flows/a.yml', text: 'x' }]);
});

describe('refuses', () => {
  const many = Array.from({ length: 2_001 }, (_none, at) => ({ name: `${at}.yml`, text: '' }));
  const bomb = [{ name: 'a.yml', text: ' '.repeat(1_000_000) }];
  const large = [{ name: 'a.yml', text: 'x'.repeat(1_048_577) }];
  test.each<readonly [string, () => Buffer, string]>([
    ['nothing', () => Buffer.from('PK'), 'too short'],
    ['a text', () => Buffer.from(`PK${'x'.repeat(100)}`), 'no list'],
    ['a cut archive', () => changed((bytes) => bytes.subarray(0, -1)), 'no list'],
    ['a cut beginning', () => changed((bytes) => bytes.subarray(5)), 'does not end where'],
    ['a name that climbs', () => named('../a.yml'), 'outside'],
    ['a name inside that climbs', () => named('a/../../b.yml'), 'outside'],
    ['an absolute name', () => named('/etc/a.yml'), 'outside'],
    ['a name of a drive', () => named('C:\\a.yml'), 'outside'],
    ['a name with a zero', () => named('a\0.yml'), 'outside'],
    ['a program', () => named('a.sh'), 'no YAML file'],
    ['two of one name', () => writeArchive([...one, ...one]), 'two files of one name'],
    ['a password', () => saying(2, 0x0801, false), 'encrypted'],
    ['an unknown packing', () => saying(4, 12, false), 'unknown way'],
    ['too many files', () => writeArchive(many), 'more than 2000 files'],
    ['too large a file', () => writeArchive(large), 'makes too much'],
    ['an absurd ratio', () => writeArchive(bomb), 'makes too much'],
    ['a size that is too small', () => saying(18, 3), 'as it says'],
    ['a size that is too large', () => saying(18, 300), 'damaged'],
    ['another content', () => saying(10, 7), 'damaged'],
    ['a content beyond the list', () => saying(14, 5_000), 'two things'],
    [
      'another name in front of the content',
      () => changed((bytes) => (bytes.write('b', 30), bytes)),
      'two things',
    ],
    [
      'a list that is longer than it says',
      () =>
        changed(
          (bytes) => (
            bytes.writeUInt16LE(0, bytes.length - 14),
            bytes.writeUInt16LE(0, bytes.length - 12),
            bytes
          ),
        ),
      'more files',
    ],
    [
      'a list that is shorter than it says',
      () =>
        changed(
          (bytes) => (
            bytes.writeUInt16LE(2, bytes.length - 14),
            bytes.writeUInt16LE(2, bytes.length - 12),
            bytes
          ),
        ),
      'fewer files',
    ],
    [
      'a place that is none',
      () => changed((bytes, list) => (bytes.writeUInt32LE(0xfffffff0, list + 42), bytes)),
      'where it says',
    ],
    [
      'the form for huge ones',
      () => changed((bytes) => (bytes.writeUInt32LE(0xffffffff, bytes.length - 6), bytes)),
      'huge',
    ],
    [
      'a part of several',
      () => changed((bytes) => (bytes.writeUInt16LE(1, bytes.length - 18), bytes)),
      'part of another',
    ],
    [
      'the same content for two files',
      () => {
        const two = writeArchive([
          { name: 'a.yml', text: 'x' },
          { name: 'b.yml', text: 'x' },
        ]);
        const list = two.readUInt32LE(two.length - 6);
        two.writeUInt32LE(0, list + 46 + 5 + 42);
        two.write('a', list + 46 + 5 + 46);
        return two;
      },
      'overlap',
    ],
    [
      'what is no UTF-8',
      () => {
        const content = deflateRawSync(Buffer.from([0xc3, 0x28]));
        expect(content.length).toBeGreaterThan(0);
        return changed(
          (bytes) => (
            bytes.writeUInt8(0xff, 30),
            bytes.writeUInt8(0xff, bytes.readUInt32LE(bytes.length - 6) + 46),
            bytes
          ),
        );
      },
      'no UTF-8',
    ],
  ])('%s', async (_what, make, said) => {
    const told = await refusal(make());
    expect(told).toMatch(/^request\.(?:malformed|too-large): /);
    expect(told).toContain(said);
  });

  test('every archive with one byte changed, or reads it the same', async () => {
    const whole = writeArchive(files.slice(0, 2));
    for (let at = 0; at < whole.length; at += 1) {
      const bytes = Buffer.from(whole);
      bytes.writeUInt8((bytes[at] ?? 0) ^ 0xff, at);
      const told = await refusal(bytes);
      expect(told).toMatch(/^(?:read|request\.(?:malformed|too-large): .*)$/);
      if (told === 'read') {
        const texts = (await readArchive(bytes)).map(({ text }) => text);
        expect(texts).toEqual(files.slice(0, 2).map(({ text }) => text));
      }
    }
  });
});
