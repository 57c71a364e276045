/**
 * Makes signed notes in C2SP's form, so that tools and witnesses that exist can read and cosign our
 * checkpoints: key ids, verifier keys, signatures and cosignatures. Opened in verification/.
 */
import { assert } from '../failure/index.ts';
import { encodeBase64, encodeUtf8, joinBytes } from './encode-text.ts';
import type { Hasher, Signer } from './primitives.ts';

/** What a key signs: the note as its author, or a log's checkpoint as a witness. */
export const signatureTypes = { note: 0x01, cosignature: 0x04 } as const;

type SignatureType = (typeof signatureTypes)[keyof typeof signatureTypes];

/** Returns whether `name` can name a key. */
export function isKeyName(name: string): boolean {
  return name !== '' && !/[\p{White_Space}\p{Cc}+]/u.test(name);
}

/** Returns the four bytes by which signature lines name a key. */
export function keyId(
  hasher: Hasher,
  name: string,
  type: SignatureType,
  publicKey: Uint8Array,
): Uint8Array {
  const preimage = joinBytes(encodeUtf8(`${name}\n`), Uint8Array.of(type), publicKey);
  return hasher.sha256(preimage).slice(0, 4);
}

/** Returns the text by which people hand a public key to a verifier: `name+id+key`. */
export function formatVerifierKey(
  hasher: Hasher,
  name: string,
  publicKey: Uint8Array,
  type: SignatureType = signatureTypes.note,
): string {
  assert(isKeyName(name), 'a key has a name without spaces and plus signs');
  assert(publicKey.length === 32, 'a public key has 32 bytes');
  const id = [...keyId(hasher, name, type, publicKey)]
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join('');
  return `${name}+${id}+${encodeBase64(joinBytes(Uint8Array.of(type), publicKey))}`;
}

function signatureLine(
  hasher: Hasher,
  signer: Signer,
  type: SignatureType,
  rest: Uint8Array,
): string {
  const id = keyId(hasher, signer.name, type, signer.publicKey);
  return `— ${signer.name} ${encodeBase64(joinBytes(id, rest))}\n`;
}

async function signed(signer: Signer, message: string): Promise<Uint8Array> {
  assert(isKeyName(signer.name), 'a key has a name without spaces and plus signs');
  const signature = await signer.sign(encodeUtf8(message));
  assert(signature.length === 64, 'a signature has 64 bytes');
  return signature;
}

/** Returns `text`, which ends in a newline, as a note with the signature of each of `signers`. */
export async function signNote(
  hasher: Hasher,
  text: string,
  signers: readonly Signer[],
): Promise<string> {
  assert(text.endsWith('\n'), 'the text of a note ends in a newline');
  // oxlint-disable-next-line no-control-regex -- the format refuses exactly these
  assert(!/[\u0000-\u0009\u000b-\u001f]/.test(text), 'a note holds no control characters');
  assert(signers.length > 0, 'a note is signed');
  let note = `${text}\n`;
  for (const signer of signers) {
    note += signatureLine(hasher, signer, signatureTypes.note, await signed(signer, text));
  }
  return note;
}

/**
 * Returns `note`, a checkpoint that the witness has checked, with its cosignature added: it saw no
 * larger tree of this log until `time`, in seconds since the epoch.
 */
export async function cosignCheckpoint(
  hasher: Hasher,
  note: string,
  witness: Signer,
  time: number,
): Promise<string> {
  assert(Number.isSafeInteger(time) && time > 0, 'a cosignature has a time in whole seconds');
  const end = note.lastIndexOf('\n\n');
  assert(end >= 0 && note.endsWith('\n'), 'a cosignature is added to a signed note');
  const text = note.slice(0, end + 1);
  const signature = await signed(witness, `cosignature/v1\ntime ${time}\n${text}`);
  const stamp = new Uint8Array(8);
  let rest = time;
  for (let index = 7; index >= 0; index -= 1) {
    stamp[index] = rest % 256;
    rest = Math.floor(rest / 256);
  }
  const line = signatureLine(
    hasher,
    witness,
    signatureTypes.cosignature,
    joinBytes(stamp, signature),
  );
  return `${note}${line}`;
}
