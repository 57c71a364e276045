/**
 * jq's functions over text: formats (`@csv`, `@base64`, …) and regular expressions. Patterns run on
 * the linear matcher of this language, so no program can stall it.
 */
import { emptyMap, isList, type Value } from '../../value/index.ts';
import { readBase64, writeBase64 } from '../formats/base64.ts';
import { encodeUrl } from '../formats/url-text.ts';
import type { PatternFlags } from '../patterns/parse-pattern.ts';
import { type Pattern, type PatternMatch, patternOf } from '../patterns/pattern.ts';
import { isNumeric } from '../values/numbers.ts';
import { jsonText } from '../values/value-text.ts';
import { JqError, jqWrong } from './jq-values.ts';

/** Returns a value as text: text as it is, everything else as JSON. */
export function jqText(value: Value): string {
  return typeof value === 'string' ? value : jsonText(value, false);
}

const htmlEscapes: Readonly<Record<string, string>> = {
  '<': '&lt;',
  '>': '&gt;',
  '&': '&amp;',
  "'": '&#39;',
  '"': '&quot;',
};

function row(value: Value, separator: string, escape: (text: string) => string): string {
  if (!isList(value)) throw jqWrong(value, 'cannot be a row');
  const cells = value.map((cell) => {
    if (cell === null) return '';
    if (typeof cell === 'string') return escape(cell);
    if (typeof cell === 'object' && !isNumeric(cell)) throw jqWrong(cell, 'cannot be in a row');
    return jqText(cell);
  });
  return cells.join(separator);
}

function shellWord(value: Value): string {
  if (typeof value === 'string') return `'${value.replaceAll("'", "'\\''")}'`;
  if (typeof value === 'object' && value !== null && !isNumeric(value)) {
    throw jqWrong(value, 'cannot be a word of a shell');
  }
  return jqText(value);
}

const tabEscapes: Readonly<Record<string, string>> = {
  '\t': '\\t',
  '\n': '\\n',
  '\r': '\\r',
  '\\': '\\\\',
};

