/**
 * What the ledger costs beside SHA-256 alone, over the same bytes with the same function: verifying
 * entries (budget L1: at least half the speed), and making and appending them in batches. Absolute
 * figures belong to the machine, the ratios to the code; a ratio out of its budget ends with 1.
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
} from '../src/core/ledger/index.ts';

const hasher: Hasher = {
  sha256: (bytes) => Buffer.from(hash('sha256', bytes, 'latin1'), 'latin1'),
};
/** Few enough to stay near the processor, where entries are when they were just read from a store. */
const entryCount = 4_000;
const repeats = 10;
const rounds = 7;
const ratioMin = 0.5;
const microsPerLeafMax = 3;

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

function headerOf(seq: number, commitment: Uint8Array) {
  return {
    seq,
    tenant: 'main',
    at: 1_763_700_000_000 + seq,
    stream: `execution:2Kq8Zt7VbXw3nM5r${seq % 1000}`,
    type: 'task-ended',
    actor: 'sa-5f0c2d7e9b1a',
    subjects: ['s-8d41c0aa73be52f1'],
    commitments: [{ group: 'event', hash: commitment }],
  };
}

function entryOf(seq: number, payload: Uint8Array, salt: Uint8Array): StoredEntry {
  const commitment = commitGroup(hasher, 'event', salt, payload);
  const headerBytes = encodeHeader(headerOf(seq, commitment));
  return { headerBytes, groups: [{ name: 'event', payload, salt }] };
}

/** Time this thread has computed, in milliseconds: what other programs do meanwhile does not count. */
function computed(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}

/** Returns the shortest of several times of each of two things done by turns, in milliseconds. */
async function timesOf(
  one: () => unknown,
  other: () => unknown,
): Promise<readonly [number, number]> {
  const best: [number, number] = [Infinity, Infinity];
  for (let round = 0; round < rounds; round += 1) {
    for (const [place, run] of [one, other].entries()) {
      const start = computed();
      await run();
      best[place] = Math.min(best[place]!, computed() - start);
    }
  }
  return best;
}

function judge(isWithin: boolean): string {
  if (!isWithin) process.exitCode = 1;
  return isWithin ? 'within' : 'ABOVE';
}

async function verification(payloadSize: number): Promise<void> {
  const writer = createTileWriter(hasher);
  const tiles = new Map<string, Uint8Array>();
  const entries = Array.from({ length: entryCount }, (_, index) => {
    const payload = randomFillSync(new Uint8Array(payloadSize));
    const entry = entryOf(index + 1, payload, randomFillSync(new Uint8Array(32)));
    for (const tile of writer.append([leafHash(hasher, entry.headerBytes)])) {
      tiles.set(`${tile.level}/${tile.index}`, tile.bytes);
    }
    return entry;
  });
  for (const tile of writer.partial()) tiles.set(`${tile.level}/${tile.index}`, tile.bytes);
  const text = checkpointText({ origin: signer.name, size: entryCount, root: writer.root() });
  const claims: LedgerClaims = {
    checkpoints: [{ note: await signNote(hasher, text, [signer]) }],
    trusted: { log: [formatVerifierKey(hasher, signer.name, signer.publicKey)] },
    readTile: ({ level, index }) => tiles.get(`${level}/${index}`),
  };
  // What any verifier of such a ledger must hash, in the same pieces: leaf, commitment, one node each.
  const node = new Uint8Array(65);
  const needed = entries.flatMap(({ headerBytes, groups }) =>
    groups.flatMap(({ salt, payload }) => [
      Buffer.concat([new Uint8Array(1), headerBytes]),
      Buffer.concat([new Uint8Array(27), salt!, payload!]),
      node,
    ]),
  );
  // The stored bytes alone, without tree and domain separation: the strictest reading of "the same".
  const stored = entries.flatMap(({ headerBytes, groups }) =>
    groups.flatMap(({ salt, payload }) => [headerBytes, Buffer.concat([salt!, payload!])]),
  );
  const byteCount = stored.reduce((sum, piece) => sum + piece.length, 0);
  const hashAll = (pieces: readonly Uint8Array[]): void => {
    for (let repeat = 0; repeat < repeats; repeat += 1) {
      for (const piece of pieces) hasher.sha256(piece);
    }
  };

  const [raw, verified] = await timesOf(
    () => hashAll(needed),
    async () => {
      for (let repeat = 0; repeat < repeats; repeat += 1) {
        const { verdict } = await verifyLedger(checks, entries, claims);
        if (verdict !== 'valid') throw new Error(`the ledger of the bench is ${verdict}`);
      }
    },
  );
  const [bare] = await timesOf(
    () => hashAll(stored),
    () => undefined,
  );
  const ratio = raw / verified;
  const speed = (time: number): string => `${((byteCount * repeats) / 1e3 / time).toFixed(0)} MB/s`;
  console.log(
    `ledger L1, payloads of ${payloadSize} B: ` +
      `verified ${Math.round(((entryCount * repeats) / verified) * 1000)} entries/s, ` +
      `${speed(verified)} of entries; SHA-256 of the same pieces ${speed(raw)}, ` +
      `ratio ${ratio.toFixed(2)} (${judge(ratio >= ratioMin)} ${ratioMin}); ` +
      `of the stored bytes alone ${speed(bare)}, ratio ${(bare / verified).toFixed(2)}`,
  );
}

async function appending(batch: number): Promise<void> {
  const count = 20_000;
  const salt = randomFillSync(new Uint8Array(32));
  const payload = randomFillSync(new Uint8Array(400));
  const commitment = commitGroup(hasher, 'event', salt, payload);
  const encoded = encodeHeader(headerOf(count, commitment));
  const node = new Uint8Array(65);
  const preimage = new Uint8Array(22 + 6 + 32 + payload.length);
  const leaf = new Uint8Array(encoded.length + 1);
  // Each leaf needs three hashes and no fewer: its commitment, itself, one node.
  const [raw, made] = await timesOf(
    () => {
      for (let seq = 1; seq <= count; seq += 1) {
        hasher.sha256(preimage);
        hasher.sha256(leaf);
        hasher.sha256(node);
      }
    },
    () => {
      const writer = createTileWriter(hasher);
      for (let seq = 1; seq <= count; ) {
        const leaves: Uint8Array[] = [];
        for (let at = 0; at < batch && seq <= count; at += 1, seq += 1) {
          const hashed = commitGroup(hasher, 'event', salt, payload);
          leaves.push(leafHash(hasher, encodeHeader(headerOf(seq, hashed))));
        }
        writer.append(leaves);
      }
    },
  );
  const [bare, appended] = await timesOf(
    () => {
      for (let at = 0; at < count; at += 1) hasher.sha256(node);
    },
    () => {
      const writer = createTileWriter(hasher);
      const leaves = Array.from({ length: batch }, () => commitment);
      for (let at = 0; at < count; at += batch) writer.append(leaves);
    },
  );
  const micros = (time: number): number => (time * 1000) / count;
  const beyond = micros(made - raw);
  console.log(
    `ledger append, batches of ${batch}: ${micros(made).toFixed(2)} µs a leaf from fields to tile, ` +
      `${micros(raw).toFixed(2)} of it hashing, ${beyond.toFixed(2)} beyond ` +
      `(${judge(beyond <= microsPerLeafMax)} ${microsPerLeafMax}); tree alone ` +
      `${micros(appended - bare).toFixed(2)} beyond hashing`,
  );
}

for (const payloadSize of [100, 400, 2_000]) await verification(payloadSize);
for (const batch of [1, 50, 1_000]) await appending(batch);
