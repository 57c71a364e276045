/** Tiles: their paths, their widths, when they become full, and what happens when one is lost. */
import { expect, test } from 'vitest';
import { bytesOf, hasher } from '../../../test/support/ledger-world.ts';
import { inclusionProof } from './inclusion-proof.ts';
import { nodeHash } from './merkle-tree.ts';
import { createTileWriter, partialTiles, tileHashReader, tileOf, tilePath } from './tiles.ts';

test('paths are written in groups of three digits', () => {
  expect(tilePath({ level: 0, index: 1_234_067, width: 256 })).toBe('tile/0/x001/x234/067');
  expect(tilePath({ level: 0, index: 0, width: 256 })).toBe('tile/0/000');
  expect(tilePath({ level: 2, index: 7, width: 1 })).toBe('tile/2/007.p/1');
  expect(tilePath({ level: 1, index: 1000, width: 255 })).toBe('tile/1/x001/000.p/255');
});

test('a tree of 70,000 has the growing tiles that the specification names', () => {
  expect(partialTiles(70_000)).toEqual([
    { level: 0, index: 273, width: 112 },
    { level: 1, index: 1, width: 17 },
    { level: 2, index: 0, width: 1 },
  ]);
  expect(partialTiles(256)).toEqual([{ level: 1, index: 0, width: 1 }]);
  expect(partialTiles(0)).toEqual([]);
  expect(tileOf(0, 70_000 - 1, 70_000)).toEqual({ level: 0, index: 273, width: 112 });
  expect(tileOf(1, 0, 70_000)).toEqual({ level: 1, index: 0, width: 256 });
});

test('a tile is handed out once, when it is full', () => {
  const writer = createTileWriter(hasher);
  const leaf = bytesOf('leaf');
  expect(writer.append(Array.from({ length: 255 }, () => leaf))).toEqual([]);
  expect(writer.append([leaf]).map(tilePath)).toEqual(['tile/0/000']);
  expect(writer.partial().map(tilePath)).toEqual(['tile/1/000.p/1']);
  const rest = writer.append(Array.from({ length: 256 * 255 }, () => leaf));
  expect(rest.map(tilePath).at(-1)).toBe('tile/1/000');
  expect(rest).toHaveLength(256);
  expect(writer.size).toBe(65_536);
});

test('a full tile stays as it was handed out', () => {
  const writer = createTileWriter(hasher);
  const [first] = writer.append(Array.from({ length: 256 }, (_, at) => bytesOf(`${at}`)));
  const before = first!.bytes.slice();
  writer.append(Array.from({ length: 300 }, (_, at) => bytesOf(`later ${at}`)));
  expect(first!.bytes).toEqual(before);
});

test('a tile that is missing or too short is told by its path', async () => {
  const leaves = Array.from({ length: 5 }, (_, at) => bytesOf(`${at}`));
  const missing = tileHashReader(hasher, () => undefined, 5);
  await expect(inclusionProof(hasher, missing, 0, 5)).rejects.toMatchObject({
    code: 'ledger.tile-missing',
    message: '`tile/0/000.p/5` is not there',
  });
  const short = tileHashReader(hasher, () => leaves[0]!, 5);
  await expect(inclusionProof(hasher, short, 0, 5)).rejects.toMatchObject({
    message: '`tile/0/000.p/5` holds 32 of 160 bytes',
  });
});

test('a wider tile than the tree had serves as well', async () => {
  const writer = createTileWriter(hasher);
  writer.append(Array.from({ length: 200 }, (_, at) => bytesOf(`${at}`)));
  const wide = writer.partial()[0]!.bytes;
  const proof = await inclusionProof(
    hasher,
    tileHashReader(hasher, () => wide, 2),
    0,
    2,
  );
  expect(proof.map((hash) => Buffer.from(hash))).toEqual([bytesOf('1')]);
  expect(nodeHash(hasher, bytesOf('0'), proof[0]!)).toHaveLength(32);
});
