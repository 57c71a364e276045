/** Reads the texts of a mail as a mail program does. */

function decoded(how: string | undefined, text: string): string {
  if (how === 'base64') return Buffer.from(text, 'base64').toString();
  if (how !== 'quoted-printable') return text;
  const bytes = text
    .replaceAll(/=\r\n/g, '')
    .replaceAll(/=([0-9A-F]{2})/g, (_, hex: string) =>
      String.fromCodePoint(Number.parseInt(hex, 16)),
    );
  return Buffer.from(bytes, 'latin1').toString();
}

/** Returns the text parts of the mail `source`, by type. */
export function textsIn(source: string): Readonly<Record<string, string>> {
  const parts = source.matchAll(
    /Content-Type: (text\/\w+)[^\r\n]*\r\nContent-Transfer-Encoding: (\S+)\r\n\r\n([\s\S]*?)(?=\r\n-{4,}|\r\n$|$)/g,
  );
  return Object.fromEntries(
    Array.from(parts, ([, type, how, text = '']) => [type, decoded(how, text)]),
  );
}

/** Returns the HTML of the mail `source`. */
export function htmlIn(source: string): string | undefined {
  return textsIn(source)['text/html'];
}
