/**
 * Opens signed checkpoints: the note, then the three lines of its text, then who signed. A checkpoint
 * counts only when a trusted key of the log signed it and enough trusted witnesses cosigned.
 */
import type { TreeHead } from './check-proofs.ts';
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
  /** Verifier keys of the log, several where it changed its key. */
  readonly log: readonly string[];
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

/** Returns what a signed checkpoint says when everyone signed who must have, or why it is refused. */
export async function openCheckpoint(
  checks: NoteChecks,
  note: string | Uint8Array,
  trusted: TrustedKeys,
): Promise<OpenedCheckpoint> {
  const logKeys = parseKeys(checks, trusted.log, 'note');
  if (typeof logKeys === 'string') return { reason: logKeys };
  const witnessKeys = parseKeys(checks, trusted.witnesses ?? [], 'cosignature');
  if (typeof witnessKeys === 'string') return { reason: witnessKeys };
  const opened = await openNote(checks, note, [...logKeys, ...witnessKeys]);
  if ('reason' in opened) return opened;
  const { text, signatures } = opened;
  const checkpoint = parseCheckpoint(text);
  if (checkpoint === undefined) return { reason: 'is a signed note, but no checkpoint' };
  const ofLog = signatures.filter(
    ({ key }) => key.kind === 'note' && (trusted.origin ?? key.name) === checkpoint.origin,
  );
  if (ofLog.length === 0 || checkpoint.origin !== (trusted.origin ?? checkpoint.origin)) {
    return { reason: `is of \`${checkpoint.origin}\`, which no trusted key of the log signed for` };
  }
  const witnesses = new Set(
    signatures.filter(({ key }) => key.kind === 'cosignature').map(({ key }) => key.name),
  );
  const witnessMin = trusted.witnessMin ?? 0;
  if (witnesses.size < witnessMin) {
    return { reason: `is cosigned by ${witnesses.size} of at least ${witnessMin} witnesses` };
  }
  return { ...checkpoint, signatures };
}
