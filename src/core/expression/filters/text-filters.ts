/**
 * Filters over text. All give null for null.
 * INVARIANT: what a filter makes is bounded before it is made.
 */
import { emptyMap, isList, isMap, type Value } from '../../value/index.ts';
import type { Frame } from '../evaluation/frame.ts';
import { readBase64, writeBase64 } from '../formats/base64.ts';
import { formatText } from '../formats/format-text.ts';
import { decodeUrl, encodeUrl } from '../formats/url-text.ts';
import { utf8Bytes } from '../formats/utf8.ts';
import { md5 } from '../hashes/md5.ts';
import { sha1 } from '../hashes/sha1.ts';
import { sha256 } from '../hashes/sha256.ts';
import { sha512 } from '../hashes/sha512.ts';
import { groupText, replaceAllPattern, splitByPattern } from '../patterns/use-pattern.ts';
import { patternOf } from '../patterns/pattern.ts';
import { wrongArgument, wrongType } from '../stop.ts';
import { asIndex } from '../values/numbers.ts';
import { plainText } from '../values/value-text.ts';
import {
  type ArgumentValues,
  type Filter,
  filter,
  optionalBoolean,
  optionalText,
  textArgument,
  textFilter,
  wholeArgument,
} from './filter.ts';

/** Returns a filter over the text of any value but null. */
function anyTextFilter(
  parameters: readonly string[],
  required: number,
  run: (input: string, args: ArgumentValues, frame: Frame) => Value,
): Filter {
  return filter(parameters, required, (input, args, frame) =>
    input === null ? null : run(plainText(input), args, frame),
  );
}

function abbreviate(text: string, length: number): string {
  if (length < 0) throw wrongArgument('`length` cannot be negative');
  if (text.length <= length) return text;
  return length <= 3 ? text.slice(0, length) : `${text.slice(0, length - 3)}...`;
}

function capitalize(text: string): string {
  const at = text.search(/\S/);
  if (at === -1) return text;
  return text.slice(0, at) + text.charAt(at).toUpperCase() + text.slice(at + 1);
}

function title(text: string): string {
  return text.replace(
    /(^|\s)(\S)/g,
    (_, space: string, letter: string) => space + letter.toUpperCase(),
  );
}

