/**
 * Ledgers for tests: the hash and keys of Node, seeded randomness, and a small ledger with entries,
 * tiles and signed checkpoints made by the writer alone.
 */
import {
  createHash,
  createPrivateKey,
  createPublicKey,
  hash,
  type KeyObject,
  sign,
  verify,
} from 'node:crypto';
import {
  checkpointText,
  commitGroup,
  createTileWriter,
  encodeHeader,
  encodeUtf8,
  formatVerifierKey,
  type Hasher,
  leafHash,
  type NoteChecks,
  type ReadTile,
  signNote,
  type Signer,
  type TileWriter,
} from '../../src/core/ledger/index.ts';

/** SHA-256 of Node. */
export const hasher: Hasher = {
  sha256: (bytes) => Buffer.from(hash('sha256', bytes, 'latin1'), 'latin1'),
};

const publicPrefix = Buffer.from('302a300506032b6570032100', 'hex');
const privatePrefix = Buffer.from('302e020100300506032b657004220420', 'hex');

/** Returns an Ed25519 public key from its 32 bytes. */
export function publicKeyOf(bytes: Uint8Array): KeyObject {
  const key = Buffer.concat([publicPrefix, bytes]);
  return createPublicKey({ key, format: 'der', type: 'spki' });
}

/** The hash and the checking of signatures. */
export const checks: NoteChecks = {
  hasher,
  verifier: {
    verify: (publicKey, message, signature) =>
      verify(null, message, publicKeyOf(publicKey), signature),
  },
};

/** Returns 32 bytes that depend on nothing but `seed`. */
export function bytesOf(seed: string): Uint8Array {
  return createHash('sha256').update(seed).digest();
}

/** Returns a key of its own for each name. */
export function signerOf(name: string, seed = name): Signer {
  const key = Buffer.concat([privatePrefix, bytesOf(`key ${seed}`)]);
  const privateKey = createPrivateKey({ key, format: 'der', type: 'pkcs8' });
  const publicKey = createPublicKey(privateKey)
    .export({ format: 'der', type: 'spki' })
    .subarray(publicPrefix.length);
  return { name, publicKey, sign: (message) => sign(null, message, privateKey) };
}

/** The key of the ledgers in tests. */
export const logSigner: Signer = signerOf('ledger.example/shop');
/** What trusts that key. */
export const trusted = { log: [formatVerifierKey(hasher, logSigner.name, logSigner.publicKey)] };

/** An entry with all its payloads. */
export interface WholeEntry {
  readonly headerBytes: Uint8Array;
  readonly groups: readonly { name: string; payload: Uint8Array; salt: Uint8Array }[];
}

/** Returns the header of the entry `seq` with commitments to `groups`. */
export function headerOf({
  seq,
  type = 'task-ended',
  groups,
}: {
  readonly seq: number;
  readonly type?: string;
  readonly groups: WholeEntry['groups'];
}): Uint8Array {
  return encodeHeader({
    seq,
    tenant: 'main',
    at: 1_700_000_000_000 + seq,
    stream: `execution:e${seq % 3}`,
    type,
    actor: `p-${seq % 5}`,
    subjects: seq % 2 === 0 ? [`s-${seq % 7}`] : [],
    commitments: groups.map(({ name, payload, salt }) => ({
      group: name,
      hash: commitGroup(hasher, name, salt, payload),
    })),
  });
}

/** Returns the entry `seq` with a payload in each of `names`. */
export function entryAt(seq: number, names: readonly string[] = ['personal', 'rest']): WholeEntry {
  const groups = names.map((name) => ({
    name,
    payload: encodeUtf8(`{"${name}":"value ${seq}"}`),
    salt: bytesOf(`salt ${seq} ${name}`),
  }));
  return { headerBytes: headerOf({ seq, groups }), groups };
}

/** A ledger that was written. */
export interface WrittenLedger {
  readonly entries: WholeEntry[];
  readonly writer: TileWriter;
  readonly tiles: Map<string, Uint8Array>;
  readonly readTile: ReadTile;
  /** Returns the checkpoint that was signed when the ledger had `size` entries. */
  checkpoint(size: number): Promise<string>;
}

/** Returns the signed checkpoint for a root. */
export function sealRoot(size: number, root: Uint8Array, signer = logSigner): Promise<string> {
  return signNote(hasher, checkpointText({ origin: signer.name, size, root }), [signer]);
}

/** Writes a ledger of `size` entries. */
export function writeLedger(
  size: number,
  make: (seq: number) => WholeEntry = entryAt,
): WrittenLedger {
  const writer = createTileWriter(hasher);
  const entries: WholeEntry[] = [];
  const roots = [writer.root()];
  const tiles = new Map<string, Uint8Array>();
  for (let seq = 1; seq <= size; seq += 1) {
    const entry = make(seq);
    entries.push(entry);
    for (const tile of writer.append([leafHash(hasher, entry.headerBytes)])) {
      tiles.set(`${tile.level}/${tile.index}`, tile.bytes);
    }
    roots.push(writer.root());
  }
  for (const tile of writer.partial()) tiles.set(`${tile.level}/${tile.index}`, tile.bytes);
  return {
    entries,
    writer,
    tiles,
    readTile: ({ level, index }) => tiles.get(`${level}/${index}`),
    checkpoint: (at) => sealRoot(at, roots[at] ?? new Uint8Array(32)),
  };
}
