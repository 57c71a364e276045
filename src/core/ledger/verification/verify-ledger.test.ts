/**
 * Verification of whole ledgers: what is valid, what is erased, and that every change of any byte
 * anywhere is found and the entry named.
 */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  bytesOf,
  checks,
  entryAt,
  hasher,
  logSigner,
  sealRoot,
  signerOf,
  trusted,
  type WholeEntry,
  writeLedger,
  type WrittenLedger,
} from '../../../../test/support/ledger-world.ts';
import { consistencyProof } from '../consistency-proof.ts';
import { encodeHeader } from '../entry-header.ts';
import { commitGroup } from '../field-group.ts';
import { partsOf } from '../hash-reader.ts';
import { inclusionProof } from '../inclusion-proof.ts';
import { formatVerifierKey } from '../signed-note.ts';
import { tileHashReader } from '../tiles.ts';
import { formatProofFile } from '../tlog-proof.ts';
import type { StoredEntry, StoredGroup } from './check-entry.ts';
import { type LedgerClaims, type LedgerVerdict, verifyLedger } from './verify-ledger.ts';
import { parseProofFile, verifyProofFile } from './verify-proof-file.ts';

type Changes = Partial<LedgerClaims> & { readonly sizes?: readonly number[] };

/** Verifies `entries` as those of `ledger`, against its checkpoints at `sizes` and its tiles. */
async function verdictOn(
  ledger: WrittenLedger,
  entries: Iterable<StoredEntry> | AsyncIterable<StoredEntry> = ledger.entries,
  { sizes = [ledger.entries.length], ...changes }: Changes = {},
): Promise<LedgerVerdict> {
  const notes = await Promise.all(sizes.map((size) => ledger.checkpoint(size)));
  return verifyLedger(checks, entries, {
    checkpoints: notes.map((note) => ({ note })),
    trusted,
    readTile: ledger.readTile,
    ...changes,
  });
}

const without = (changes: Changes = {}): Changes => ({
  ...changes,
  // A claim without tiles is one without the key at all.
  ...({ readTile: undefined } as unknown as Changes),
});

function flipped(bytes: Uint8Array, at: number, mask = 1): Uint8Array {
  const changed = Uint8Array.from(bytes);
  changed[at]! ^= mask;
  return changed;
}

const replaced = <T>(list: readonly T[], at: number, item: T): T[] => list.with(at, item);

/** An entry that is well formed and whose commitments hold, but that was never sealed. */
function forged(seq: number): WholeEntry {
  const entry = entryAt(seq);
  const text = Buffer.from(entry.headerBytes).toString().replace('task-ended', 'task-failed');
  return { ...entry, headerBytes: Buffer.from(text) };
}

describe('a whole ledger', () => {
  test('is valid at every size around powers of two, with and without tiles', async () => {
    for (const size of [0, 1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 255, 256, 257, 511, 512, 513]) {
      const ledger = writeLedger(size);
      const root = ledger.writer.root();
      const expected = { verdict: 'valid', size, root, unsealedCount: 0 };
      expect(await verdictOn(ledger)).toEqual(expected);
      expect(await verdictOn(ledger, ledger.entries, without())).toEqual(expected);
    }
  });

  test('is valid when its entries arrive one by one', async () => {
    const ledger = writeLedger(300);
    async function* arriving() {
      yield* ledger.entries;
    }
    expect(await verdictOn(ledger, arriving())).toMatchObject({ verdict: 'valid', size: 300 });
  });

  test('is valid against many checkpoints in any order', async () => {
    const ledger = writeLedger(40);
    const sizes = [40, 0, 17, 17, 1, 32, 39];
    expect(await verdictOn(ledger, ledger.entries, { sizes })).toMatchObject({ verdict: 'valid' });
  });

  test('is valid where payloads are empty and entries equal but for their place', async () => {
    const ledger = writeLedger(5, (seq) => entryAt(seq, []));
    expect(await verdictOn(ledger)).toMatchObject({ verdict: 'valid' });
  });
});

