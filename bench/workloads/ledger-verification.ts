/**
 * L1: verifying a ledger beside SHA-256 alone over the pieces that any verifier of it must hash (the
 * header, the commitment, one node of the tree per entry), with the same function, in the same run.
 */
import { generateKeyPairSync, hash, randomFillSync, sign, verify } from 'node:crypto';
import {
  checkpointText,
  commitGroup,
  createTileWriter,
  encodeHeader,
  formatVerifierKey,
  type Hasher,
  leafHash,
  type LedgerClaims,
  type Signer,
  signNote,
  type StoredEntry,
  verifyLedger,
} from '../../src/core/ledger/index.ts';
import { median } from '../measure.ts';
import { type BenchContext, scaled, type Workload } from '../workload.ts';

const hasher: Hasher = {
  sha256: (bytes) => Buffer.from(hash('sha256', bytes, 'latin1'), 'latin1'),
};
const payloadSize = 400;
const { privateKey, publicKey } = generateKeyPairSync('ed25519');
const signer: Signer = {
  name: 'ledger.example/bench',
  publicKey: publicKey.export({ format: 'der', type: 'spki' }).subarray(-32),
  sign: (message) => sign(null, message, privateKey),
};
const checks = {
  hasher,
  verifier: {
    verify: (_key: Uint8Array, message: Uint8Array, signature: Uint8Array) =>
      verify(null, message, publicKey, signature),
  },
};

interface Sealed {
  readonly entries: readonly StoredEntry[];
  readonly claims: LedgerClaims;
}

function entryOf(seq: number): StoredEntry {
  const payload = randomFillSync(new Uint8Array(payloadSize));
  const salt = randomFillSync(new Uint8Array(32));
  const headerBytes = encodeHeader({
    seq,
    tenant: 'main',
    at: 1_763_700_000_000 + seq,
    stream: `execution:2Kq8Zt7VbXw3nM5r${seq % 1000}`,
    type: 'task-ended',
    actor: 'sa-5f0c2d7e9b1a',
    subjects: ['s-8d41c0aa73be52f1'],
    commitments: [{ group: 'event', hash: commitGroup(hasher, 'event', salt, payload) }],
  });
  return { headerBytes, groups: [{ name: 'event', payload, salt }] };
}

async function sealedLedger(count: number): Promise<Sealed> {
  const entries = Array.from({ length: count }, (_, index) => entryOf(index + 1));
  const writer = createTileWriter(hasher);
  const tiles = new Map<string, Uint8Array>();
  const made = writer.append(entries.map(({ headerBytes }) => leafHash(hasher, headerBytes)));
  for (const tile of [...made, ...writer.partial()]) {
    tiles.set(`${tile.level}/${tile.index}`, tile.bytes);
  }
  const text = checkpointText({ origin: signer.name, size: count, root: writer.root() });
  return {
    entries,
    claims: {
      checkpoints: [{ note: await signNote(hasher, text, [signer]) }],
      trusted: { log: [formatVerifierKey(hasher, signer.name, signer.publicKey)] },
      readTile: ({ level, index }) => tiles.get(`${level}/${index}`),
    },
  };
}

/** Returns the bytes that any verifier of `entries` must hash, piece by piece. */
function piecesOf(entries: readonly StoredEntry[]): readonly Uint8Array[] {
  const node = new Uint8Array(65);
  return entries.flatMap(({ headerBytes, groups }) =>
    groups.flatMap(({ salt, payload }) => [
      Buffer.concat([new Uint8Array(1), headerBytes]),
      Buffer.concat([new Uint8Array(27), salt ?? node, payload ?? node]),
      node,
    ]),
  );
}

async function measure({ size, progress }: BenchContext) {
  const count = scaled(size, 20_000, 100);
  const { entries, claims } = await sealedLedger(count);
  const pieces = piecesOf(entries);
  const ratios: number[] = [];
  const speeds: number[] = [];
  for (let round = 0; round < size.rounds; round += 1) {
    progress(`round ${round + 1} of ${size.rounds}`);
    const rawFrom = performance.now();
    for (const piece of pieces) hasher.sha256(piece);
    const rawMs = performance.now() - rawFrom;
    const from = performance.now();
    const { verdict } = await verifyLedger(checks, entries, claims);
    const verifiedMs = performance.now() - from;
    if (verdict !== 'valid') throw new Error(`the ledger of the bench is ${verdict}`);
    ratios.push(rawMs / verifiedMs);
    speeds.push(count / (verifiedMs / 1000));
  }
  return [
    {
      what: 'verified entries',
      value: median(speeds),
      unit: '/s',
      ratio: median(ratios),
      to: 'SHA-256 of the same pieces',
      budget: { min: 0.5 },
    },
  ];
}

/** Verification of a ledger against raw hashing. */
export const ledgerVerification: Workload = {
  id: 'L1',
  title: 'verification of a ledger',
  run: measure,
};
