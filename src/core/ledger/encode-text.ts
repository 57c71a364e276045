/**
 * Text to bytes and bytes to text, for the writer: UTF-8 and standard Base64 with padding. The core is
 * compiled without the functions that hosts have for it.
 */
import { assert } from '../failure/index.ts';

const letters = Uint8Array.from(
  'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/',
  (letter) => letter.charCodeAt(0),
);
const padding = 0x3d;

/** Returns `text` as UTF-8. A lone surrogate has no bytes and is a bug of the caller. */
export function encodeUtf8(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    if (unit >= 0x80) return encodeWideText(text);
    bytes[index] = unit;
  }
  return bytes;
}

function encodeWideText(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length * 3);
  let length = 0;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    assert(code < 0xd800 || code > 0xdfff, 'text for the ledger holds a lone surrogate');
    if (code < 0x80) {
      bytes[length++] = code;
      continue;
    }
    const following = code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
    bytes[length++] = [0, 0xc0, 0xe0, 0xf0][following]! | (code >> (6 * following));
    for (let left = following - 1; left >= 0; left -= 1) {
      bytes[length++] = 0x80 | ((code >> (6 * left)) & 0x3f);
    }
  }
  return bytes.slice(0, length);
}

/** Writes `bytes` as standard Base64 with padding into `target` at `start`; returns where it ends. */
export function writeBase64(bytes: Uint8Array, target: Uint8Array, start: number): number {
  let at = start;
  for (let index = 0; index < bytes.length; index += 3) {
    const left = bytes.length - index;
    const first = bytes[index]!;
    const second = left > 1 ? bytes[index + 1]! : 0;
    const third = left > 2 ? bytes[index + 2]! : 0;
    target[at] = letters[first >> 2]!;
    target[at + 1] = letters[((first & 3) << 4) | (second >> 4)]!;
    target[at + 2] = left > 1 ? letters[((second & 15) << 2) | (third >> 6)]! : padding;
    target[at + 3] = left > 2 ? letters[third & 63]! : padding;
    at += 4;
  }
  return at;
}

/** Returns `bytes` as standard Base64 with padding. */
export function encodeBase64(bytes: Uint8Array): string {
  const target = new Uint8Array(Math.ceil(bytes.length / 3) * 4);
  writeBase64(bytes, target, 0);
  let text = '';
  for (const byte of target) text += String.fromCharCode(byte);
  return text;
}

/** Returns all `parts` in one piece. */
export function joinBytes(...parts: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let length = 0;
  for (const part of parts) {
    joined.set(part, length);
    length += part.length;
  }
  return joined;
}