describe('erasure', () => {
  const ledger = writeLedger(20);
  const erase = (entry: WholeEntry, name: string): StoredEntry => ({
    ...entry,
    groups: entry.groups.map((group) => (group.name === name ? { name } : group)),
  });

  test('a group without payload and salt is erased, and the rest still verifies', async () => {
    const entries: StoredEntry[] = ledger.entries.map((entry, index) =>
      index === 6 || index === 11 ? erase(entry, 'personal') : entry,
    );
    const heard: string[] = [];
    const onErased = (seq: number, group: string) => heard.push(`${seq} ${group}`);
    expect(await verdictOn(ledger, entries, { onErased })).toEqual({
      verdict: 'erased',
      firstSeq: 7,
      erasedCount: 2,
      size: 20,
      root: ledger.writer.root(),
      unsealedCount: 0,
    });
    expect(heard).toEqual(['7 personal', '12 personal']);
  });

  test('groups that are not there at all are erased', async () => {
    const entries = ledger.entries.map(({ headerBytes }) => ({ headerBytes, groups: [] }));
    expect(await verdictOn(ledger, entries)).toMatchObject({ verdict: 'erased', erasedCount: 40 });
  });

  test('half an erasure is broken, so that no salt stays to guess with', async () => {
    const [personal, rest] = ledger.entries[3]!.groups;
    const { headerBytes } = ledger.entries[3]!;
    const tried: readonly (readonly [StoredEntry['groups'], string])[] = [
      [[{ name: 'personal', salt: personal!.salt }, rest!], 'has a salt but no payload'],
      [[{ name: 'personal', payload: personal!.payload }, rest!], 'has a payload but no salt'],
      [[{ ...personal!, salt: personal!.salt.subarray(1) }, rest!], 'a salt of another length'],
      [[personal!, rest!, { ...rest!, name: 'more' }], 'the group `more`, of which its header'],
      [[personal!, rest!, rest!], 'has the group `rest` twice'],
      [
        [
          { ...personal!, name: 'rest' },
          { ...rest!, name: 'personal' },
        ],
        'another payload or salt',
      ],
    ];
    for (const [groups, reason] of tried) {
      const entries = replaced<StoredEntry>(ledger.entries, 3, { headerBytes, groups });
      const verdict = await verdictOn(ledger, entries);
      expect(verdict).toMatchObject({ verdict: 'broken', seq: 4, lastSeq: 4 });
      expect('reason' in verdict && verdict.reason).toContain(reason);
    }
  });

  test('an entry can be both erased and changed, and is then broken', async () => {
    const entries = replaced<StoredEntry>(ledger.entries, 6, erase(forged(7), 'personal'));
    expect(await verdictOn(ledger, entries)).toMatchObject({ verdict: 'broken', seq: 7 });
  });
});

describe('every single byte', () => {
  const size = 7;
  const ledger = writeLedger(size);

  test('of every header, payload and salt is covered, and the entry is named', async () => {
    let count = 0;
    const expectNamed = async (index: number, entry: StoredEntry) => {
      const verdict = await verdictOn(ledger, replaced<StoredEntry>(ledger.entries, index, entry));
      expect(verdict).toMatchObject({ verdict: 'broken', seq: index + 1, lastSeq: index + 1 });
      count += 1;
    };
    for (const [index, entry] of ledger.entries.entries()) {
      for (let at = 0; at < entry.headerBytes.length; at += 1) {
        for (const mask of [0x01, 0x80]) {
          await expectNamed(index, {
            ...entry,
            headerBytes: flipped(entry.headerBytes, at, mask),
          });
        }
      }
      for (const [place, group] of entry.groups.entries()) {
        for (let at = 0; at < group.payload.length; at += 1) {
          const payload = flipped(group.payload, at);
          const groups = replaced<StoredGroup>(entry.groups, place, { ...group, payload });
          await expectNamed(index, { ...entry, groups });
        }
        for (let at = 0; at < group.salt.length; at += 1) {
          const groups = replaced<StoredGroup>(entry.groups, place, {
            ...group,
            salt: flipped(group.salt, at),
          });
          await expectNamed(index, { ...entry, groups });
        }
      }
    }
    expect(count).toBeGreaterThan(4_000);
  }, 60_000);

  test('of every tile is covered, and the entry is named', async () => {
    const tile = ledger.tiles.get('0/0')!;
    for (let at = 0; at < tile.length; at += 1) {
      const verdict = await verdictOn(ledger, ledger.entries, {
        readTile: () => flipped(tile, at),
      });
      const seq = Math.floor(at / 32) + 1;
      expect(verdict).toMatchObject({ verdict: 'broken', seq, lastSeq: seq });
      expect('reason' in verdict && verdict.reason).toContain('than the sealed entry has');
    }
  });

  test('of a checkpoint is covered, by every bit', async () => {
    const note = Buffer.from(await ledger.checkpoint(size));
    for (let at = 0; at < note.length; at += 1) {
      for (let bit = 0; bit < 8; bit += 1) {
        const checkpoints = [{ note: flipped(note, at, 1 << bit) }];
        const verdict = await verdictOn(ledger, ledger.entries, { checkpoints });
        expect(verdict).toMatchObject({ verdict: 'broken', seq: 1 });
        expect('reason' in verdict && verdict.reason).toMatch(/^checkpoint 1 /);
      }
    }
  });

  test('of a proof file and of its header is covered', async () => {
    const read = tileHashReader(hasher, ledger.readTile, size);
    const checkpoint = await ledger.checkpoint(size);
    for (let index = 0; index < size; index += 1) {
      const proof = await inclusionProof(hasher, read, index, size);
      const file = Buffer.from(formatProofFile({ index, proof, checkpoint }));
      const { headerBytes } = ledger.entries[index]!;
      const judge = (text: Uint8Array, header: Uint8Array = headerBytes) =>
        verifyProofFile(checks, text, header, trusted);
      expect(await judge(file)).toMatchObject({ verdict: 'valid', seq: index + 1 });
      for (let at = 0; at < file.length; at += 1) {
        const verdict = await judge(flipped(file, at));
        expect(verdict).toMatchObject({ verdict: 'broken', seq: index + 1 });
      }
      for (let at = 0; at < headerBytes.length; at += 1) {
        expect(await judge(file, flipped(headerBytes, at))).toMatchObject({ verdict: 'broken' });
      }
    }
  }, 60_000);
});

