/**
 * The tree stored as C2SP tiles: 256 hashes wide, one level of tiles for eight levels of the tree. A
 * full tile never changes, so proofs are a matter of reading a few of them, and any host of files can
 * serve them. The writer hands out a tile when it is full; the growing ones at the edge on demand.
 */
import { Failure } from '../failure/index.ts';
import type { HashReader } from './hash-reader.ts';
import { createMerkleTree, type MerkleTree, type TreeStart } from './merkle-tree.ts';
import { hashSize, type Hasher } from './primitives.ts';

/** Hashes of a full tile. */
export const tileWidth = 256;
/** Levels of the tree that one level of tiles spans. */
const tileHeight = 8;

/** Which tile: its level, its place in the level, and how many hashes it holds. */
export interface TileId {
  readonly level: number;
  readonly index: number;
  /** From 1 to 256. */
  readonly width: number;
}

/** A tile and its hashes, one after the other. */
export interface Tile extends TileId {
  readonly bytes: Uint8Array;
}

/** Returns the bytes of a tile; a wider one than asked for serves as well. */
export type ReadTile = (tile: TileId) => Uint8Array | undefined | Promise<Uint8Array | undefined>;

/** Returns the path of a tile: `tile/0/x001/x234/067`, with `.p/<width>` while it is not full. */
export function tilePath({ level, index, width }: TileId): string {
  const digits = `${index}`;
  const padded = digits.padStart(Math.ceil(digits.length / 3) * 3, '0');
  const groups = padded.match(/\d{3}/g) ?? [];
  const number = groups.map((group, at) => (at < groups.length - 1 ? `x${group}` : group));
  return `tile/${level}/${number.join('/')}${width === tileWidth ? '' : `.p/${width}`}`;
}

/** Returns the tile that holds the `index`-th hash of `level` in a tree of `size` leaves. */
export function tileOf(level: number, index: number, size: number): TileId {
  const tile = Math.floor(index / tileWidth);
  const hashes = Math.floor(size / tileWidth ** level);
  return { level, index: tile, width: Math.min(tileWidth, hashes - tile * tileWidth) };
}

/** Returns the growing tiles of a tree of `size` leaves, the lowest level first. */
export function partialTiles(size: number): readonly TileId[] {
  const tiles: TileId[] = [];
  let hashes = size;
  for (let level = 0; hashes > 0; level += 1) {
    const width = hashes % tileWidth;
    if (width > 0) tiles.push({ level, index: Math.floor(hashes / tileWidth), width });
    hashes = Math.floor(hashes / tileWidth);
  }
  return tiles;
}

/** Appends leaves to a tree and cuts it into tiles. */
export interface TileWriter extends Omit<MerkleTree, 'append'> {
  /** Appends leaves in order; returns the tiles that became full by it. */
  append(leaves: readonly Uint8Array[]): readonly Tile[];
  /** Returns copies of the growing tiles, the lowest level first. */
  partial(): readonly Tile[];
}

/** Where a writer of tiles goes on from: the tree and its growing tiles. */
export interface TileStart extends TreeStart {
  readonly partial: readonly Tile[];
}

/** Returns a writer of tiles for an empty tree, or for one as it was at `start`. */
export function createTileWriter(hasher: Hasher, start?: TileStart): TileWriter {
  const rows: Uint8Array[] = [];
  const rowOf = (level: number): Uint8Array => {
    rows[level] ??= new Uint8Array(tileWidth * hashSize);
    return rows[level];
  };
  for (const tile of start?.partial ?? []) rowOf(tile.level).set(tile.bytes);
  let full: Tile[] = [];

  const tree = createMerkleTree(hasher, start, (height, index, hash) => {
    if (height % tileHeight !== 0) return;
    const level = height / tileHeight;
    const place = index % tileWidth;
    const row = rowOf(level);
    row.set(hash, place * hashSize);
    if (place < tileWidth - 1) return;
    const bytes = row.slice();
    full.push({ level, index: Math.floor(index / tileWidth), width: tileWidth, bytes });
  });

  return {
    get size() {
      return tree.size;
    },
    append(leaves) {
      full = [];
      for (const leaf of leaves) tree.append(leaf);
      return full;
    },
    root: () => tree.root(),
    parts: () => tree.parts(),
    partial: () =>
      partialTiles(tree.size).map((tile) => ({
        ...tile,
        bytes: rowOf(tile.level).slice(0, tile.width * hashSize),
      })),
  };
}

/** Returns where a writer goes on from in a tree of `size` leaves whose tiles `readTile` reads. */
export async function resumeTiles(
  hasher: Hasher,
  readTile: ReadTile,
  size: number,
): Promise<TileStart> {
  const partial: Tile[] = [];
  for (const tile of partialTiles(size)) {
    partial.push({ ...tile, bytes: await wholeTile(readTile, tile) });
  }
  return resumeTilesFrom(hasher, partial, size);
}

/** Returns where a writer goes on from in a tree of `size` leaves with the growing tiles `partial`. */
export function resumeTilesFrom(hasher: Hasher, partial: readonly Tile[], size: number): TileStart {
  const parts: Uint8Array[] = [];
  for (const tile of partial) {
    requireWhole(tile, tile.bytes);
    parts.unshift(...treeOfRow(hasher, tile.bytes, tile.width).parts());
  }
  return { size, parts, partial };
}

/** Returns the tree over the first `width` hashes in `bytes`. */
function treeOfRow(hasher: Hasher, bytes: Uint8Array, width: number): MerkleTree {
  const tree = createMerkleTree(hasher);
  for (let place = 0; place < width; place += 1) {
    tree.append(bytes.subarray(place * hashSize, (place + 1) * hashSize));
  }
  return tree;
}

async function wholeTile(readTile: ReadTile, tile: TileId): Promise<Uint8Array> {
  const bytes = await readTile(tile);
  return requireWhole(tile, bytes);
}

function requireWhole(tile: TileId, bytes: Uint8Array | undefined): Uint8Array {
  const size = tile.width * hashSize;
  if (bytes === undefined || bytes.length < size) {
    const found = bytes === undefined ? 'is not there' : `holds ${bytes.length} of ${size} bytes`;
    throw new Failure('ledger.tile-missing', `\`${tilePath(tile)}\` ${found}`);
  }
  return bytes.length === size ? bytes : bytes.subarray(0, size);
}

/**
 * Returns a reader of the tree of `size` leaves that reads tiles; each tile is read once.
 * Throws the failure `ledger.tile-missing` where a tile is not there or too short.
 */
export function tileHashReader(hasher: Hasher, readTile: ReadTile, size: number): HashReader {
  const known = new Map<string, Promise<Uint8Array>>();
  return async (height, index) => {
    const level = Math.floor(height / tileHeight);
    const count = 2 ** (height % tileHeight);
    const tile = tileOf(level, index * count, size);
    const path = tilePath(tile);
    let bytes = known.get(path);
    if (bytes === undefined) {
      bytes = wholeTile(readTile, tile);
      known.set(path, bytes);
    }
    const first = (index * count) % tileWidth;
    return treeOfRow(hasher, (await bytes).subarray(first * hashSize), count).root();
  };
}
