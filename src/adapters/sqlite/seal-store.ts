/**
 * The tree over the entries of a SQLite file. What grows at its right edge is kept in memory and read
 * again when another process appended: from the leaves beside the entries and the tiles above them.
 *
 * INVARIANT: everything here that writes runs inside a transaction that holds the write lock.
 */
import {
  createTileWriter,
  hashSize,
  partialTiles,
  resumeTilesFrom,
  type Tile,
  type TileId,
  tileWidth,
  type TileWriter,
} from '../../core/ledger/index.ts';
import type { Seal, Sealer } from '../../ports/sealer.ts';
import type { Entry } from '../../ports/store.ts';
import type { Connection } from './open-store.ts';

/** Reads the hashes of the tree. */
export type TileReader = (tile: TileId) => Uint8Array | undefined;

/** Returns a reader of the tiles of the file, the lowest level from the leaves of its entries. */
export function createTileReader(connection: Connection): TileReader {
  const leaves = connection.prepare(
    'SELECT seq, leaf FROM entries WHERE seq > ? AND seq <= ? ORDER BY seq',
  );
  const tiles = connection.prepare('SELECT bytes FROM tiles WHERE level = ? AND place = ?');
  return ({ level, index, width }) => {
    if (level > 0) {
      const row = tiles.get(level, index) as { bytes: unknown } | undefined;
      return row?.bytes instanceof Uint8Array ? row.bytes : undefined;
    }
    const first = index * tileWidth;
    const rows = leaves.all(first, first + width) as { seq: number; leaf: Uint8Array | null }[];
    const bytes = new Uint8Array(width * hashSize);
    // A leaf that is missing or of another length stays zero, which is the hash of nothing; in a damaged
    // file a row may stand where it does not belong.
    for (const { seq, leaf } of rows) {
      const place = seq - first - 1;
      const isLeaf = leaf instanceof Uint8Array && leaf.length === hashSize;
      if (isLeaf && place >= 0 && place < width) bytes.set(leaf, place * hashSize);
    }
    return bytes;
  };
}

/** Seals entries as they are put into the file. */
export interface EntrySealing {
  /** Takes up the tree where the file has it, with `size` entries. */
  begin(size: number): void;
  /** Returns the seal of the next entry. */
  seal(entry: Entry): Seal;
  /** Puts what grew. */
  end(): void;
  /** Forgets what a transaction that was rolled back had appended. */
  forget(): void;
}

/** Returns the sealing of a connection. */
export function createEntrySealing(connection: Connection, sealer: Sealer): EntrySealing {
  const readTile = createTileReader(connection);
  const putTile = connection.prepare('INSERT OR REPLACE INTO tiles VALUES (?, ?, ?)');
  let tree: TileWriter | undefined;
  let leaves: Uint8Array[] = [];

  const resume = (size: number): TileWriter => {
    const partial = partialTiles(size).map((tile) => {
      const bytes = readTile(tile)?.slice(0, tile.width * hashSize);
      return { ...tile, bytes: bytes ?? new Uint8Array(0) };
    });
    return createTileWriter(sealer.hasher, resumeTilesFrom(sealer.hasher, partial, size));
  };
  const put = (tiles: readonly Tile[]): void => {
    for (const { level, index, bytes } of tiles) {
      if (level > 0) putTile.run(level, index, bytes);
    }
  };

  return {
    begin(size) {
      leaves = [];
      if (tree?.size !== size) tree = resume(size);
    },
    seal(entry) {
      const seal = sealer.seal(entry);
      leaves.push(seal.leaf);
      return seal;
    },
    end() {
      if (tree === undefined || leaves.length === 0) return;
      const full = tree.append(leaves);
      leaves = [];
      // The levels above grow only when a tile of leaves became full.
      if (full.length > 0) put([...full, ...tree.partial()]);
    },
    forget() {
      tree = undefined;
    },
  };
}

/** Seals the entries that were written before entries were sealed; holds no more than a few at once. */
export function sealOlderEntries(connection: Connection, sealer: Sealer): void {
  const last = connection.prepare(
    'SELECT leaf FROM entries WHERE seq = (SELECT max(seq) FROM entries)',
  );
  const isSealed = (): boolean => {
    const row = last.get() as { leaf: Uint8Array | null } | undefined;
    return row === undefined || row.leaf !== null;
  };
  if (isSealed()) return;
  connection.transaction(() => {
    if (isSealed()) return;
    const sealed = connection
      .prepare('SELECT max(seq) AS seq FROM entries WHERE leaf IS NOT NULL')
      .get() as { seq: number | null };
    const select = connection.prepare(
      `SELECT seq, entries.tenant, at, name AS stream, type, actor, payload
       FROM entries JOIN streams ON key = stream WHERE seq > ? ORDER BY seq LIMIT 1000`,
    );
    const update = connection.prepare(
      'UPDATE entries SET header = ?, salt = ?, leaf = ? WHERE seq = ?',
    );
    const sealing = createEntrySealing(connection, sealer);
    let seq = sealed.seq ?? 0;
    sealing.begin(seq);
    for (let rows; (rows = select.all(seq) as Entry[]).length > 0; ) {
      for (const entry of rows) {
        const { header, salt, leaf } = sealing.seal(entry);
        update.run(header, salt, leaf, entry.seq);
        seq = entry.seq;
      }
      sealing.end();
    }
  });
}