describe('a changed ledger', () => {
  const size = 600;
  const ledger = writeLedger(size);
  const { entries } = ledger;

  test('a well-formed entry that was never sealed is named exactly with the tiles', async () => {
    for (const seq of [1, 2, 255, 256, 257, 512, 513, 600]) {
      const verdict = await verdictOn(ledger, replaced(entries, seq - 1, forged(seq)));
      const reason = `entry ${seq} is not the one that was sealed in the checkpoint of 600 entries`;
      expect(verdict).toEqual({ verdict: 'broken', seq, lastSeq: seq, reason });
    }
  });

  test('of several changed entries the first is named', async () => {
    const changed = replaced(replaced(entries, 99, forged(100)), 120, forged(121));
    expect(await verdictOn(ledger, changed)).toMatchObject({ seq: 100, lastSeq: 100 });
    const worse = replaced<StoredEntry>(changed, 110, {
      ...entries[110]!,
      headerBytes: bytesOf(''),
    });
    expect(await verdictOn(ledger, worse)).toMatchObject({ seq: 100, lastSeq: 100 });
    expect(await verdictOn(ledger, worse, without())).toMatchObject({ seq: 111, lastSeq: 111 });
  });

  test('without tiles the range since the last checkpoint that fits is named', async () => {
    const changed = replaced(entries, 299, forged(300));
    const sizes = [100, 200, 400, 600];
    expect(await verdictOn(ledger, changed, without({ sizes }))).toEqual({
      verdict: 'broken',
      seq: 201,
      lastSeq: 400,
      reason: 'entries 201 to 400 do not give the root of the checkpoint of 400 entries',
    });
  });

  test('an entry changed together with its tile is still found', async () => {
    const other = writeLedger(size, (seq) => (seq === 300 ? forged(seq) : entryAt(seq)));
    const verdict = await verdictOn(ledger, other.entries, {
      sizes: [256, 600],
      readTile: other.readTile,
    });
    expect(verdict).toMatchObject({ verdict: 'broken', seq: 257, lastSeq: 600 });
  });

  test('deleting, inserting, repeating and swapping entries are found where they begin', async () => {
    const edited: readonly (readonly [StoredEntry[], number])[] = [
      [entries.toSpliced(41, 1), 42],
      [entries.toSpliced(0, 1), 1],
      [entries.toSpliced(41, 0, entries[41]!), 43],
      [entries.toSpliced(41, 0, forged(42)), 42],
      [entries.toSpliced(41, 2, entries[42]!, entries[41]!), 42],
    ];
    for (const [list, seq] of edited) {
      expect(await verdictOn(ledger, list)).toMatchObject({ verdict: 'broken', seq, lastSeq: seq });
    }
  });

  test('an entry that was sealed under the number of another is broken', async () => {
    const misnumbered = writeLedger(9, (seq) => entryAt(seq === 5 ? 6 : seq));
    expect(await verdictOn(misnumbered)).toEqual({
      verdict: 'broken',
      seq: 5,
      lastSeq: 5,
      reason: 'entry 5 says that it is entry 6',
    });
  });

  test('payloads and headers larger than any buffer verify, and small ones after them', async () => {
    const large = writeLedger(6, (seq) => {
      const name = seq % 2 === 0 ? 'even' : 'odd';
      const payload = new Uint8Array(seq === 3 ? 3_000_000 : seq * 2_000).fill(seq);
      const salt = bytesOf(`salt ${seq}`);
      const commitments = [{ group: name, hash: commitGroup(hasher, name, salt, payload) }];
      const stream = 'x'.repeat(seq === 2 ? 100_000 : 10);
      const header = { seq, tenant: 'main', at: 0, stream, type: 't', actor: 'a', subjects: [] };
      const headerBytes = encodeHeader({ ...header, commitments });
      return { headerBytes, groups: [{ name, payload, salt }] };
    });
    expect(await verdictOn(large)).toMatchObject({ verdict: 'valid', size: 6 });
  });

  test('a damaged or missing tile above the leaves is found', async () => {
    const upper = ledger.tiles.get('1/0')!;
    const readTile = (tile: Uint8Array | undefined): Changes => ({
      readTile: ({ level, index }) => (level === 1 ? tile : ledger.tiles.get(`${level}/${index}`)),
    });
    expect(await verdictOn(ledger, entries, readTile(flipped(upper, 33)))).toEqual({
      verdict: 'broken',
      seq: 257,
      lastSeq: 512,
      reason: 'tile 0 of level 1 holds another hash than entries 257 to 512 give',
    });
    const missing = await verdictOn(ledger, entries, readTile(undefined));
    expect(missing).toMatchObject({ reason: 'tile 0 of level 1 is not there', seq: 1 });
    const short = await verdictOn(ledger, entries, readTile(upper.subarray(0, 40)));
    expect(short).toMatchObject({ reason: 'tile 0 of level 1 is too short' });
  });

  test('a rewritten ledger under a fresh signature is caught by an older checkpoint', async () => {
    const rewritten = writeLedger(size, (seq) => (seq === 50 ? forged(seq) : entryAt(seq)));
    expect(await verdictOn(rewritten)).toMatchObject({ verdict: 'valid' });
    const checkpoints = [
      { note: await rewritten.checkpoint(600) },
      { note: await ledger.checkpoint(120) },
      { note: await ledger.checkpoint(40) },
    ];
    expect(await verdictOn(rewritten, rewritten.entries, { checkpoints })).toEqual({
      verdict: 'broken',
      seq: 41,
      lastSeq: 120,
      reason: 'entries 41 to 120 do not give the root of the checkpoint of 120 entries',
    });
  });
});

