/** Base64 of the UTF-8 bytes of text. */
import { wrongType } from '../stop.ts';
import { utf8Bytes, utf8Text } from './utf8.ts';

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const values = new Map(Array.from(alphabet, (letter, value) => [letter.charCodeAt(0), value]));

/** Returns the Base64 text of the bytes of `text`. */
export function writeBase64(text: string): string {
  const bytes = utf8Bytes(text);
  const parts: string[] = [];
  for (let at = 0; at < bytes.length; at += 3) {
    const group = ((bytes[at] ?? 0) << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
    const left = bytes.length - at;
    parts.push(
      alphabet.charAt(group >> 18) +
        alphabet.charAt((group >> 12) & 63) +
        (left > 1 ? alphabet.charAt((group >> 6) & 63) : '=') +
        (left > 2 ? alphabet.charAt(group & 63) : '='),
    );
  }
  return parts.join('');
}

/** Returns the text whose bytes `encoded` spells. */
export function readBase64(encoded: string): string {
  const text = encoded.replace(/[\r\n]/g, '').replace(/={1,2}$/, '');
  const bytes = new Uint8Array(Math.floor((text.length * 3) / 4));
  let group = 0;
  let bits = 0;
  let length = 0;
  for (let at = 0; at < text.length; at += 1) {
    const value = values.get(text.charCodeAt(at));
    if (value === undefined || (text.length % 4 === 1 && at === text.length - 1)) {
      throw wrongType('the text is not Base64', 'check what made the text');
    }
    group = ((group << 6) | value) & 0xffffff;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes[length] = (group >> bits) & 0xff;
    length += 1;
  }
  return utf8Text(bytes.subarray(0, length));
}
