/**
 * Exports: every byte of a small one counts, and so does every line and its place; erased payloads and
 * changes of key are told from changes of what was sealed.
 */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  exportOf,
  rotationEntry,
  rotationNote,
  vkeyOf,
} from '../../../../test/support/ledger-export.ts';
import {
  checks,
  entryAt,
  hasher,
  logSigner,
  signerOf,
  writeLedger,
} from '../../../../test/support/ledger-world.ts';
import { createMerkleTree, leafHash } from '../merkle-tree.ts';
import { type ExportVerdict, verifyExport } from './verify-export.ts';

const bytesOfLines = (lines: readonly string[]): Uint8Array => Buffer.from(lines.join(''));
/** Cuts bytes into pieces, as files and networks give them. */
function* pieces(bytes: Uint8Array, size: number): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}
const verify = (
  bytes: Uint8Array,
  log = [vkeyOf(logSigner)],
  size = 1000,
): Promise<ExportVerdict> => verifyExport(checks, pieces(bytes, size), { log });
const verifyLines = (lines: readonly string[]) => verify(bytesOfLines(lines));

test('an export is valid in pieces of any size, under the key it names or one that is given', async () => {
  const bytes = bytesOfLines(await exportOf(writeLedger(11)));
  for (const size of [1, 7, 100_000]) {
    expect(await verify(bytes, undefined, size)).toMatchObject({
      verdict: 'valid',
      statement: { from: 1, to: 11, count: 11, stream: null },
    });
  }
  expect(await verifyExport(checks, [bytes])).toMatchObject({ verdict: 'valid' });
  expect(await verify(bytes, [vkeyOf(signerOf('ledger.example/other'))])).toMatchObject({
    verdict: 'broken',
    line: 1,
  });
});

test('a part and a stream are exported alone', async () => {
  const ledger = writeLedger(20);
  expect(await verifyLines(await exportOf(ledger, { from: 5, to: 9 }))).toMatchObject({
    verdict: 'valid',
    statement: { count: 5, checkpoint: { size: 20 } },
  });
  const stream = await exportOf(ledger, { stream: 'execution:e1' });
  expect(await verifyLines(stream)).toMatchObject({ verdict: 'valid', statement: { count: 7 } });
  const [first, ...rest] = stream;
  expect(await verifyLines([first!, ...rest.slice(1)])).toMatchObject({ verdict: 'broken' });
});

describe('every byte counts', () => {
  /** Returns the line that the byte at `place` is on, from 1 on. */
  const lineAt = (bytes: Uint8Array, place: number): number =>
    bytes.subarray(0, place).reduce((line, byte) => line + (byte === 0x0a ? 1 : 0), 1);

  test('of a small export, with bits of each of them turned', async () => {
    const oddPayload = {
      ...entryAt(2, ['odd']),
      groups: [],
    };
    const ledger = writeLedger(3, (seq) => (seq === 2 ? oddPayload : entryAt(seq)));
    const bytes = bytesOfLines(await exportOf(ledger));
    expect(await verify(bytes)).toMatchObject({
      verdict: 'erased',
      erasedCount: 1,
      firstErased: 2,
    });
    for (let place = 0; place < bytes.length; place += 1) {
      const line = lineAt(bytes, place);
      // The case of letters is what escapes are most tolerant of; on the first line each costs a signature.
      const masks = line === 1 ? [1 << (place % 8)] : [1 << (place % 8), 0x20, 0x02];
      for (const mask of masks) {
        const changed = Uint8Array.from(bytes);
        changed[place]! ^= mask;
        const verdict = await verify(changed);
        expect(verdict, `byte ${place}`).toMatchObject({ verdict: 'broken', line });
        if (line > 1) expect(verdict, `byte ${place}`).toHaveProperty('seq', expect.any(Number));
      }
    }
  });

  test('of a large one, sampled, and the entry is named', async () => {
    const bytes = bytesOfLines(await exportOf(writeLedger(700)));
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: bytes.length - 1 }),
        fc.integer({ min: 1, max: 255 }),
        async (place, mask) => {
          const changed = Uint8Array.from(bytes);
          changed[place]! ^= mask;
          const line = lineAt(bytes, place);
          const verdict = await verify(changed);
          expect(verdict).toMatchObject({ verdict: 'broken', line });
        },
      ),
      { numRuns: 60 },
    );
  });
});

test('lines that go, come twice or change places are noticed, and the first is named', async () => {
  const lines = await exportOf(writeLedger(6));
  for (let place = 1; place < lines.length; place += 1) {
    const gone = lines.toSpliced(place, 1);
    expect(await verifyLines(gone), `without ${place}`).toMatchObject({
      verdict: 'broken',
      seq: place + (place < 6 ? 1 : 0),
    });
    const twice = lines.toSpliced(place, 0, lines[place]!);
    expect(await verifyLines(twice), `twice ${place}`).toMatchObject({
      verdict: 'broken',
      seq: place,
    });
    if (place === lines.length - 1) continue;
    const swapped = lines.with(place, lines[place + 1]!).with(place + 1, lines[place]!);
    expect(await verifyLines(swapped), `swapped ${place}`).toMatchObject({
      verdict: 'broken',
      line: place + 1,
    });
  }
  expect(await verifyLines(lines.slice(1))).toMatchObject({ verdict: 'broken', line: 1 });
  expect(await verifyLines([])).toMatchObject({ verdict: 'broken' });
  const other = await exportOf(writeLedger(7));
  expect(await verifyLines([lines[0]!, ...other.slice(1, 7)])).toMatchObject({
    verdict: 'broken',
    seq: 1,
  });
});

test('an export from after a change of key verifies from the key before it', async () => {
  const next = signerOf(logSigner.name, 'next');
  const tree = createMerkleTree(hasher);
  for (let seq = 1; seq <= 4; seq += 1) tree.append(leafHash(hasher, entryAt(seq).headerBytes));
  const note = await rotationNote(tree.root(), 4, logSigner, next);
  const ledger = writeLedger(9, (seq) => (seq === 5 ? rotationEntry(5, note) : entryAt(seq)));
  const bytes = bytesOfLines(await exportOf(ledger, { signer: next, rotations: [5], from: 7 }));
  for (const key of [logSigner, next]) {
    expect(await verify(bytes, [vkeyOf(key)])).toMatchObject({ verdict: 'valid' });
  }
  // The key that went signs no tree that holds the change.
  const late = bytesOfLines(await exportOf(ledger, { rotations: [5] }));
  expect(await verify(late)).toMatchObject({
    verdict: 'broken',
    line: 1,
    reason: expect.stringContaining("signed by a key that was not the log's then"),
  });
});
