/** Several YAML documents in one text, as they are sent in bulk. */

/** Returns the documents of `text`, which lines of `---` separate; empty ones are left out. */
export function splitDocuments(text: string): readonly string[] {
  return text
    .split(/^---[ \t]*\r?$/m)
    .map((one) => one.replace(/^\n/, ''))
    .filter((one) => one.trim() !== '');
}
