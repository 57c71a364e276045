/** What signing, proving and verifying a ledger needs, and how its stored entries are read. */
import {
  formatVerifierKey,
  type Hasher,
  payloadGroup,
  parseVerifierKey,
  readRotationNote,
  type RotationClaim,
  rotationType,
  type Signer,
  type StoredEntry,
} from '../../core/ledger/index.ts';
import { Failure } from '../../core/failure/index.ts';
import { decodeValue, isMap } from '../../core/value/index.ts';
import type { Clock } from '../../ports/clock.ts';
import type { LedgerKeys, LedgerSigner } from '../../ports/signer.ts';
import type { RegisterRecord, SealedEntry, Store } from '../../ports/store.ts';

/** What signing and verifying a ledger needs. */
export interface LedgerParts {
  readonly store: Store;
  readonly hasher: Hasher;
  readonly signer: LedgerSigner;
  /** The same key where it can change. */
  readonly keys?: LedgerKeys;
  readonly clock: Pick<Clock, 'now'>;
}

/** Whose entries and registers those about the ledger itself are. */
export const ledgerTenant = 'main';
/** The stream of entries about the ledger itself. */
export const ledgerStream = 'ledger';
/** The record of the key that signs. */
export const currentKeyId = { tenant: ledgerTenant, kind: 'ledger-key', id: 'current' } as const;

const rotationsMax = 10_000;

/** Returns the text under `name` in the document of a record. */
export function textIn(record: RegisterRecord, name: string): string | undefined {
  const document = decodeValue(record.document);
  const value = isMap(document) ? document[name] : undefined;
  return typeof value === 'string' ? value : undefined;
}

/** Returns whether the key that the ledger names as its own is kept. */
export async function holdsCurrentKey(parts: LedgerParts): Promise<boolean> {
  const record = await parts.store.registerRecord(currentKeyId);
  return record === undefined || heldKey(parts, record) !== undefined;
}

function heldKey({ hasher, keys }: LedgerParts, record: RegisterRecord): Signer | undefined {
  const key = parseVerifierKey(hasher, textIn(record, 'verifierKey') ?? '');
  return key === undefined ? undefined : keys?.held(key.publicKey);
}

/** Returns the key that signs at this moment; throws `store.key-unfit` when it is not kept. */
export async function currentSigner(parts: LedgerParts): Promise<Signer> {
  const record = await parts.store.registerRecord(currentKeyId);
  if (record === undefined) return parts.signer;
  const held = heldKey(parts, record);
  if (held !== undefined) return held;
  const verifierKey = textIn(record, 'verifierKey') ?? '';
  throw new Failure('store.key-unfit', `the key \`${verifierKey}\` of the ledger is not there`, {
    help: 'put back the `ledger.key` that is younger than the last change of the key',
  });
}

/** Returns the verifier key of `signer`. */
export function verifierKeyOf(
  { hasher }: Pick<LedgerParts, 'hasher'>,
  signer: Pick<Signer, 'name' | 'publicKey'>,
): string {
  return formatVerifierKey(hasher, signer.name, signer.publicKey);
}

/** Returns an entry of the store as the verifier takes it. */
export function storedEntry({ header, salt, payload, groups: apart }: SealedEntry): StoredEntry {
  const isErased = salt.length === 0 && payload.length === 0;
  const groups = isErased ? apart : [{ name: payloadGroup, payload, salt }, ...apart];
  return { headerBytes: header, groups };
}

/** Returns the entries that record changes of the key, the oldest first. */
export async function rotationEntries({
  store,
}: Pick<LedgerParts, 'store'>): Promise<readonly SealedEntry[]> {
  const query = { tenant: ledgerTenant, type: rotationType, limit: rotationsMax };
  const found = await store.searchEntries(query);
  const entries: SealedEntry[] = [];
  for (const { seq } of found.toReversed()) {
    const [entry] = await store.sealedEntries(seq - 1, 1);
    if (entry?.seq === seq) entries.push(entry);
  }
  return entries;
}

/** Returns the changes of the key as the ledger tells them. */
export async function rotationClaims(
  parts: Pick<LedgerParts, 'store'>,
): Promise<readonly RotationClaim[]> {
  const entries = await rotationEntries(parts);
  // An entry that tells no change is handed on too, so that the verifier refuses it.
  return entries.map((entry) => ({
    seq: entry.seq,
    note: readRotationNote(storedEntry(entry)) ?? '',
  }));
}
