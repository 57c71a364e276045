/**
 * Bytes to text and back for the verifier, strictly: UTF-8 without overlong forms and surrogates,
 * Base64 with padding and without spare bits. Nothing here is used by the writer.
 */

/** Returns the text that `bytes` are the UTF-8 of, or undefined when they are of none. */
export function readUtf8(bytes: Uint8Array, start = 0, end = bytes.length): string | undefined {
  const units: number[] = [];
  let text = '';
  let index = start;
  while (index < end) {
    const length = characterLength(bytes, index, end);
    if (length === 0) return undefined;
    const first = bytes[index]!;
    let code = length === 1 ? first : first & (0x7f >> length);
    for (let next = 1; next < length; next += 1) code = (code << 6) | (bytes[index + next]! & 0x3f);
    if (code > 0xffff) {
      units.push(0xd800 + ((code - 0x10000) >> 10), 0xdc00 + ((code - 0x10000) & 0x3ff));
    } else units.push(code);
    index += length;
    if (units.length > 4096) text += String.fromCharCode(...units.splice(0));
  }
  return text + String.fromCharCode(...units);
}

/** Returns the bytes of the UTF-8 character at `index`, 0 where none is well formed. */
export function characterLength(bytes: Uint8Array, index: number, end: number): number {
  const first = bytes[index]!;
  if (first < 0x80) return 1;
  const length = first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0;
  if (length === 0 || index + length > end) return 0;
  const second = bytes[index + 1]!;
  // The narrower second bytes keep out overlong forms, surrogates and what lies above U+10FFFF.
  const least = first === 0xe0 ? 0xa0 : first === 0xf0 ? 0x90 : 0x80;
  const most = first === 0xed ? 0x9f : first === 0xf4 ? 0x8f : 0xbf;
  if (second < least || second > most) return 0;
  for (let next = 2; next < length; next += 1) {
    if ((bytes[index + next]! & 0xc0) !== 0x80) return 0;
  }
  return length;
}

/** Returns `text` as UTF-8, or undefined when it holds a lone surrogate. */
export function toUtf8(text: string): Uint8Array | undefined {
  const bytes: number[] = [];
  for (const character of text) {
    const code = character.codePointAt(0)!;
    if (code >= 0xd800 && code <= 0xdfff) return undefined;
    if (code < 0x80) bytes.push(code);
    else if (code < 0x800) bytes.push(0xc0 | (code >> 6), 0x80 | (code & 0x3f));
    else {
      if (code < 0x10000) bytes.push(0xe0 | (code >> 12));
      else bytes.push(0xf0 | (code >> 18), 0x80 | ((code >> 12) & 0x3f));
      bytes.push(0x80 | ((code >> 6) & 0x3f), 0x80 | (code & 0x3f));
    }
  }
  return Uint8Array.from(bytes);
}

/** What a byte stands for in Base64; 255 for what cannot stand there. */
export const base64Values = new Uint8Array(256).fill(255);
for (let value = 0; value < 64; value += 1) {
  const letter = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
  base64Values[letter.charCodeAt(value)] = value;
}

/** Returns the bytes that `text` is the one Base64 form of, or undefined. */
export function readBase64(text: string): Uint8Array | undefined {
  if (text.length % 4 !== 0) return undefined;
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  const letters = text.length - padding;
  const bytes = new Uint8Array((text.length / 4) * 3 - padding);
  let length = 0;
  let held = 0;
  let bits = 0;
  for (let index = 0; index < letters; index += 1) {
    const unit = text.charCodeAt(index);
    const value = unit < 256 ? base64Values[unit]! : 255;
    if (value === 255) return undefined;
    held = ((held << 6) | value) & 0xfff;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes[length++] = (held >> bits) & 0xff;
  }
  // Bits left over must be zero, else several texts would mean the same bytes.
  return (held & ((1 << bits) - 1)) === 0 ? bytes : undefined;
}

/** Returns the number that `text` is the only decimal form of, or undefined. */
export function readWhole(text: string): number | undefined {
  if (!/^(?:0|[1-9]\d{0,15})$/.test(text)) return undefined;
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : undefined;
}

/** Returns whether two pieces of bytes are the same. */
export function areEqual(one: Uint8Array, other: Uint8Array): boolean {
  if (one.length !== other.length) return false;
  for (let index = 0; index < one.length; index += 1) {
    if (one[index] !== other[index]) return false;
  }
  return true;
}
