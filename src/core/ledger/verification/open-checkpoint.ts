/**
 * Opens signed checkpoints: the note, then the three lines of its text, then who signed. A checkpoint
 * counts only when a trusted key of the log signed it and enough trusted witnesses cosigned.
 */
import type { TreeHead } from './check-proofs.ts';
import { followRotations, type RotationClaim, type TrustedKey } from './follow-rotations.ts';
import {
  type NoteChecks,
  openNote,
  parseVerifierKey,
  type VerifiedSignature,
  type VerifierKey,
} from './open-note.ts';
import { readBase64, readWhole } from './read-text.ts';

/** Whom the verifier trusts. */
export interface TrustedKeys {
  /** Verifier keys of the log. */
  readonly log: readonly string[];
  /** Changes of its key, as entries of the ledger tell them; they lead from the keys above to others. */
  readonly rotations?: readonly RotationClaim[];
  /** Verifier keys of witnesses. */
  readonly witnesses?: readonly string[];
  /** How many different witnesses must have cosigned; by default none. */
  readonly witnessMin?: number;
  /** The first line of every checkpoint; by default the name of the key that signed it. */
  readonly origin?: string;
}

/** A checkpoint that holds, or why it does not. */
export type OpenedCheckpoint =
  | (TreeHead & {
      readonly origin: string;
      readonly extensions: readonly string[];
      readonly signatures: readonly VerifiedSignature[];
    })
  | { readonly reason: string };

/** Returns what the text of a checkpoint says, or undefined when it has another form. */
export function parseCheckpoint(
  text: string,
): (TreeHead & { readonly origin: string; readonly extensions: readonly string[] }) | undefined {
  if (!text.endsWith('\n')) return undefined;
  const [origin = '', sizeText = '', rootText = '', ...extensions] = text.slice(0, -1).split('\n');
  const size = readWhole(sizeText);
  const root = readBase64(rootText);
  if (origin === '' || size === undefined || root?.length !== 32) return undefined;
  if (extensions.includes('')) return undefined;
  return { origin, size, root, extensions };
}

function parseKeys(
  checks: NoteChecks,
  texts: readonly string[],
  kind: VerifierKey['kind'],
): readonly VerifierKey[] | string {
  const keys: VerifierKey[] = [];
  for (const text of texts) {
    const key = parseVerifierKey(checks.hasher, text);
    if (key?.kind !== kind) {
      return kind === 'note'
        ? `cannot be checked: \`${text.slice(0, 120)}\` is no verifier key of a log`
        : `cannot be checked: \`${text.slice(0, 120)}\` is no verifier key of a witness`;
    }
    keys.push(key);
  }
  return keys;
}

/** Whom the verifier trusts, worked out once for many checkpoints. */
export interface Trust {
  readonly logKeys: readonly TrustedKey[];
  readonly witnessKeys: readonly VerifierKey[];
  readonly witnessMin: number;
  readonly origin: string | undefined;
  /** Trees that changes of key were made over; both keys signed each. */
  readonly heads: readonly TreeHead[];
}

/** Returns whom to trust, or why nobody can be; `seq` names the entry that is to blame, if one is. */
export async function resolveTrust(
  checks: NoteChecks,
  trusted: TrustedKeys,
): Promise<Trust | { readonly reason: string; readonly seq?: number }> {
  const named = parseKeys(checks, trusted.log, 'note');
  if (typeof named === 'string') return { reason: named };
  const witnessKeys = parseKeys(checks, trusted.witnesses ?? [], 'cosignature');
  if (typeof witnessKeys === 'string') return { reason: witnessKeys };
  const followed = await followRotations(checks, trusted.rotations ?? [], named);
  if ('reason' in followed) {
    return { reason: `cannot be checked: ${followed.reason}`, seq: followed.seq };
  }
  return {
    logKeys: followed.keys,
    heads: followed.heads,
    witnessKeys,
    witnessMin: trusted.witnessMin ?? 0,
    origin: trusted.origin,
  };
}

/** Returns what a signed checkpoint says when everyone signed who must have, or why it is refused. */
export async function openCheckpoint(
  checks: NoteChecks,
  note: string | Uint8Array,
  trusted: TrustedKeys,
): Promise<OpenedCheckpoint> {
  const trust = await resolveTrust(checks, trusted);
  return 'reason' in trust ? { reason: trust.reason } : openTrusted(checks, note, trust);
}

/** Returns what a signed checkpoint says under a trust that was worked out before. */
export async function openTrusted(
  checks: NoteChecks,
  note: string | Uint8Array,
  { logKeys, witnessKeys, witnessMin, origin }: Trust,
): Promise<OpenedCheckpoint> {
  const opened = await openNote(checks, note, [...logKeys.map(({ key }) => key), ...witnessKeys]);
  if ('reason' in opened) return opened;
  const { text, signatures } = opened;
  const checkpoint = parseCheckpoint(text);
  if (checkpoint === undefined) return { reason: 'is a signed note, but no checkpoint' };
  const ofLog = signatures.filter(
    ({ key }) => key.kind === 'note' && (origin ?? key.name) === checkpoint.origin,
  );
  if (ofLog.length === 0 || checkpoint.origin !== (origin ?? checkpoint.origin)) {
    return { reason: `is of \`${checkpoint.origin}\`, which no trusted key of the log signed for` };
  }
  const isInTime = ofLog.some(({ key: signed }) =>
    logKeys.some(
      ({ key, sizeMin, sizeMax }) =>
        key === signed && checkpoint.size >= sizeMin && checkpoint.size <= sizeMax,
    ),
  );
  if (!isInTime) {
    return {
      reason: `of ${checkpoint.size} entries is signed by a key that was not the log's then`,
    };
  }
  const witnesses = new Set(
    signatures.filter(({ key }) => key.kind === 'cosignature').map(({ key }) => key.name),
  );
  if (witnesses.size < witnessMin) {
    return { reason: `is cosigned by ${witnesses.size} of at least ${witnessMin} witnesses` };
  }
  return { ...checkpoint, signatures };
}
