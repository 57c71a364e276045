/** Lines of a text file, whatever ends them. */

/** Returns the lines of `text`; the separator after the last line makes no further, empty one. */
export function splitLines(text: string, separator: string): readonly string[] {
  if (text === '') return [];
  const body = text.endsWith(separator) ? text.slice(0, -separator.length) : text;
  return body.split(separator);
}
