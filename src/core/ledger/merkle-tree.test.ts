/** The tree against the definition of RFC 9162, its reference roots, and proofs of every kind. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bytesOf, hasher } from '../../../test/support/ledger-world.ts';
import { consistencyProof } from './consistency-proof.ts';
import { partsOf } from './hash-reader.ts';
import { inclusionProof } from './inclusion-proof.ts';
import { createMerkleTree, emptyRoot, leafHash, nodeHash } from './merkle-tree.ts';
import { createTileWriter, resumeTiles, tileHashReader } from './tiles.ts';
import { verifyConsistency, verifyInclusion } from './verification/check-proofs.ts';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/** The definition, written down as it stands in the RFC. */
function definedRoot(leaves: readonly Uint8Array[]): Uint8Array {
  if (leaves.length === 0) return emptyRoot(hasher);
  if (leaves.length === 1) return leaves[0]!;
  let split = 1;
  while (split * 2 < leaves.length) split *= 2;
  const left = definedRoot(leaves.slice(0, split));
  return nodeHash(hasher, left, definedRoot(leaves.slice(split)));
}

const leavesOf = (count: number): Uint8Array[] =>
  Array.from({ length: count }, (_, index) => leafHash(hasher, bytesOf(`leaf ${index}`)));

/** A tree of `size` leaves read from tiles, and its root. */
function tiled(leaves: readonly Uint8Array[]) {
  const writer = createTileWriter(hasher);
  const full = writer.append(leaves);
  const tiles = new Map(
    [...full, ...writer.partial()].map((one) => [`${one.level}/${one.index}`, one]),
  );
  const readTile = ({ level, index }: { level: number; index: number }) =>
    tiles.get(`${level}/${index}`)?.bytes;
  return { writer, readTile, read: (size: number) => tileHashReader(hasher, readTile, size) };
}