describe('truncation and rollback', () => {
  const ledger = writeLedger(30);

  test('a truncated ledger is caught by a checkpoint it no longer reaches', async () => {
    const cut = writeLedger(20);
    expect(await verdictOn(cut)).toMatchObject({ verdict: 'valid' });
    const checkpoints = [{ note: await cut.checkpoint(20) }, { note: await ledger.checkpoint(30) }];
    expect(await verdictOn(cut, cut.entries, { checkpoints })).toEqual({
      verdict: 'broken',
      seq: 21,
      lastSeq: 30,
      reason:
        'the ledger ends after 20 entries, but a checkpoint of 30 was signed: entries 21 to 30 are missing',
    });
    expect(await verdictOn(ledger, [])).toMatchObject({ verdict: 'broken', seq: 1, lastSeq: 30 });
  });

  test('a ledger rolled back and continued is caught by an older checkpoint', async () => {
    const again = writeLedger(35, (seq) => (seq > 25 ? forged(seq) : entryAt(seq)));
    const checkpoints = [
      { note: await again.checkpoint(35) },
      { note: await ledger.checkpoint(30) },
      { note: await ledger.checkpoint(25) },
    ];
    expect(await verdictOn(again, again.entries, { checkpoints })).toMatchObject({
      verdict: 'broken',
      seq: 26,
      lastSeq: 30,
    });
  });

  test('entries behind the last checkpoint are refused, or counted where that is allowed', async () => {
    const sizes = [10];
    expect(await verdictOn(ledger, ledger.entries, { sizes })).toEqual({
      verdict: 'broken',
      seq: 11,
      lastSeq: 30,
      reason: 'no checkpoint covers entries 11 to 30',
    });
    expect(await verdictOn(ledger, ledger.entries, { sizes, allowsUnsealed: true })).toMatchObject({
      verdict: 'valid',
      size: 30,
      unsealedCount: 20,
    });
  });

  test('without a checkpoint, or with one of another log or key, nothing is valid', async () => {
    expect(await verdictOn(ledger, ledger.entries, { sizes: [] })).toMatchObject({
      verdict: 'broken',
      reason: 'there is no checkpoint to verify the entries against',
    });
    const other = signerOf('other.example/log');
    const note = await sealRoot(30, ledger.writer.root(), other);
    expect(await verdictOn(ledger, ledger.entries, { checkpoints: [{ note }] })).toMatchObject({
      reason: 'checkpoint 1 is signed by none of the trusted keys',
    });
    const both = {
      log: [...trusted.log, formatVerifierKey(hasher, other.name, other.publicKey)],
    };
    const checkpoints = [{ note: await ledger.checkpoint(30) }, { note }];
    expect(await verdictOn(ledger, ledger.entries, { checkpoints, trusted: both })).toMatchObject({
      reason: 'checkpoint 2 is of `other.example/log`, another log',
    });
  });
});

