/**
 * Follows the changes of a log's key: from a key one trusts to all others of the chain, each with the
 * sizes of tree it may sign. A change counts when both keys signed it and it stands in the ledger where
 * it says; a key that went signs nothing larger any more, and no key comes twice.
 */
import type { TreeHead } from './check-proofs.ts';
import { type NoteChecks, openNote, parseVerifierKey, type VerifierKey } from './open-note.ts';
import { readBase64, readWhole } from './read-text.ts';

/** A change of key as an entry of the ledger tells it; nothing of it is believed. */
export interface RotationClaim {
  /** Place of the entry; only larger trees are signed by the key that came. */
  readonly seq: number;
  /** The note in its payload. */
  readonly note: string;
}

/** A key of the log, and the sizes of tree that it may sign. */
export interface TrustedKey {
  readonly key: VerifierKey;
  readonly sizeMin: number;
  readonly sizeMax: number;
}

/** The keys that may be trusted, or why the chain does not hold. */
export type FollowedRotations =
  | { readonly keys: readonly TrustedKey[]; readonly heads: readonly TreeHead[] }
  | { readonly seq: number; readonly reason: string };

interface Rotation extends TreeHead {
  readonly seq: number;
  readonly previous: VerifierKey;
  readonly next: VerifierKey;
}

function isSame(one: VerifierKey, other: VerifierKey): boolean {
  return one.name === other.name && one.publicKey.every((byte, at) => byte === other.publicKey[at]);
}

/** Returns what one change says when both of its keys signed it, else why it is refused. */
async function openRotation(
  checks: NoteChecks,
  { seq, note }: RotationClaim,
): Promise<Rotation | string> {
  const lines = note.slice(0, Math.max(0, note.lastIndexOf('\n\n'))).split('\n');
  const [form, origin, previousText = '', nextText = '', sizeText = '', rootText = ''] = lines;
  const previous = parseVerifierKey(checks.hasher, previousText);
  const next = parseVerifierKey(checks.hasher, nextText);
  const size = readWhole(sizeText);
  const root = readBase64(rootText);
  if (form !== 'sluice/key-rotation/v1' || lines.length !== 6) return 'has another form';
  if (previous?.kind !== 'note' || next?.kind !== 'note') return 'names what are no keys of a log';
  if (size === undefined || root?.length !== 32) return 'names no tree';
  if (previous.name !== origin || next.name !== origin) return 'is of another log';
  if (isSame(previous, next)) return 'changes nothing';
  if (size >= seq) return `was made over ${size} entries and stands in entry ${seq}`;
  const opened = await openNote(checks, note, [previous, next]);
  if ('reason' in opened) return opened.reason;
  if (opened.signatures.length !== 2) return 'is not signed by both keys';
  return { seq, previous, next, size, root };
}

/**
 * Returns the keys that `trusted`, verifier keys of the log, lead to by way of `rotations`. Without
 * any change of key they are trusted as they are, for trees of every size.
 */
export async function followRotations(
  checks: NoteChecks,
  rotations: readonly RotationClaim[],
  trusted: readonly VerifierKey[],
): Promise<FollowedRotations> {
  if (rotations.length === 0) {
    const everySize = { sizeMin: 0, sizeMax: Number.MAX_SAFE_INTEGER };
    return { keys: trusted.map((key) => ({ key, ...everySize })), heads: [] };
  }
  const keys: TrustedKey[] = [];
  const heads: TreeHead[] = [];
  let last: VerifierKey | undefined;
  let sizeMin = 0;
  for (const claim of rotations.toSorted((one, other) => one.seq - other.seq)) {
    const { seq } = claim;
    const refused = (reason: string): FollowedRotations => ({
      seq,
      reason: `the change of key in entry ${seq} ${reason}`,
    });
    const rotation = await openRotation(checks, claim);
    if (typeof rotation === 'string') return refused(rotation);
    const { previous, next, size, root } = rotation;
    if (last !== undefined && !isSame(last, previous)) {
      return refused('does not follow on the key before it');
    }
    if (keys.some(({ key }) => isSame(key, next))) return refused('brings back a key that went');
    // A tree that holds the entry of the change is signed by the key that came.
    keys.push({ key: previous, sizeMin, sizeMax: seq - 1 });
    heads.push({ size, root });
    sizeMin = seq;
    last = next;
  }
  keys.push({ key: last!, sizeMin, sizeMax: Number.MAX_SAFE_INTEGER });
  if (!trusted.some((one) => keys.some(({ key }) => isSame(key, one)))) {
    return { seq: 1, reason: 'no trusted key is among those that the log changed to and from' };
  }
  return { keys, heads };
}