const formats: Readonly<Record<string, (value: Value) => string>> = {
  '@text': jqText,
  '@json': (value) => jsonText(value, false),
  '@html': (value) => jqText(value).replace(/[<>&'"]/g, (one) => htmlEscapes[one] ?? one),
  '@uri': (value) =>
    encodeUrl(jqText(value)).replaceAll('+', '%20').replaceAll('*', '%2A').replaceAll('%7E', '~'),
  '@csv': (value) => row(value, ',', (text) => `"${text.replaceAll('"', '""')}"`),
  '@tsv': (value) =>
    row(value, '\t', (text) => text.replace(/[\t\n\r\\]/g, (one) => tabEscapes[one] ?? one)),
  '@sh': (value) => (isList(value) ? value : [value]).map(shellWord).join(' '),
  '@base64': (value) => writeBase64(jqText(value)),
  '@base64d': (value) => readBase64(jqText(value)),
};

/** Returns a value in a format. */
export function formatBy(name: string, value: Value): string {
  const format = Object.hasOwn(formats, name) ? formats[name] : undefined;
  if (format === undefined) throw new JqError('the format is unknown');
  return format(value);
}

/** A regular expression with jq's flags. */
interface JqPattern {
  readonly pattern: Pattern;
  readonly isGlobal: boolean;
  readonly skipsEmpty: boolean;
}

function jqPattern(regex: Value, flags: Value): JqPattern {
  if (isList(regex)) return jqPattern(regex[0] ?? null, regex[1] ?? null);
  if (typeof regex !== 'string') throw jqWrong(regex, 'is no regular expression');
  const letters = flags === null ? '' : jqText(flags);
  const wrong = /[^gimsxnlp]/.exec(letters);
  if (wrong !== null) throw new JqError('a flag of the regular expression is unknown');
  const options: PatternFlags = {
    ignoresCase: letters.includes('i'),
    dotMatchesBreaks: letters.includes('s') || letters.includes('p'),
    isMultiline: false,
    ignoresSpace: letters.includes('x'),
  };
  return {
    pattern: patternOf(regex, options),
    isGlobal: letters.includes('g'),
    skipsEmpty: letters.includes('n'),
  };
}

function textOf(value: Value): string {
  if (typeof value === 'string') return value;
  throw jqWrong(value, 'cannot be matched, as it is no text');
}

function found(
  text: string,
  { pattern, isGlobal, skipsEmpty }: JqPattern,
): readonly PatternMatch[] {
  const matches: PatternMatch[] = [];
  for (const match of pattern.matches(text)) {
    if (skipsEmpty && match.end === match.start) continue;
    matches.push(match);
    if (!isGlobal) break;
  }
  return matches;
}

function part(text: string, start: number, end: number): Value {
  return start === -1 || end === -1 ? null : text.slice(start, end);
}

function matchValue(text: string, match: PatternMatch, pattern: Pattern): Value {
  const names = new Map([...pattern.groupNames].map(([name, index]) => [index, name]));
  const captures: Value[] = [];
  for (let group = 1; group <= pattern.groupCount; group += 1) {
    const start = match.slots[group * 2] ?? -1;
    const end = match.slots[group * 2 + 1] ?? -1;
    const capture = emptyMap();
    capture['offset'] = start;
    capture['length'] = start === -1 ? 0 : end - start;
    capture['string'] = part(text, start, end);
    capture['name'] = names.get(group) ?? null;
    captures.push(capture);
  }
  const value = emptyMap();
  value['offset'] = match.start;
  value['length'] = match.end - match.start;
  value['string'] = text.slice(match.start, match.end);
  value['captures'] = captures;
  return value;
}

/** Tells whether a text matches. */
export function jqTest(input: Value, regex: Value, flags: Value): boolean {
  return jqPattern(regex, flags).pattern.first(textOf(input)) !== null;
}

/** Returns the matches of a text, as jq describes them. */
export function jqMatches(input: Value, regex: Value, flags: Value): Value[] {
  const text = textOf(input);
  const compiled = jqPattern(regex, flags);
  return found(text, compiled).map((match) => matchValue(text, match, compiled.pattern));
}

function namedGroups(text: string, match: PatternMatch, pattern: Pattern): Value {
  const map = emptyMap();
  for (const [name, index] of pattern.groupNames) {
    map[name] = part(text, match.slots[index * 2] ?? -1, match.slots[index * 2 + 1] ?? -1);
  }
  return map;
}

/** Returns the named groups of each match. */
export function jqCaptures(input: Value, regex: Value, flags: Value): Value[] {
  const text = textOf(input);
  const compiled = jqPattern(regex, flags);
  return found(text, compiled).map((match) => namedGroups(text, match, compiled.pattern));
}

/** Returns each match, or its groups where the pattern has some. */
export function jqScan(input: Value, regex: Value, flags: Value): Value[] {
  const text = textOf(input);
  const compiled = jqPattern(regex, flags);
  return found(text, { ...compiled, isGlobal: true }).map((match) => {
    if (compiled.pattern.groupCount === 0) return text.slice(match.start, match.end);
    return Array.from({ length: compiled.pattern.groupCount }, (_, index) =>
      part(text, match.slots[index * 2 + 2] ?? -1, match.slots[index * 2 + 3] ?? -1),
    );
  });
}

/** Returns a text with matches replaced by what `replace` makes of their named groups. */
export function jqReplace(
  input: Value,
  regex: Value,
  flags: Value,
  replace: (groups: Value) => string,
): string {
  const text = textOf(input);
  const compiled = jqPattern(regex, flags);
  let result = '';
  let from = 0;
  for (const match of found(text, compiled)) {
    result += text.slice(from, match.start) + replace(namedGroups(text, match, compiled.pattern));
    from = match.end;
  }
  return result + text.slice(from);
}

/** Returns the parts of a text between matches. */
export function jqSplit(input: Value, regex: Value, flags: Value): Value[] {
  const text = textOf(input);
  const parts: Value[] = [];
  let from = 0;
  for (const match of found(text, { ...jqPattern(regex, flags), isGlobal: true })) {
    parts.push(text.slice(from, match.start));
    from = match.end;
  }
  parts.push(text.slice(from));
  return parts;
}
