/**
 * The certificate of an erasure: what was erased, why, and a proof that the entry which says so is in the
 * ledger; signed with the key of the ledger. It holds handles and counts, and nothing that was erased.
 */
import { Failure } from '../../core/failure/index.ts';
import { encodeBase64, formatVerifierKey, readUtf8, signNote } from '../../core/ledger/index.ts';
import { decodeValue, isList, isMap, plainText, type Value } from '../../core/value/index.ts';
import { erasureTypes, type LedgerParts, makeCheckpoint, proveEntry } from '../sealer/index.ts';
import type { ErasureCounts, NamedBackup } from './erasure-record.ts';

/** Names the form of a certificate. */
const form = 'sluice.erasure-certificate/v1';

/** A certificate of erasure. */
export interface ErasureCertificate {
  readonly form: typeof form;
  /** Who was erased; absent where retention erased what was too old. */
  readonly handle?: string;
  /** Which key was destroyed. */
  readonly keyId?: string;
  readonly reason: string;
  readonly basis: string | null;
  /** Handle of who erased. */
  readonly by: string;
  readonly at: string;
  readonly counts: ErasureCounts;
  /** Groups of entries that are gone: places of entries by name of the group, bounds included. */
  readonly erased: unknown;
  /** Backups from before that may hold a copy of the key. */
  readonly backups: readonly NamedBackup[];
  /** The entry that records it, so that its header can be checked against the proof. */
  readonly entry: {
    readonly seq: number;
    readonly header: string;
    readonly payload: string;
    readonly salt: string;
  };
  /** c2sp.org/tlog-proof@v1. */
  readonly proof: string;
  readonly verifierKey: string;
  /** The certificate as people read it, signed (C2SP signed note). */
  readonly note: string;
}

/** A reason that somebody typed may hold what no note may. */
function lineOf(name: string, value: string): string {
  return `${name}: ${value.replaceAll(/\p{Cc}/gu, ' ')}\n`;
}

function countsIn(value: Value | undefined): ErasureCounts {
  const read = isMap(value ?? null) ? (value as Record<string, Value>) : {};
  const count = (name: keyof ErasureCounts): number => Number(read[name] ?? 0);
  return {
    entries: count('entries'),
    groups: count('groups'),
    executions: count('executions'),
    pairs: count('pairs'),
    files: count('files'),
    caches: count('caches'),
  };
}

function backupsIn(value: Value | undefined): readonly NamedBackup[] {
  if (!isList(value)) return [];
  return value.filter(isMap).map(({ seq, at }) => ({ seq: Number(seq), at: Number(at) }));
}

function isoOf(at: number): string {
  return Temporal.Instant.fromEpochMilliseconds(at).toString();
}

/** Returns the certificate of the erasure that the entry `seq` records. */
export async function certificateOf(parts: LedgerParts, seq: number): Promise<ErasureCertificate> {
  const { store, hasher, signer } = parts;
  const [entry] = await store.sealedEntries(seq - 1, 1);
  if (entry?.seq !== seq || !erasureTypes.has(entry.type)) {
    throw new Failure('ledger.entry-not-found', `entry \`${seq}\` records no erasure`);
  }
  const payload = readUtf8(entry.payload) ?? '';
  const read = decodeValue(payload);
  const fields = isMap(read) ? read : {};
  await makeCheckpoint(parts);
  const proof = await proveEntry(parts, seq);
  const counts = countsIn(fields['counts']);
  const backups = backupsIn(fields['backups']);
  const basis = fields['basis'] ?? null;
  const who = {
    ...(typeof fields['handle'] === 'string' && { handle: fields['handle'] }),
    ...(typeof fields['keyId'] === 'string' && { keyId: fields['keyId'] }),
  };
  const said = {
    ...who,
    reason: plainText(fields['reason']),
    basis: basis === null ? null : plainText(basis),
    by: entry.actor,
    at: isoOf(entry.at),
  };
  const text =
    `${form}\n` +
    lineOf('ledger', signer.name) +
    lineOf('entry', `${seq}`) +
    lineOf('at', said.at) +
    lineOf('by', said.by) +
    (who.handle === undefined ? '' : lineOf('subject', who.handle)) +
    (who.keyId === undefined ? '' : lineOf('destroyed key', who.keyId)) +
    lineOf('reason', said.reason) +
    (said.basis === null ? '' : lineOf('legal basis', said.basis)) +
    lineOf(
      'erased',
      `${counts.groups} groups of ${counts.entries} entries; values in ${counts.executions} executions; ${counts.pairs} pairs; ${counts.files} files; ${counts.caches} caches`,
    ) +
    lineOf(
      'backups that may hold a copy of the key',
      backups.length === 0
        ? 'none known'
        : backups.map((one) => `entry ${one.seq}, ${isoOf(one.at)}`).join('; '),
    );
  return {
    form,
    ...said,
    counts,
    erased: fields['erased'] ?? {},
    backups,
    entry: {
      seq,
      header: readUtf8(entry.header) ?? '',
      payload,
      salt: encodeBase64(entry.salt),
    },
    proof,
    verifierKey: formatVerifierKey(hasher, signer.name, signer.publicKey),
    note: await signNote(hasher, text, [signer]),
  };
}