describe('part of a ledger', () => {
  const size = 700;
  const ledger = writeLedger(size);
  const read = tileHashReader(hasher, ledger.readTile, size);
  const startAt = async (at: number) => ({ size: at, parts: await partsOf(read, 0, at) });

  test('verifies from the parts before it and a proof to the checkpoint after it', async () => {
    for (const [from, to] of [
      [0, 700],
      [0, 300],
      [1, 2],
      [255, 513],
      [256, 512],
      [300, 700],
      [699, 700],
    ] as const) {
      const checkpoints = [
        {
          note: await ledger.checkpoint(size),
          proof: to === size ? [] : await consistencyProof(hasher, read, to, size),
        },
      ];
      const start = await startAt(from);
      const part = ledger.entries.slice(from, to);
      const whole = { verdict: 'valid', size: to, unsealedCount: 0 };
      expect(await verdictOn(ledger, part, { checkpoints, start })).toMatchObject(whole);
      const changed = replaced(part, 0, forged(from + 1));
      expect(await verdictOn(ledger, changed, { checkpoints, start })).toMatchObject({
        verdict: 'broken',
        seq: from + 1,
        lastSeq: from + 1,
      });
      expect(await verdictOn(ledger, changed, without({ checkpoints, start }))).toMatchObject({
        verdict: 'broken',
        seq: from + 1,
        lastSeq: to,
      });
    }
  });

  test('shows with a proof that it grew from an older checkpoint', async () => {
    const checkpoints = async (older: string) => [
      { note: older, proof: await consistencyProof(hasher, read, 120, 300) },
      { note: await ledger.checkpoint(size) },
    ];
    const start = await startAt(300);
    const part = ledger.entries.slice(300);
    const good = await checkpoints(await ledger.checkpoint(120));
    expect(await verdictOn(ledger, part, { checkpoints: good, start })).toMatchObject({
      verdict: 'valid',
    });
    const other = await checkpoints(await sealRoot(120, bytesOf('another past')));
    expect(await verdictOn(ledger, part, { checkpoints: other, start })).toMatchObject({
      verdict: 'broken',
      seq: 1,
      lastSeq: 120,
      reason: 'the ledger did not grow from the checkpoint of 120 entries',
    });
    const unproven = [{ note: await ledger.checkpoint(120) }];
    expect(await verdictOn(ledger, part, { checkpoints: unproven, start })).toMatchObject({
      verdict: 'broken',
      seq: 301,
    });
    // An older checkpoint alone says nothing about the entries after it.
    expect(await verdictOn(ledger, [], { checkpoints: good.slice(0, 1), start })).toMatchObject({
      verdict: 'broken',
      reason: 'no checkpoint covers what comes before entry 301',
    });
  });

  test('is broken when what comes before it is not what was sealed', async () => {
    const start = await startAt(300);
    const part = ledger.entries.slice(300);
    const parts = replaced(start.parts, 0, bytesOf('another past'));
    expect(await verdictOn(ledger, part, { start: { size: 300, parts } })).toMatchObject({
      verdict: 'broken',
    });
    for (const wrong of [
      { size: 301, parts: start.parts },
      { size: 300.5, parts: [] },
      { size: 300, parts: [bytesOf('').subarray(1)] },
    ]) {
      expect(await verdictOn(ledger, part, { start: wrong })).toMatchObject({
        reason: 'what is said to come before the entries is no tree',
      });
    }
  });
});

