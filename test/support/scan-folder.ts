/**
 * Looks for texts in the bytes of a folder: in every file, in each form in which a text may have come
 * to lie there (UTF-8, UTF-16, escaped for JSON, Base64 at any of its three offsets).
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Returns the forms of `text` as bytes, by name. */
function formsOf(text: string): Map<string, Buffer> {
  const bytes = Buffer.from(text);
  const forms = new Map([
    ['utf-8', bytes],
    ['utf-16', Buffer.from(text, 'utf16le')],
    ['json', Buffer.from(JSON.stringify(text).slice(1, -1))],
    [
      'json ascii',
      Buffer.from(
        text.replace(/[^ -~]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`),
      ),
    ],
    ['uri', Buffer.from(encodeURIComponent(text))],
    ['hex', Buffer.from(bytes.toString('hex'))],
  ]);
  for (const offset of [0, 1, 2]) {
    // Letters at the edges depend on the bytes beside the text; those inside do not.
    const shifted = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64');
    const inner = shifted.slice(offset === 0 ? 0 : offset + 1, shifted.length - 4);
    forms.set(`base64 at ${offset}`, Buffer.from(inner));
  }
  return forms;
}

/** Returns where and in which form `texts` are found in the files below `folder`. */
export function scanFolder(folder: string, texts: readonly string[]): string[] {
  const found: string[] = [];
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    for (const text of texts) {
      for (const [form, bytes] of formsOf(text)) {
        if (Buffer.from(path).includes(bytes))
          found.push(`${path}: ${text} as ${form} in its name`);
        if (entry.isFile() && readFileSync(path).includes(bytes)) {
          found.push(`${path}: ${text} as ${form}`);
        }
      }
    }
  }
  return found;
}
