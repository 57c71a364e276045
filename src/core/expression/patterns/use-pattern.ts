/** What filters and methods do with regular expressions: replace, split, extract. */
import { wrongArgument } from '../stop.ts';
import { type Pattern, type PatternMatch, patternOf } from './pattern.ts';

const plainText = /^[^\\^$.|?*+()[\]{}]*$/;

/** Returns the text of group `index` of a match, or undefined when it has no part in it. */
export function groupText(text: string, match: PatternMatch, index: number): string | undefined {
  const start = match.slots[index * 2] ?? -1;
  const end = match.slots[index * 2 + 1] ?? -1;
  return start === -1 || end === -1 ? undefined : text.slice(start, end);
}

/** Returns `text` with each match of a pattern replaced; `$1` and `${name}` stand for groups. */
export function replaceAllPattern(text: string, pattern: string, replacement: string): string {
  const compiled = patternOf(pattern);
  let result = '';
  let from = 0;
  for (const match of compiled.matches(text)) {
    result += text.slice(from, match.start) + expand(replacement, text, match, compiled);
    from = match.end;
  }
  return result + text.slice(from);
}

function expand(replacement: string, text: string, match: PatternMatch, pattern: Pattern): string {
  if (!/[$\\]/.test(replacement)) return replacement;
  return replacement.replace(
    /\\([\s\S])|\$(?:(\d)|\{([A-Za-z][A-Za-z0-9]*)\})|[$\\]/g,
    (whole, escaped?: string, digit?: string, name?: string) => {
      if (escaped !== undefined) return escaped;
      const index = digit === undefined ? pattern.groupNames.get(name ?? '') : Number(digit);
      if (index === undefined || index > pattern.groupCount) {
        throw wrongArgument(
          `the replacement refers to a group that the pattern does not have`,
          whole === '$' ? 'write `\\$` for a dollar sign' : 'count the groups from 1',
        );
      }
      return groupText(text, match, index) ?? '';
    },
  );
}

/** Returns the parts of `text` between matches; empty ones at the end are left out unless `limit` is negative. */
export function splitByPattern(text: string, delimiter: string, limit: number): string[] {
  const parts: string[] = [];
  let from = 0;
  for (const [start, end] of delimiters(text, delimiter)) {
    if (limit > 0 && parts.length === limit - 1) break;
    if (end === 0) continue;
    if (start === end && start >= text.length) continue;
    parts.push(text.slice(from, start));
    from = end;
  }
  parts.push(text.slice(from));
  if (limit === 0) while (parts.length > 1 && parts.at(-1) === '') parts.pop();
  return parts;
}

function* delimiters(text: string, delimiter: string): Generator<readonly [number, number]> {
  if (delimiter !== '' && plainText.test(delimiter)) {
    for (
      let at = text.indexOf(delimiter);
      at !== -1;
      at = text.indexOf(delimiter, at + delimiter.length)
    ) {
      yield [at, at + delimiter.length];
    }
    return;
  }
  for (const match of patternOf(delimiter).matches(text)) yield [match.start, match.end];
}
