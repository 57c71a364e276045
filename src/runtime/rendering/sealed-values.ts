/**
 * Values that do not stand in clear where they are kept: secrets, encrypted in events and rows, readable
 * only while a template is rendered and shown to people as stars; and what was erased, which nobody can
 * read again.
 */
import { Failure } from '../../core/failure/index.ts';
import {
  type DataClass,
  emptyMap,
  isList,
  isMap,
  mapOf,
  type Value,
  type ValueMap,
} from '../../core/value/index.ts';
import type { Cipher } from '../../ports/cipher.ts';

/** Names the form of a value that is sealed. */
export const sealedType = 'sluice:sealed';

/** What people see in place of what was erased. */
export const erasedText = '«erased»';

/** Returns what stands in place of a value that was erased: sealed for good. */
export function erasedValue(): ValueMap {
  return mapOf({ type: sealedType, value: '', shown: erasedText });
}

/** What people see in place of a secret. */
export const stars = '********';

/** Secrets shorter than this are neither hidden nor sealed in text: they would hide ordinary text. */
export const hiddenFrom = 3;

/** What templates make of secrets is hidden from this length on: shorter, it is an ordinary word or number. */
const madeHiddenFrom = 6;

/** Tells whether something with `classes` was made of a secret. */
export function holdsCredential(classes: readonly DataClass[]): boolean {
  return classes.some(({ name }) => name === 'credential' || name.startsWith('credential.'));
}

/** Tells `reveal` the texts in `value`, which was made of secrets, so that logs can hide them. */
export function revealMade(value: Value, reveal: (secret: string) => void): void {
  if (typeof value === 'string') {
    if (value.length >= madeHiddenFrom) reveal(value);
    return;
  }
  if (isList(value)) for (const one of value) revealMade(one, reveal);
  else if (isMap(value)) for (const one of Object.values(value)) revealMade(one as Value, reveal);
}

/** Returns `text` with `secrets` as stars. */
export function hideIn(text: string, secrets: Iterable<string>): string {
  let hidden = text;
  // Long ones first: one secret may hold another.
  for (const secret of [...secrets].toSorted((a, b) => b.length - a.length)) {
    if (secret.length >= hiddenFrom) hidden = hidden.replaceAll(secret, stars);
  }
  return hidden;
}

/** Returns `text` as it is stored; people see `shown` in its place. */
export function seal(text: string, cipher: Cipher, shown = stars): ValueMap {
  return mapOf({ type: sealedType, value: cipher.encrypt(text), shown });
}

/** Tells whether `value` is a sealed secret. */
export function isSealed(value: Value): value is ValueMap {
  return isMap(value) && value['type'] === sealedType && typeof value['value'] === 'string';
}

/** Tells whether something in `value` is sealed. */
export function holdsSealed(value: Value): boolean {
  if (isList(value)) return value.some(holdsSealed);
  return (
    isMap(value) &&
    (isSealed(value) || Object.values(value).some((part) => holdsSealed(part as Value)))
  );
}

/** Returns `value` with every part that `turn` replaces replaced; the same where nothing is. */
export function mapParts(value: Value, turn: (part: Value) => Value | undefined): Value {
  const turned = turn(value);
  if (turned !== undefined) return turned;
  if (isList(value)) {
    const items = value.map((one) => mapParts(one, turn));
    return items.some((one, at) => one !== value[at]) ? items : value;
  }
  if (!isMap(value)) return value;
  let mapped: ValueMap | undefined;
  for (const [key, one] of Object.entries(value)) {
    const part = mapParts(one, turn);
    if (part === one) continue;
    mapped ??= Object.assign(emptyMap(), value);
    mapped[key] = part;
  }
  return mapped ?? value;
}

/** Returns `value` with its secrets readable; each is told to `reveal`, so that logs can hide it. */
export function unseal(value: Value, cipher: Cipher, reveal: (secret: string) => void): Value {
  return mapParts(value, (part) => {
    if (!isSealed(part)) return undefined;
    if (part['value'] === '') throw new Failure('value.erased', 'a value that is read was erased');
    const text = cipher.decrypt(part['value'] as string);
    reveal(text);
    return text;
  });
}

function shownOf(sealed: ValueMap): string {
  const { shown } = sealed;
  return typeof shown === 'string' ? shown : stars;
}

/** Returns `value` with its secrets as people may see them. */
export function hideSealed(value: Value): Value {
  return mapParts(value, (part) => (isSealed(part) ? shownOf(part) : undefined));
}

/** Returns `value` with every text in it that holds one of `secrets` sealed. */
export function sealSecrets(value: Value, secrets: ReadonlySet<string>, cipher: Cipher): Value {
  const known = [...secrets].filter((secret) => secret.length >= hiddenFrom);
  if (known.length === 0) return value;
  return mapParts(value, (part) => {
    if (isSealed(part)) return part;
    if (typeof part !== 'string' || !known.some((secret) => part.includes(secret)))
      return undefined;
    return seal(part, cipher, hideIn(part, known));
  });
}
