/** Text in the form that query parameters of URLs have: `+` for a space, `%` and two digits for the rest. */
import { utf8Bytes, utf8Text } from './utf8.ts';
import { wrongType } from '../stop.ts';

const kept = /^[A-Za-z0-9.*_-]*$/;

/** Returns `text` encoded for a URL. */
export function encodeUrl(text: string): string {
  if (kept.test(text)) return text;
  const parts: string[] = [];
  for (const byte of utf8Bytes(text)) {
    const letter = String.fromCharCode(byte);
    if (byte === 32) parts.push('+');
    else if (byte < 128 && kept.test(letter)) parts.push(letter);
    else parts.push(`%${byte.toString(16).toUpperCase().padStart(2, '0')}`);
  }
  return parts.join('');
}

/** Returns the text that `encoded` stands for. */
export function decodeUrl(encoded: string): string {
  if (!/[%+]/.test(encoded)) return encoded;
  const plain = encoded.replaceAll('+', ' ');
  return plain.replace(/(?:%[^%]?[^%]?)+/g, (run) => {
    const digits = run.match(/%[0-9a-fA-F]{2}/g);
    const spelled = digits === null ? 0 : digits.length * 3;
    if (digits === null || !run.startsWith(digits.join(''))) {
      throw wrongType('the text is not encoded for a URL', 'write `%25` for a percent sign');
    }
    const bytes = Uint8Array.from(digits, (one) => Number.parseInt(one.slice(1), 16));
    return utf8Text(bytes) + run.slice(spelled);
  });
}
