/** Text to bytes and back, in UTF-8; lone halves of pairs and wrong bytes become the replacement character. */

/** Returns the bytes of `text`. */
export function utf8Bytes(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length * 3);
  let length = 0;
  const put = (byte: number): void => {
    bytes[length] = byte;
    length += 1;
  };
  for (let i = 0; i < text.length; i += 1) {
    let code = text.charCodeAt(i);
    if (code >= 0xd800 && code <= 0xdfff) {
      const whole = text.codePointAt(i) ?? 0xfffd;
      code = whole > 0xffff ? whole : 0xfffd;
      if (whole > 0xffff) i += 1;
    }
    if (code < 0x80) put(code);
    else if (code < 0x800) {
      put(0xc0 | (code >> 6));
      put(0x80 | (code & 63));
    } else {
      if (code < 0x10000) put(0xe0 | (code >> 12));
      else {
        put(0xf0 | (code >> 18));
        put(0x80 | ((code >> 12) & 63));
      }
      put(0x80 | ((code >> 6) & 63));
      put(0x80 | (code & 63));
    }
  }
  return bytes.subarray(0, length);
}

/** Reads one character; gives its code and how many bytes it takes. */
function readCharacter(bytes: Uint8Array, at: number): readonly [code: number, size: number] {
  const first = bytes[at] ?? 0;
  if (first < 0x80) return [first, 1];
  const size = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (first < 0xc2 || first > 0xf4 || at + size > bytes.length) return [0xfffd, 1];
  let code = first & (0xff >> (size + 1));
  for (let i = 1; i < size; i += 1) {
    const byte = bytes[at + i] ?? 0;
    if ((byte & 0xc0) !== 0x80) return [0xfffd, 1];
    code = (code << 6) | (byte & 63);
  }
  const least = size === 4 ? 0x10000 : size === 3 ? 0x800 : 0x80;
  const isSurrogate = code >= 0xd800 && code <= 0xdfff;
  return code < least || code > 0x10ffff || isSurrogate ? [0xfffd, 1] : [code, size];
}

/** Returns the text that `bytes` spell. */
export function utf8Text(bytes: Uint8Array): string {
  const parts: string[] = [];
  let text = '';
  for (let at = 0; at < bytes.length; ) {
    const [code, size] = readCharacter(bytes, at);
    text += String.fromCodePoint(code);
    at += size;
    if (text.length > 4096) {
      parts.push(text);
      text = '';
    }
  }
  return parts.join('') + text;
}