describe('roots', () => {
  const leaves = [
    '',
    '00',
    '10',
    '2021',
    '3031',
    '40414243',
    '5051525354555657',
    '606162636465666768696a6b6c6d6e6f',
  ];
  const roots = [
    '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
    'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
    'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
    'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
    '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
    'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
    '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
  ];

  test('the tree gives the reference roots of one to eight leaves', () => {
    const tree = createMerkleTree(hasher);
    for (const [index, leaf] of leaves.entries()) {
      tree.append(leafHash(hasher, Buffer.from(leaf, 'hex')));
      expect(hex(tree.root())).toBe(roots[index]);
    }
  });

  test('the empty tree has the hash of nothing', () => {
    expect(hex(createMerkleTree(hasher).root())).toBe(
      'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    );
  });

  test('appending gives the root of the definition at every size', () => {
    const all = leavesOf(130);
    const tree = createMerkleTree(hasher);
    for (let size = 0; size <= all.length; size += 1) {
      expect(hex(tree.root())).toBe(hex(definedRoot(all.slice(0, size))));
      if (size < all.length) tree.append(all[size]!);
    }
  });

  test('a tree goes on from its parts as if it had never stopped', () => {
    const all = leavesOf(70);
    for (const size of [0, 1, 31, 32, 33, 63, 64, 65]) {
      const before = createMerkleTree(hasher);
      for (const leaf of all.slice(0, size)) before.append(leaf);
      const after = createMerkleTree(hasher, { size, parts: before.parts() });
      for (const leaf of all.slice(size)) after.append(leaf);
      expect(hex(after.root())).toBe(hex(definedRoot(all)));
    }
  });
});

describe('proofs', () => {
  const all = leavesOf(64);
  const { read } = tiled(all);
  const rootOf = (size: number) => ({ size, root: definedRoot(all.slice(0, size)) });

  test('inclusion proofs verify for every leaf of every tree up to 64', async () => {
    for (let size = 1; size <= 64; size += 1) {
      for (let index = 0; index < size; index += 1) {
        const proof = await inclusionProof(hasher, read(64), index, size);
        expect(verifyInclusion(hasher, all[index]!, index, rootOf(size), proof)).toBe(true);
      }
    }
  });

  test('consistency proofs verify between every two trees up to 64', async () => {
    for (let size = 0; size <= 64; size += 1) {
      for (let earlier = 0; earlier <= size; earlier += 1) {
        const proof = await consistencyProof(hasher, read(64), earlier, size);
        expect(verifyConsistency(hasher, rootOf(earlier), rootOf(size), proof)).toBe(true);
      }
    }
  });

  test('a proof with one hash too many or too few does not verify', async () => {
    for (const size of [1, 2, 3, 4, 5, 31, 32, 33, 64]) {
      const tree = rootOf(size);
      for (const index of [0, size >> 1, size - 1]) {
        const proof = await inclusionProof(hasher, read(64), index, size);
        const includes = (hashes: readonly Uint8Array[]) =>
          verifyInclusion(hasher, all[index]!, index, tree, hashes);
        expect(includes([...proof, all[0]!])).toBe(false);
        expect(includes([all[0]!, ...proof])).toBe(false);
        if (proof.length > 0) expect(includes(proof.slice(1))).toBe(false);
        if (proof.length > 0) expect(includes(proof.slice(0, -1))).toBe(false);
      }
      for (const earlier of [0, 1, size >> 1, size]) {
        const proof = await consistencyProof(hasher, read(64), earlier, size);
        const grew = (hashes: readonly Uint8Array[]) =>
          verifyConsistency(hasher, rootOf(earlier), tree, hashes);
        expect(grew(proof)).toBe(true);
        expect(grew([...proof, all[0]!])).toBe(false);
        if (proof.length > 0) expect(grew(proof.slice(0, -1))).toBe(false);
        if (proof.length > 0) expect(grew(proof.slice(1))).toBe(false);
      }
    }
  });

  test('a proof does not verify for another leaf, place, size or root', async () => {
    const proof = await inclusionProof(hasher, read(64), 20, 50);
    expect(verifyInclusion(hasher, all[20]!, 20, rootOf(50), proof)).toBe(true);
    expect(verifyInclusion(hasher, all[21]!, 20, rootOf(50), proof)).toBe(false);
    expect(verifyInclusion(hasher, all[20]!, 21, rootOf(50), proof)).toBe(false);
    expect(verifyInclusion(hasher, all[20]!, 50, rootOf(50), proof)).toBe(false);
    expect(verifyInclusion(hasher, all[20]!, -1, rootOf(50), proof)).toBe(false);
    expect(verifyInclusion(hasher, all[20]!, 20, rootOf(49), proof)).toBe(false);
    // A hash that is cut off is no hash, even where nothing else would tell.
    expect(verifyInclusion(hasher, all[0]!.slice(1), 0, rootOf(1), [])).toBe(false);
  });

  test('consistency is not shown towards a smaller tree or from another beginning', async () => {
    const proof = await consistencyProof(hasher, read(64), 20, 50);
    expect(verifyConsistency(hasher, rootOf(50), rootOf(20), proof)).toBe(false);
    expect(verifyConsistency(hasher, rootOf(21), rootOf(50), proof)).toBe(false);
    const forged = { size: 20, root: bytesOf('another beginning') };
    expect(verifyConsistency(hasher, forged, rootOf(50), proof)).toBe(false);
    expect(verifyConsistency(hasher, { size: 0, root: forged.root }, rootOf(50), [])).toBe(false);
    expect(verifyConsistency(hasher, forged, rootOf(20), [])).toBe(false);
  });

  test('equal leaves keep their own places', async () => {
    const equal = Array.from({ length: 9 }, () => all[0]!);
    const tree = tiled(equal);
    const head = { size: 9, root: tree.writer.root() };
    const proof = await inclusionProof(hasher, tree.read(9), 8, 9);
    expect(verifyInclusion(hasher, all[0]!, 8, head, proof)).toBe(true);
    expect(verifyInclusion(hasher, all[0]!, 7, head, proof)).toBe(false);
  });
});

describe('proofs from tiles', () => {
  const size = 70_000;
  const all = leavesOf(size);
  const { writer, read, readTile } = tiled(all);
  // The verifier's root of any earlier size, from the tiles alone.
  const rootAt = async (at: number) => {
    const parts = await partsOf(read(at), 0, at);
    return { size: at, root: createMerkleTree(hasher, { size: at, parts }).root() };
  };

  test('the tree of the tiles is the tree of the definition', async () => {
    expect(hex(writer.root())).toBe(hex(definedRoot(all)));
    for (const at of [1, 255, 256, 257, 65_535, 65_536, 65_537]) {
      expect(hex((await rootAt(at)).root)).toBe(hex(definedRoot(all.slice(0, at))));
    }
  });

  // Every hash of the tree, so that 10,000 proofs take no more hashing than their verification.
  const nodes = new Map<string, Uint8Array>();
  const roots: Uint8Array[] = [];
  const tree = createMerkleTree(hasher, { size: 0, parts: [] }, (height, index, hash) => {
    nodes.set(`${height}/${index}`, hash);
  });
  for (const leaf of all.slice(0, 20_000)) {
    roots.push(tree.root());
    tree.append(leaf);
  }
  const fromNodes = (height: number, index: number) => nodes.get(`${height}/${index}`)!;
  const headOf = (at: number) => ({ size: at, root: roots[at]! });
  const pair = fc
    .integer({ min: 2, max: roots.length - 1 })
    .chain((at) => fc.tuple(fc.constant(at), fc.integer({ min: 0, max: at - 1 })));

  test('10,000 random proofs of inclusion and consistency verify, and not for a neighbour', async () => {
    await fc.assert(
      fc.asyncProperty(pair, async ([at, index]) => {
        const proof = await inclusionProof(hasher, fromNodes, index, at);
        const grown = await consistencyProof(hasher, fromNodes, index, at);
        return (
          verifyInclusion(hasher, all[index]!, index, headOf(at), proof) &&
          !verifyInclusion(hasher, all[index]!, (index + 1) % at, headOf(at), proof) &&
          verifyConsistency(hasher, headOf(index), headOf(at), grown) &&
          (index === 0 || !verifyConsistency(hasher, headOf(index - 1), headOf(at), grown))
        );
      }),
      { numRuns: 10_000 },
    );
  }, 60_000);

  test('proofs read from tiles are those of the tree', async () => {
    await fc.assert(
      fc.asyncProperty(pair, async ([at, index]) => {
        const proof = await inclusionProof(hasher, read(at), index, at);
        expect(proof.map(hex)).toEqual(
          (await inclusionProof(hasher, fromNodes, index, at)).map(hex),
        );
        const grown = await consistencyProof(hasher, read(at), index, at);
        expect(grown.map(hex)).toEqual(
          (await consistencyProof(hasher, fromNodes, index, at)).map(hex),
        );
      }),
      { numRuns: 200 },
    );
    const last = await inclusionProof(hasher, read(size), 65_537, size);
    const head = { size, root: writer.root() };
    expect(verifyInclusion(hasher, all[65_537]!, 65_537, head, last)).toBe(true);
  });

  test('a writer goes on from its tiles as if it had never stopped', async () => {
    for (const at of [0, 1, 255, 256, 257, 511, 65_536, 65_800]) {
      const again = createTileWriter(hasher, await resumeTiles(hasher, readTile, at));
      expect(hex(again.root())).toBe(hex((await rootAt(at)).root));
      again.append(all.slice(at, at + 600));
      expect(hex(again.root())).toBe(hex((await rootAt(at + 600)).root));
      for (const tile of again.partial()) {
        const whole = readTile(tile);
        expect(hex(tile.bytes)).toBe(hex(whole!.subarray(0, tile.bytes.length)));
      }
    }
  });
});