describe('proof files', () => {
  const ledger = writeLedger(9);
  const read = tileHashReader(hasher, ledger.readTile, 9);

  test('have the form of the specification, with and without extra', async () => {
    const checkpoint = await ledger.checkpoint(9);
    const proof = await inclusionProof(hasher, read, 8, 9);
    const file = formatProofFile({ index: 8, proof, checkpoint, extra: Buffer.from('receipt') });
    expect(file).toBe(
      `c2sp.org/tlog-proof@v1\nextra cmVjZWlwdA==\nindex 8\n${Buffer.from(proof[0]!).toString('base64')}\n\n${checkpoint}`,
    );
    const parsed = parseProofFile(file)!;
    expect(formatProofFile(parsed)).toBe(file);
    const single = formatProofFile({ index: 0, proof: [], checkpoint });
    expect(single).toBe(`c2sp.org/tlog-proof@v1\nindex 0\n\n${checkpoint}`);
    expect(formatProofFile(parseProofFile(single)!)).toBe(single);
  });

  test('of another form are refused', async () => {
    const checkpoint = await ledger.checkpoint(9);
    const file = formatProofFile({ index: 8, proof: [bytesOf('a')], checkpoint });
    expect(parseProofFile(file)).toBeDefined();
    for (const [from, to] of [
      ['@v1', '@v2'],
      ['index 8', 'index 08'],
      ['index 8', 'index -8'],
      ['index 8', 'place 8'],
      ['index 8', 'extra !\nindex 8'],
      ['index 8', 'extra AAAA\nextra AAAA\nindex 8'],
      ['index 8\n', 'index 8\nAAAA\n'],
      ['index 8\n', `index 8\n${`${Buffer.from(bytesOf('b')).toString('base64')}\n`.repeat(64)}`],
    ] as const) {
      expect(parseProofFile(file.replace(from, to)), to).toBeUndefined();
    }
  });

  test('of another entry, of the right form, are refused by name', async () => {
    const checkpoint = await ledger.checkpoint(9);
    const proof = await inclusionProof(hasher, read, 3, 9);
    const file = formatProofFile({ index: 3, proof, checkpoint });
    const other = ledger.entries[4]!.headerBytes;
    expect(await verifyProofFile(checks, file, other, trusted)).toEqual({
      verdict: 'broken',
      seq: 5,
      reason: 'the proof is for entry 4, not for entry 5',
    });
    expect(await verifyProofFile(checks, file, forged(4).headerBytes, trusted)).toEqual({
      verdict: 'broken',
      seq: 4,
      reason: 'the proof does not lead from entry 4 to the root of the checkpoint',
    });
    const late = formatProofFile({ index: 3, proof: [...proof, bytesOf('more')], checkpoint });
    const { headerBytes } = ledger.entries[3]!;
    expect(await verifyProofFile(checks, late, headerBytes, trusted)).toMatchObject({
      verdict: 'broken',
      seq: 4,
    });
  });
});

test('the verifier imports nothing of the writer but the interface of the hash', () => {
  const folder = import.meta.dirname;
  const files = readdirSync(folder).filter((name) => !name.endsWith('.test.ts'));
  expect(files.length).toBeGreaterThan(6);
  for (const file of files) {
    const text = readFileSync(join(folder, file), 'utf8');
    const imports = [...text.matchAll(/^import\s+(type\s)?[^;]*?from\s+'([^']+)';/gm)];
    for (const [, type, path = ''] of imports) {
      const isOwn = /^\.\/[a-z-]+\.ts$/.test(path);
      expect(isOwn || (type !== undefined && path === '../primitives.ts'), `${file}: ${path}`).toBe(
        true,
      );
    }
  }
});

test('the ledger of the tests is signed by the key of the tests', () => {
  expect(trusted.log[0]).toContain(logSigner.name);
});
