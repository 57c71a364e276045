/**
 * Secret values at rest: encrypted in events and rows, readable only while a template is rendered, and
 * shown to people as stars.
 */
import {
  emptyMap,
  isList,
  isMap,
  mapOf,
  type Value,
  type ValueMap,
} from '../../core/value/index.ts';
import type { Cipher } from '../../ports/cipher.ts';

const sealedType = 'sluice:sealed';

/** What people see in place of a secret. */
export const stars = '********';

/** Returns `text` as it is stored. */
export function seal(text: string, cipher: Cipher): ValueMap {
  return mapOf({ type: sealedType, value: cipher.encrypt(text) });
}

/** Tells whether `value` is a sealed secret. */
export function isSealed(value: Value): value is ValueMap {
  return isMap(value) && value['type'] === sealedType && typeof value['value'] === 'string';
}

/** Returns `value` with every sealed part turned by `open`. */
function mapSealed(value: Value, open: (sealed: string) => Value): Value {
  if (isSealed(value)) return open(value['value'] as string);
  if (isList(value)) return value.map((one) => mapSealed(one, open));
  if (!isMap(value)) return value;
  const mapped = emptyMap();
  for (const [key, one] of Object.entries(value)) mapped[key] = mapSealed(one, open);
  return mapped;
}

/** Returns `value` with its secrets readable; each is told to `reveal`, so that logs can hide it. */
export function unseal(value: Value, cipher: Cipher, reveal: (secret: string) => void): Value {
  return mapSealed(value, (sealed) => {
    const text = cipher.decrypt(sealed);
    reveal(text);
    return text;
  });
}

/** Returns `value` with its secrets as stars. */
export function hideSealed(value: Value): Value {
  return mapSealed(value, () => stars);
}