function slugify(text: string): string {
  return text
    .normalize('NFD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-/, '')
    .replace(/-$/, '');
}

const escapes: Readonly<Record<string, (text: string) => string>> = {
  single: (text) => text.replaceAll("'", "\\'"),
  double: (text) => text.replaceAll('"', '\\"'),
  shell: (text) => text.replaceAll("'", "'\\''"),
};

/** Escapes quotes in text, and in the texts of lists and maps. */
function escapeChar(value: Value, escape: (text: string) => string, depth = 0): Value {
  if (typeof value === 'string') return escape(value);
  if (depth > 100) throw wrongType('the value is nested too deeply to be escaped');
  if (isList(value)) return value.map((one) => escapeChar(one, escape, depth + 1));
  if (!isMap(value)) return value;
  const map = emptyMap();
  for (const key of Object.keys(value)) {
    map[escape(key)] = escapeChar(value[key] as Value, escape, depth + 1);
  }
  return map;
}

/** Replaces each key of `pairs` by its value, one pair after the other. */
function replacePairs(text: string, pairs: Value | undefined, isPattern: boolean): string {
  if (pairs === undefined || !isMap(pairs)) {
    throw wrongArgument('`replace` needs a map of texts', "write `replace({'from': 'to'})`");
  }
  let result = text;
  for (const from of Object.keys(pairs)) {
    const to = plainText(pairs[from] as Value);
    result = isPattern ? replaceAllPattern(result, from, to) : result.split(from).join(to);
  }
  return result;
}

function lines(text: string): readonly (readonly [line: string, lineBreak: string])[] {
  const found: [string, string][] = [];
  let from = 0;
  for (const match of text.matchAll(/\r\n|\r|\n/g)) {
    found.push([text.slice(from, match.index), match[0]]);
    from = match.index + match[0].length;
  }
  found.push([text.slice(from), '']);
  return found;
}

function indentation(args: ArgumentValues): string {
  const amount = wholeArgument(args[0], 'amount');
  if (amount < 0 || amount > 1_000) throw wrongArgument('`amount` has to be from 0 to 1000');
  return optionalText(args[1], 'prefix', ' ').repeat(amount);
}

function indentLines(text: string, prefix: string, isFirstLeft: boolean, frame: Frame): string {
  const all = lines(text);
  frame.grow(text.length + all.length * prefix.length);
  return all
    .map(
      ([line, lineBreak], index) => (index === 0 && isFirstLeft ? '' : prefix) + line + lineBreak,
    )
    .join('');
}

function partBefore(text: string, at: number): string {
  return at === -1 ? text : text.slice(0, at);
}

function partAfter(text: string, at: number, length: number): string {
  return at === -1 ? '' : text.slice(at + length);
}

function separatorFilter(cut: (text: string, separator: string) => string): Filter {
  return textFilter(['separator'], 1, (text, [separator]) =>
    cut(text, textArgument(separator, 'separator')),
  );
}

function patternText(value: Value | undefined): string {
  return plainText(value ?? null);
}

function extract(text: string, pattern: string, group: Value | undefined): Value {
  const index = group === undefined || group === null ? 0 : asIndex(group);
  const compiled = patternOf(pattern);
  if (index === undefined || index < 0 || index > compiled.groupCount) {
    throw wrongArgument(`the pattern has ${compiled.groupCount} groups`, 'count the groups from 1');
  }
  const match = compiled.first(text);
  return match === null ? null : (groupText(text, match, index) ?? null);
}

const formatParameters = Array.from({ length: 20 }, (_, index) => `argument${index + 1}`);

/** The filters over text, by name. */
export const textFilters: readonly (readonly [string, Filter])[] = [
  [
    'abbreviate',
    textFilter(['length'], 1, (text, [length]) =>
      abbreviate(text, wholeArgument(length, 'length')),
    ),
  ],
  ['base64encode', anyTextFilter([], 0, (text) => writeBase64(text))],
  ['base64decode', anyTextFilter([], 0, (text) => readBase64(text))],
  ['capitalize', textFilter([], 0, capitalize)],
  ['lower', textFilter([], 0, (text) => text.toLowerCase())],
  ['upper', textFilter([], 0, (text) => text.toUpperCase())],
  ['title', textFilter([], 0, title)],
  ['trim', textFilter([], 0, (text) => text.trim())],
  ['nl2br', textFilter([], 0, (text) => text.replace(/\r\n|\r|\n/g, '<br />'))],
  ['urlencode', textFilter([], 0, encodeUrl)],
  ['urldecode', textFilter([], 0, decodeUrl)],
  ['md5', anyTextFilter([], 0, (text) => md5(utf8Bytes(text)))],
  ['sha1', anyTextFilter([], 0, (text) => sha1(utf8Bytes(text)))],
  ['sha256', anyTextFilter([], 0, (text) => sha256(utf8Bytes(text)))],
  ['sha512', anyTextFilter([], 0, (text) => sha512(utf8Bytes(text)))],
  ['slugify', textFilter([], 0, slugify)],
  [
    'split',
    textFilter(['delimiter', 'limit'], 1, (text, [delimiter, limit]) =>
      splitByPattern(
        text,
        textArgument(delimiter, 'delimiter'),
        limit === undefined || limit === null ? 0 : wholeArgument(limit, 'limit'),
      ),
    ),
  ],
  [
    'replace',
    textFilter(['replace_pairs', 'regexp'], 1, (text, [pairs, regexp]) =>
      replacePairs(text, pairs, optionalBoolean(regexp, 'regexp', false)),
    ),
  ],
  [
    'escapeChar',
    filter(['type'], 1, (input, [type]) => {
      const name = textArgument(type, 'type');
      const escape = Object.hasOwn(escapes, name) ? escapes[name] : undefined;
      if (escape === undefined) throw wrongArgument('`type` has to be single, double or shell');
      return escapeChar(input, escape);
    }),
  ],
  [
    'indent',
    anyTextFilter(['amount', 'prefix'], 1, (text, args, frame) =>
      text === '' ? '' : indentLines(text, indentation(args), true, frame),
    ),
  ],
  [
    'nindent',
    anyTextFilter(['amount', 'prefix'], 1, (text, args, frame) =>
      text === '' ? '' : `\n${indentLines(text, indentation(args), false, frame)}`,
    ),
  ],
  ['string', filter([], 0, (input) => (input === null ? null : plainText(input)))],
  [
    'startsWith',
    anyTextFilter(['value'], 1, (text, [value]) => text.startsWith(textArgument(value, 'value'))),
  ],
  [
    'endsWith',
    anyTextFilter(['value'], 1, (text, [value]) => text.endsWith(textArgument(value, 'value'))),
  ],
  ['substringBefore', separatorFilter((text, by) => partBefore(text, text.indexOf(by)))],
  ['substringAfter', separatorFilter((text, by) => partAfter(text, text.indexOf(by), by.length))],
  ['substringBeforeLast', separatorFilter((text, by) => partBefore(text, text.lastIndexOf(by)))],
  [
    'substringAfterLast',
    separatorFilter((text, by) => partAfter(text, text.lastIndexOf(by), by.length)),
  ],
  [
    'regexMatch',
    anyTextFilter(
      ['regex'],
      1,
      (text, [regex]) => patternOf(patternText(regex)).first(text) !== null,
    ),
  ],
  [
    'regexReplace',
    anyTextFilter(['regex', 'replacement'], 2, (text, [regex, replacement]) =>
      replaceAllPattern(text, patternText(regex), patternText(replacement)),
    ),
  ],
  [
    'regexExtract',
    anyTextFilter(['regex', 'group'], 1, (text, [regex, group]) =>
      extract(text, patternText(regex), group),
    ),
  ],
  [
    'format',
    textFilter(formatParameters, 0, (text, args) =>
      formatText(
        text,
        args.filter((arg) => arg !== undefined),
      ),
    ),
  ],
  ['className', filter([], 0, (input) => (input === null ? null : classNameOf(input)))],
];

/** Returns the name that the kind of `value` has in the language's first implementation. */
function classNameOf(value: Value): string {
  if (typeof value === 'string') return 'java.lang.String';
  if (typeof value === 'boolean') return 'java.lang.Boolean';
  if (typeof value === 'number') {
    return Number.isSafeInteger(value) ? 'java.lang.Long' : 'java.lang.Double';
  }
  if (typeof value === 'bigint') {
    return BigInt.asIntN(64, value) === value ? 'java.lang.Long' : 'java.math.BigInteger';
  }
  if (isList(value)) return 'java.util.ArrayList';
  if (isMap(value)) return 'java.util.LinkedHashMap';
  const time: readonly (readonly [new (...args: never[]) => object, string])[] = [
    [Temporal.Instant, 'Instant'],
    [Temporal.ZonedDateTime, 'ZonedDateTime'],
    [Temporal.PlainDateTime, 'LocalDateTime'],
    [Temporal.PlainDate, 'LocalDate'],
    [Temporal.PlainTime, 'LocalTime'],
    [Temporal.Duration, 'Duration'],
  ];
  const found = time.find(([kind]) => value instanceof kind);
  return found === undefined ? 'java.lang.Double' : `java.time.${found[1]}`;
}
