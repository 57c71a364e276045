/** Exports for tests: of a ledger that the writer alone made, with a change of key where one is asked for. */
import {
  encodeUtf8,
  type ExportedEntry,
  exportedLine,
  formatVerifierKey,
  inclusionProof,
  rotationType,
  type Signer,
  signRotation,
  statementLine,
  tileHashReader,
} from '../../src/core/ledger/index.ts';
import {
  hasher,
  logSigner,
  sealRoot,
  type WholeEntry,
  type WrittenLedger,
} from './ledger-world.ts';
import { bytesOf, headerOf } from './ledger-world.ts';

/** Returns a verifier key of `signer`. */
export const vkeyOf = (signer: Signer): string =>
  formatVerifierKey(hasher, signer.name, signer.publicKey);

/** Returns the entry `seq`, which records that `next` follows `previous`. */
export function rotationEntry(seq: number, note: string): WholeEntry {
  const payload = encodeUtf8(JSON.stringify({ rotation: note }));
  const groups = [{ name: 'payload', payload, salt: bytesOf(`salt ${seq}`) }];
  return { headerBytes: headerOf({ seq, type: rotationType, groups }), groups };
}

/** Returns the note by which `next` follows `previous` over the first `size` entries of `ledger`. */
export function rotationNote(
  root: Uint8Array,
  size: number,
  previous: Signer,
  next: Signer,
): Promise<string> {
  return signRotation(hasher, { origin: previous.name, size, root }, previous, next);
}

/** Returns the lines of an export of the entries `from` to `to` of `ledger`, each with its newline. */
export async function exportOf(
  ledger: WrittenLedger,
  options: {
    readonly from?: number;
    readonly to?: number;
    readonly stream?: string;
    readonly signer?: Signer;
    readonly rotations?: readonly number[];
  } = {},
): Promise<readonly string[]> {
  const size = ledger.entries.length;
  const { from = 1, to = size, stream, signer = logSigner, rotations = [] } = options;
  const read = tileHashReader(hasher, ledger.readTile, size);
  const exported = async (seq: number): Promise<ExportedEntry> => {
    const { headerBytes, groups } = ledger.entries[seq - 1]!;
    return {
      seq,
      header: headerBytes,
      groups,
      proof: await inclusionProof(hasher, read, seq - 1, size),
    };
  };
  const chosen: ExportedEntry[] = [];
  for (let seq = from; seq <= to; seq += 1) {
    const text = Buffer.from(ledger.entries[seq - 1]!.headerBytes).toString();
    if (stream === undefined || text.includes(`"stream":"${stream}"`))
      chosen.push(await exported(seq));
  }
  const statement = await statementLine(
    hasher,
    {
      from,
      to,
      count: chosen.length,
      at: 5,
      checkpoint: await sealRoot(size, ledger.writer.root(), signer),
      verifierKey: vkeyOf(signer),
      witnesses: [],
      rotations: await Promise.all(rotations.map(exported)),
      ...(stream === undefined ? {} : { stream }),
    },
    signer,
  );
  return [statement, ...chosen.map(exportedLine)];
}
