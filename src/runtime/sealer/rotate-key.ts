/**
 * Changes the key of the ledger: the next key is made, both sign the change, the entry that records it
 * is durable, and only then the key that was goes. A crash at any point leaves a ledger that verifies.
 */
import { Failure } from '../../core/failure/index.ts';
import {
  parseCheckpoint,
  parseVerifierKey,
  rotationType,
  signRotation,
} from '../../core/ledger/index.ts';
import { encodeValue, mapOf } from '../../core/value/index.ts';
import { makeCheckpoint } from './checkpoints.ts';
import {
  currentKeyId,
  currentSigner,
  type LedgerParts,
  ledgerStream,
  ledgerTenant,
  textIn,
  verifierKeyOf,
} from './ledger-parts.ts';

/** A change of key. */
export interface Rotated {
  /** Place of the entry that records it. */
  readonly seq: number;
  readonly previousKey: string;
  readonly verifierKey: string;
}

/** Puts a key into its place that the ledger knows already; what a crash in the middle of a change leaves. */
export async function settleRotation({ store, hasher, keys }: LedgerParts): Promise<void> {
  const prepared = keys?.prepared();
  if (keys === undefined || prepared === undefined) return;
  const record = await store.registerRecord(currentKeyId);
  const key = parseVerifierKey(hasher, (record && textIn(record, 'verifierKey')) ?? '');
  if (key?.publicKey.every((byte, at) => byte === prepared.publicKey[at]) === true) keys.adopt();
}

/** Changes the key; `actor` is the handle of who does it. */
export async function rotateKey(parts: LedgerParts, actor: string): Promise<Rotated> {
  const { store, hasher, keys, clock } = parts;
  if (keys === undefined) throw new Failure('store.key-unfit', 'the key of this ledger is fixed');
  await settleRotation(parts);
  const previous = await currentSigner(parts);
  const previousKey = verifierKeyOf(parts, previous);
  const next = keys.prepare();
  try {
    const { note } = await makeCheckpoint(parts);
    const checkpoint = parseCheckpoint(note.slice(0, note.lastIndexOf('\n\n') + 1))!;
    const rotation = await signRotation(hasher, checkpoint, previous, next);
    const verifierKey = verifierKeyOf(parts, next);
    const known = await store.registerRecord(currentKeyId);
    const { lastSeq } = await store.commit([
      {
        entries: [
          {
            tenant: ledgerTenant,
            at: clock.now(),
            stream: ledgerStream,
            type: rotationType,
            actor,
            payload: encodeValue(mapOf({ rotation })),
          },
        ],
        registerRecords: [
          {
            ...currentKeyId,
            version: (known?.version ?? 0) + 1,
            keys: {},
            document: encodeValue(mapOf({ verifierKey })),
          },
        ],
      },
    ]);
    keys.adopt();
    await makeCheckpoint(parts);
    return { seq: lastSeq, previousKey, verifierKey };
  } catch (error) {
    // What the ledger does not know must not stay; what it knows is put in place at the next start.
    const record = await store.registerRecord(currentKeyId);
    const isRecorded =
      record !== undefined && textIn(record, 'verifierKey') === verifierKeyOf(parts, next);
    if (!isRecorded) keys.discard();
    throw error;
  }
}
