/**
 * The change of the log's key, as a note that both keys sign: the one that goes vouches for the one
 * that comes, and the other way round, so that whoever trusts either can follow the chain. It names the
 * tree it was made over, which keeps it from being played again elsewhere.
 */
import { assert } from '../failure/index.ts';
import type { Checkpoint } from './checkpoint.ts';
import { encodeBase64 } from './encode-text.ts';
import type { Hasher, Signer } from './primitives.ts';
import { formatVerifierKey, signNote } from './signed-note.ts';

/** The type of the entry that records a change of key, and the name of the note in its payload. */
export const rotationType = 'ledger-key-rotated';

/** Returns the note by which `next` follows `previous`, signed by both. */
export async function signRotation(
  hasher: Hasher,
  { origin, size, root }: Checkpoint,
  previous: Signer,
  next: Signer,
): Promise<string> {
  assert(previous.name === origin && next.name === origin, 'the keys of a log bear its name');
  const lines = [
    'sluice/key-rotation/v1',
    origin,
    formatVerifierKey(hasher, previous.name, previous.publicKey),
    formatVerifierKey(hasher, next.name, next.publicKey),
    `${size}`,
    encodeBase64(root),
  ];
  return signNote(hasher, `${lines.join('\n')}\n`, [previous, next]);
}
