/**
 * Commitments to groups of payload fields: fields that live and are erased together. The salt makes
 * the commitment worthless to whoever would guess the payload; deleting salt and payload leaves 32
 * random bytes in the header and every proof valid.
 */
import { assert } from '../failure/index.ts';
import { encodeUtf8 } from './encode-text.ts';
import { isGroupName } from './entry-header.ts';
import type { Hasher } from './primitives.ts';
import { scratchOf } from './scratch.ts';

/** The group of an entry whose payload lives and is erased as a whole. */
export const payloadGroup = 'payload';

/** Bytes of the random salt that each group of each entry has of its own. */
export const saltSize = 32;

const label = encodeUtf8('sluice/commitment/v1');

/** Returns the commitment to `payload` as the group `group`, under a salt that is used only here. */
export function commitGroup(
  hasher: Hasher,
  group: string,
  salt: Uint8Array,
  payload: Uint8Array,
): Uint8Array {
  assert(isGroupName(group), 'a field group has a name that cannot stand in a header');
  assert(salt.length === saltSize, 'the salt of a commitment has 32 bytes');
  const nameStart = label.length + 1;
  const saltStart = nameStart + group.length + 1;
  const bytes = scratchOf(saltStart + saltSize + payload.length);
  bytes.set(label);
  bytes[nameStart - 1] = 0;
  bytes[saltStart - 1] = 0;
  for (let index = 0; index < group.length; index += 1) {
    bytes[nameStart + index] = group.charCodeAt(index);
  }
  bytes.set(salt, saltStart);
  bytes.set(payload, saltStart + saltSize);
  return hasher.sha256(bytes);
}
