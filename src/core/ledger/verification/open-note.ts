/**
 * Opens signed notes in C2SP's form: takes text and signatures apart, ignores signatures of unknown
 * keys, refuses the note when a known key's signature is wrong or no known key signed.
 */
import type { Hasher, SignatureVerifier } from '../primitives.ts';
import { areEqual, readBase64, readUtf8, toUtf8 } from './read-text.ts';

/** A public key that the verifier was told to trust. */
export interface VerifierKey {
  readonly name: string;
  readonly id: Uint8Array;
  readonly kind: 'note' | 'cosignature';
  readonly publicKey: Uint8Array;
}

/** A signature that holds. */
export interface VerifiedSignature {
  readonly key: VerifierKey;
  /** Of a cosignature: until when the witness saw no larger tree, in seconds since the epoch. */
  readonly time?: number;
}

/** A note as it was opened, or why it was not. */
export type OpenedNote =
  | { readonly text: string; readonly signatures: readonly VerifiedSignature[] }
  | { readonly reason: string };

/** What checking signatures takes. */
export interface NoteChecks {
  readonly hasher: Hasher;
  readonly verifier: SignatureVerifier;
}

const noteBytesMax = 1_000_000;
const signaturesMax = 100;
const idSize = 4;
const publicKeySize = 32;
const signatureSize = 64;
const stampSize = 8;
const kinds: Readonly<Record<number, VerifierKey['kind']>> = { 1: 'note', 4: 'cosignature' };

/** Returns the key that a verifier key `name+id+key` names, or undefined when it is none of ours. */
export function parseVerifierKey(hasher: Hasher, text: string): VerifierKey | undefined {
  const match = /^([^+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/.exec(text);
  const name = match?.[1] ?? '';
  const encoded = readBase64(match?.[3] ?? '');
  const prefix = toUtf8(`${name}\n`);
  if (!isName(name) || prefix === undefined) return undefined;
  if (encoded?.length !== 1 + publicKeySize) return undefined;
  const kind = kinds[encoded[0]!];
  if (kind === undefined) return undefined;
  const preimage = new Uint8Array(prefix.length + encoded.length);
  preimage.set(prefix);
  preimage.set(encoded, prefix.length);
  const id = hasher.sha256(preimage).slice(0, idSize);
  const idText = [...id].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return idText === match?.[2] ? { name, id, kind, publicKey: encoded.slice(1) } : undefined;
}

function isName(name: string): boolean {
  return name !== '' && !/[\p{White_Space}\p{Cc}+]/u.test(name);
}

interface SignatureLine {
  readonly name: string;
  readonly id: Uint8Array;
  readonly rest: Uint8Array;
}

function takeApart(note: string | Uint8Array): { text: string; lines: SignatureLine[] } | string {
  if (note.length > noteBytesMax) return 'is too long for a note';
  const whole = typeof note === 'string' ? note : readUtf8(note);
  if (whole === undefined || toUtf8(whole) === undefined) return 'is no UTF-8 text';
  // oxlint-disable-next-line no-control-regex -- the format refuses exactly these
  if (/[\u0000-\u0009\u000b-\u001f]/.test(whole)) return 'holds a control character';
  const end = whole.lastIndexOf('\n\n');
  if (end < 0 || !whole.endsWith('\n')) return 'has no signatures after an empty line';
  const signatures = whole.slice(end + 2, -1).split('\n');
  if (signatures.length > signaturesMax) return 'has too many signatures';
  const lines: SignatureLine[] = [];
  for (const line of signatures) {
    const [, name, encoded] = /^— ([^ ]+) ([^ ]+)$/.exec(line) ?? [];
    const bytes = readBase64(encoded ?? '');
    if (!isName(name ?? '') || bytes === undefined || bytes.length <= idSize) {
      return `has the line \`${line.slice(0, 60)}\`, which is no signature`;
    }
    lines.push({ name: name!, id: bytes.subarray(0, idSize), rest: bytes.subarray(idSize) });
  }
  return { text: whole.slice(0, end + 1), lines };
}

function readStamp(bytes: Uint8Array): number | undefined {
  let time = 0;
  for (const byte of bytes) time = time * 256 + byte;
  return Number.isSafeInteger(time) ? time : undefined;
}

/** Returns what holds of one line under the key it names, undefined when nothing does. */
async function checkSignature(
  verifier: SignatureVerifier,
  key: VerifierKey,
  rest: Uint8Array,
  text: string,
): Promise<VerifiedSignature | undefined> {
  if (key.kind === 'note') {
    const message = toUtf8(text)!;
    const holds =
      rest.length === signatureSize && (await verifier.verify(key.publicKey, message, rest));
    return holds ? { key } : undefined;
  }
  const time = readStamp(rest.subarray(0, stampSize));
  if (rest.length !== stampSize + signatureSize || time === undefined) return undefined;
  const message = toUtf8(`cosignature/v1\ntime ${time}\n${text}`)!;
  const holds = await verifier.verify(key.publicKey, message, rest.subarray(stampSize));
  return holds ? { key, time } : undefined;
}

/** Returns the text of `note` and the signatures of `keys` that hold, or why it is refused. */
export async function openNote(
  checks: NoteChecks,
  note: string | Uint8Array,
  keys: readonly VerifierKey[],
): Promise<OpenedNote> {
  const parts = takeApart(note);
  if (typeof parts === 'string') return { reason: parts };
  const signatures = new Map<VerifierKey, VerifiedSignature>();
  for (const { name, id, rest } of parts.lines) {
    const key = keys.find((one) => one.name === name && areEqual(one.id, id));
    if (key === undefined) continue;
    const signature = await checkSignature(checks.verifier, key, rest, parts.text);
    if (signature === undefined) return { reason: `has a wrong signature of \`${name}\`` };
    if (!signatures.has(key)) signatures.set(key, signature);
  }
  if (signatures.size === 0) return { reason: 'is signed by none of the trusted keys' };
  return { text: parts.text, signatures: [...signatures.values()] };
}
