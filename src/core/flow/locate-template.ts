/**
 * Says where a character of a template stands in the YAML file. The text of a scalar is not the text
 * of the file: quotes, escapes, indentation and folded lines stand between the two.
 *
 * Both texts hold the same characters in the same order except for white space, escapes and doubled
 * quotes, so walking them side by side finds every place.
 */
import type { YamlScalar } from './yaml-tree.ts';

const escapedSpace = new Set(['n', 'r', 't', ' ', '\t', 'N', '_', 'L', 'P', 'f', 'v', '\n', '\r']);
const escapeLengths: Readonly<Record<string, number>> = { x: 4, u: 6, U: 10 };

function isSpace(character: string | undefined): boolean {
  return character === ' ' || character === '\n' || character === '\t' || character === '\r';
}

/** Returns the offset of the first character of the text in the file. */
function contentStart(source: string, scalar: YamlScalar): number {
  if (scalar.style === 'single' || scalar.style === 'double') return scalar.start + 1;
  if (scalar.style === 'plain') return scalar.start;
  const lineEnd = source.indexOf('\n', scalar.start);
  return lineEnd === -1 ? scalar.end : lineEnd + 1;
}

/** Returns the length of the escape at `at`, or 0 when there is none. */
function escapeLength(source: string, scalar: YamlScalar, at: number): number {
  if (scalar.style === 'single') return source[at] === "'" && source[at + 1] === "'" ? 2 : 0;
  if (scalar.style !== 'double' || source[at] !== '\\') return 0;
  return escapeLengths[source[at + 1] ?? ''] ?? 2;
}

/** Returns the offset in `source` of the character `index` of the text of `scalar`. */
export function offsetInSource(source: string, scalar: YamlScalar, index: number): number {
  const text = typeof scalar.value === 'string' ? scalar.value : scalar.text;
  let at = contentStart(source, scalar);
  for (let position = 0; position < text.length && at < scalar.end; position += 1) {
    const isBlank = isSpace(text[position]);
    if (!isBlank) {
      // White space, spelled or escaped, that the text shows differently or not at all.
      while (at < scalar.end) {
        const escape = escapeLength(source, scalar, at);
        if (isSpace(source[at])) at += 1;
        else if (
          escape === 2 &&
          scalar.style === 'double' &&
          escapedSpace.has(source[at + 1] ?? '')
        )
          at += 2;
        else break;
      }
      if (position >= index) return at;
      at += escapeLength(source, scalar, at) || 1;
    } else {
      if (position >= index) return at;
      if (source[at] === text[position]) at += 1;
    }
  }
  return Math.min(at, scalar.end);
}

/** Returns the index in `text` of a line and column, both of which start at 1. */
export function indexOfPosition(text: string, line: number, column: number): number {
  let start = 0;
  for (let current = 1; current < line; current += 1) {
    const next = text.indexOf('\n', start);
    if (next === -1) break;
    start = next + 1;
  }
  return Math.min(start + column - 1, text.length);
}
