/**
 * Cosignatures of witnesses: taken in only when they hold for a checkpoint of this ledger, kept beside
 * it, and handed out with it.
 */
import { Failure } from '../../core/failure/index.ts';
import { openNote, parseVerifierKey, type VerifierKey } from '../../core/ledger/index.ts';
import { encodeValue, mapOf } from '../../core/value/index.ts';
import type { CheckpointRecord } from '../../ports/store.ts';
import { type LedgerParts, ledgerStream, ledgerTenant, textIn } from './ledger-parts.ts';

/** A cosignature that is kept. */
export interface KeptCosignature {
  /** Entries of the checkpoint. */
  readonly size: number;
  readonly witness: string;
  /** When the witness signed, in seconds since the epoch. */
  readonly time: number;
}

const kind = 'cosignature';
const witnessesMax = 90;

/** Returns the key of a witness that `text` names; throws when it names none. */
export function witnessKeyOf({ hasher }: Pick<LedgerParts, 'hasher'>, text: string): VerifierKey {
  const key = parseVerifierKey(hasher, text);
  if (key?.kind === 'cosignature') return key;
  throw new Failure('ledger.checkpoint-refused', `\`${text}\` is no verifier key of a witness`, {
    help: '`sluice ledger witness` prints the key of a witness',
  });
}

/** Returns a checkpoint with the cosignatures that are kept for it, and the keys of who gave them. */
export async function withCosignatures(
  { store }: LedgerParts,
  { size, note }: CheckpointRecord,
): Promise<{ readonly note: string; readonly witnesses: readonly string[] }> {
  const key = { name: 'size', value: `${size}` };
  const query = { tenant: ledgerTenant, kind, key, limit: witnessesMax };
  const records = await store.registerRecords(query);
  const lines = records.map((record) => textIn(record, 'line') ?? '');
  const witnesses = records.map((record) => textIn(record, 'verifierKey') ?? '');
  return { note: `${note}${lines.join('')}`, witnesses };
}

/** Keeps the cosignature of the witness with the key `witness` that stands in `text`; throws when it does not hold. */
export async function addCosignature(
  parts: LedgerParts,
  text: string,
  witness: string,
  actor: string,
): Promise<KeptCosignature> {
  const { store, hasher, signer, clock } = parts;
  const key = witnessKeyOf(parts, witness);
  const lines = text.split('\n').filter((line) => line.startsWith(`— ${key.name} `));
  const checkpoints = await store.checkpoints();
  for (const line of lines) {
    for (const { size, note } of checkpoints.toReversed()) {
      const whole = `${note.slice(0, note.lastIndexOf('\n\n') + 2)}${line}\n`;
      const opened = await openNote({ hasher, verifier: signer }, whole, [key]);
      if ('reason' in opened) continue;
      const id = { tenant: ledgerTenant, kind, id: `${size} ${key.name}` };
      const known = await store.registerRecord(id);
      const time = opened.signatures[0]?.time ?? 0;
      await store.commit([
        {
          entries: [
            {
              tenant: ledgerTenant,
              at: clock.now(),
              stream: ledgerStream,
              type: 'checkpoint-cosigned',
              actor,
              payload: encodeValue(mapOf({ size, witness, line })),
            },
          ],
          registerRecords: [
            {
              ...id,
              version: (known?.version ?? 0) + 1,
              keys: { size: `${size}` },
              document: encodeValue(mapOf({ line: `${line}\n`, verifierKey: witness, time })),
            },
          ],
        },
      ]);
      return { size, witness: key.name, time };
    }
  }
  throw new Failure(
    'ledger.checkpoint-refused',
    'the cosignature is of no checkpoint of this ledger',
    {
      help: 'hand in what the witness printed, and its key with `--witness`',
    },
  );
}

/** Returns of each witness the newest cosignature that is kept and holds. */
export async function keptCosignatures(
  parts: LedgerParts,
  checkpoints: readonly CheckpointRecord[],
): Promise<readonly KeptCosignature[]> {
  const { store, hasher, signer } = parts;
  const newest = new Map<string, KeptCosignature>();
  let after: string | undefined;
  for (;;) {
    const page = await store.registerRecords({
      tenant: ledgerTenant,
      kind,
      limit: 100,
      ...(after === undefined ? {} : { after }),
    });
    for (const record of page) {
      const size = Number(record.keys['size']);
      const verifierKey = textIn(record, 'verifierKey') ?? '';
      const key = parseVerifierKey(hasher, verifierKey);
      const note = checkpoints.find((one) => one.size === size)?.note;
      if (key === undefined || note === undefined) continue;
      if ((newest.get(verifierKey)?.size ?? -1) >= size) continue;
      const whole = `${note.slice(0, note.lastIndexOf('\n\n') + 2)}${textIn(record, 'line') ?? ''}`;
      const opened = await openNote({ hasher, verifier: signer }, whole, [key]);
      if ('reason' in opened) continue;
      newest.set(verifierKey, { size, witness: key.name, time: opened.signatures[0]?.time ?? 0 });
    }
    after = page.at(-1)?.id;
    if (page.length < 100) return [...newest.values()];
  }
}
