/** JSON for programs: one document, indented, ended by a line break. */

/** Returns `document` as the one JSON document that a command prints. */
export function json(document: unknown): string {
  return `${JSON.stringify(document, undefined, 2)}\n`;
}
