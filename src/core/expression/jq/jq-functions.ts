/**
 * jq's functions that make one value of their input and arguments. Each is a pure function of its
 * input and arguments; an error is a value that `try` can catch.
 */
import { Double, double, emptyMap, isList, isMap, type Value } from '../../value/index.ts';
import { readJson } from '../formats/read-json.ts';
import { utf8Bytes } from '../formats/utf8.ts';
import { Stop } from '../stop.ts';
import { isEqual } from '../values/comparisons.ts';
import {
  asIndex,
  isNumeric,
  isWhole,
  type Numeric,
  parseNumber,
  toNumber,
} from '../values/numbers.ts';
import { jsonText, nestingMax } from '../values/value-text.ts';
import { deletePaths, indexesOf, pathOf, updatePath } from './jq-paths.ts';
import { jqSplit, jqTest, jqText } from './jq-text.ts';
import { JqError, jqOrder, jqOperate, jqTruth, jqType, jqWrong } from './jq-values.ts';

/** A function of jq: makes one value of its input and arguments. */
export type JqFunction = (input: Value, args: readonly Value[]) => Value;

function listOf(value: Value): readonly Value[] {
  if (isList(value)) return value;
  throw jqWrong(value, 'is no array');
}

function mapOf(value: Value): { readonly [key: string]: Value } {
  if (isMap(value)) return value;
  throw jqWrong(value, 'is no object');
}

function textOf(value: Value): string {
  if (typeof value === 'string') return value;
  throw jqWrong(value, 'is no string');
}

function numberOf(value: Value): Numeric {
  if (isNumeric(value)) return value;
  throw jqWrong(value, 'is no number');
}

/** Returns a number that came out whole as a whole one. */
function wholeOrDecimal(value: number): Value {
  return Number.isSafeInteger(value) ? (value === 0 ? 0 : value) : double(value);
}

function mathFunction(calculate: (value: number) => number): JqFunction {
  return (input) => {
    const number = numberOf(input);
    return isWhole(number) && !Number.isSafeInteger(number)
      ? number
      : wholeOrDecimal(calculate(toNumber(number)));
  };
}

function decimalFunction(calculate: (value: number) => number): JqFunction {
  return (input) => {
    const result = calculate(toNumber(numberOf(input)));
    return Number.isSafeInteger(result) ? result : double(result);
  };
}

function lengthOf(value: Value): Value {
  if (value === null) return 0;
  if (typeof value === 'string') return Array.from(value).length;
  if (isList(value)) return value.length;
  if (isMap(value)) return Object.keys(value).length;
  if (isNumeric(value)) return jqOrder(value, 0) < 0 ? jqOperate('-', 0, value) : value;
  throw jqWrong(value, 'has no length');
}

function keysOf(value: Value, isSorted: boolean): Value {
  if (isList(value)) return value.map((_, index) => index);
  const keys = Object.keys(mapOf(value));
  return isSorted ? keys.toSorted() : keys;
}

function elementsOf(value: Value): readonly Value[] {
  return isList(value) ? value : Object.values(mapOf(value));
}

function has(value: Value, key: Value): boolean {
  if (isMap(value) && typeof key === 'string') return Object.hasOwn(value, key);
  const index = isNumeric(key) ? asIndex(key) : undefined;
  if (isList(value) && index !== undefined) return index >= 0 && index < value.length;
  throw jqWrong(value, `cannot have a key of the type ${jqType(key)}`);
}

function contains(a: Value, b: Value, depth = 0): boolean {
  if (depth > nestingMax) return false;
  if (typeof a === 'string' && typeof b === 'string') return a.includes(b);
  if (isList(a) && isList(b))
    return b.every((one) => a.some((other) => contains(other, one, depth + 1)));
  if (isMap(a) && isMap(b)) {
    return Object.keys(b).every(
      (key) => Object.hasOwn(a, key) && contains(a[key] as Value, b[key] as Value, depth + 1),
    );
  }
  if (jqType(a) === jqType(b)) return isEqual(a, b);
  if (depth > 0) return false;
  throw new JqError(`${jqType(a)} and ${jqType(b)} cannot have their containment checked`);
}

function addAll(value: Value): Value {
  const elements = elementsOf(value);
  if (elements.length > 0 && elements.every((one) => typeof one === 'string'))
    return elements.join('');
  if (elements.every(isList)) return elements.length === 0 ? null : elements.flat();
  return elements.reduce((sum, one) => jqOperate('+', sum, one), null);
}

function flatten(value: Value, depth: Value): Value {
  const levels = depth === null ? nestingMax : toNumber(numberOf(depth));
  if (levels < 0) throw new JqError('the depth of flatten cannot be negative');
  const visit = (list: readonly Value[], left: number): Value[] =>
    list.flatMap((one) => (isList(one) && left > 0 ? visit(one, left - 1) : [one]));
  return visit(listOf(value), Math.min(levels, nestingMax));
}

function entry(key: Value, value: Value): Value {
  const map = emptyMap();
  map['key'] = key;
  map['value'] = value;
  return map;
}

function toEntries(value: Value): Value {
  const map = mapOf(value);
  return Object.keys(map).map((key) => entry(key, map[key] as Value));
}

function fromEntries(value: Value): Value {
  const result = emptyMap();
  for (const one of listOf(value)) {
    const map = mapOf(one);
    const named = ['key', 'k', 'name', 'Name', 'Key', 'K'].find(
      (key) => (map[key] ?? null) !== null,
    );
    const key = named === undefined ? null : (map[named] ?? null);
    const held = ['value', 'v', 'Value', 'V'].find((name) => Object.hasOwn(map, name));
    if (key !== null && typeof key === 'object' && !isNumeric(key)) throw jqWrong(key, 'is no key');
    result[jqText(key)] = held === undefined ? null : (map[held] ?? null);
  }
  return result;
}

function toNumberValue(value: Value): Value {
  if (isNumeric(value)) return value;
  const parsed = typeof value === 'string' ? parseNumber(value) : undefined;
  if (parsed === undefined) throw jqWrong(value, 'cannot be parsed as a number');
  return parsed;
}

function join(value: Value, separator: Value): Value {
  const list = listOf(value);
  const texts = list.map((one) => {
    if (one === null) return '';
    if (typeof one === 'object' && !isNumeric(one)) throw jqWrong(one, 'cannot be joined');
    return jqText(one);
  });
  return texts.join(textOf(separator));
}

/** Returns the places where a text or list occurs. */
function indices(value: Value, part: Value): Value {
  if (value === null) return null;
  if (isList(value)) return indexesOf(value, isList(part) ? part : [part]);
  const text = textOf(value);
  const wanted = textOf(part);
  if (wanted === '') return null;
  const found: Value[] = [];
  for (let at = text.indexOf(wanted); at !== -1; at = text.indexOf(wanted, at + 1)) found.push(at);
  return found;
}

function edge(value: Value, isFirst: boolean): Value {
  return value === null || !isList(value) ? value : ((isFirst ? value[0] : value.at(-1)) ?? null);
}

function trimText(value: Value, cut: (text: string) => string): Value {
  return typeof value === 'string' ? cut(value) : value;
}

function transpose(value: Value): Value {
  const rows = listOf(value).map(listOf);
  const width = rows.reduce((most, row) => Math.max(most, row.length), 0);
  if (width * rows.length > 1_000_000) throw new JqError('the result is too large');
  return Array.from({ length: width }, (_, at) => rows.map((row) => row[at] ?? null));
}

function parseJson(value: Value): Value {
  try {
    return readJson(textOf(value));
  } catch (error) {
    if (error instanceof Stop) throw new JqError(error.message);
    throw error;
  }
}

/** Returns epoch seconds as ISO text. */
function toDate(value: Value): Value {
  const milliseconds = Math.floor(toNumber(numberOf(value))) * 1000;
  try {
    return Temporal.Instant.fromEpochMilliseconds(milliseconds).toString({
      smallestUnit: 'second',
    });
  } catch {
    throw jqWrong(value, 'is no moment');
  }
}

function fromDate(value: Value): Value {
  try {
    return Math.floor(Temporal.Instant.from(textOf(value)).epochMilliseconds / 1000);
  } catch {
    throw jqWrong(value, 'is no date like 2024-01-31T12:00:00Z');
  }
}

function implode(value: Value): Value {
  const codes = listOf(value).map((one) => toNumber(numberOf(one)));
  if (codes.some((code) => !(Number.isInteger(code) && code >= 0 && code <= 0x10ffff))) {
    throw new JqError('the list holds numbers that are no characters');
  }
  return codes.map((code) => String.fromCodePoint(code)).join('');
}

function extreme(value: Value, sign: 1 | -1): Value {
  return listOf(value).reduce<Value>(
    (best, one, index) => (index === 0 || jqOrder(one, best) * sign >= 0 ? one : best),
    null,
  );
}

function unique(value: Value): Value {
  const sorted = listOf(value).toSorted((a, b) => jqOrder(a, b));
  return sorted.filter((one, at) => at === 0 || jqOrder(one, sorted[at - 1] as Value) !== 0);
}

const asciiOnly =
  (change: (letter: string) => string, letters: RegExp): JqFunction =>
  (input) =>
    textOf(input).replace(letters, change);

/** The functions by name and number of arguments. */
export const jqFunctions: Readonly<Record<string, JqFunction>> = Object.assign(
  Object.create(null),
  {
    'length/0': lengthOf,
    'utf8bytelength/0': (input) => utf8Bytes(textOf(input)).length,
    'not/0': (input) => !jqTruth(input),
    'keys/0': (input) => keysOf(input, true),
    'keys_unsorted/0': (input) => keysOf(input, false),
    'has/1': (input, [key = null]) => has(input, key),
    'in/1': (input, [container = null]) => has(container, input),
    'contains/1': (input, [other = null]) => contains(input, other),
    'inside/1': (input, [other = null]) => contains(other, input),
    'add/0': addAll,
    'any/0': (input) => elementsOf(input).some(jqTruth),
    'all/0': (input) => elementsOf(input).every(jqTruth),
    'flatten/0': (input) => flatten(input, null),
    'flatten/1': (input, [depth = null]) => flatten(input, depth),
    'floor/0': mathFunction(Math.floor),
    'ceil/0': mathFunction(Math.ceil),
    'round/0': mathFunction((value) => Math.sign(value) * Math.round(Math.abs(value))),
    'trunc/0': mathFunction(Math.trunc),
    'fabs/0': mathFunction(Math.abs),
    'abs/0': (input) => (jqOrder(numberOf(input), 0) < 0 ? jqOperate('-', 0, input) : input),
    'sqrt/0': decimalFunction(Math.sqrt),
    'exp/0': decimalFunction(Math.exp),
    'log/0': decimalFunction(Math.log),
    'log2/0': decimalFunction(Math.log2),
    'log10/0': decimalFunction(Math.log10),
    'pow/2': (_, [base = null, exponent = null]) =>
      wholeOrDecimal(toNumber(numberOf(base)) ** toNumber(numberOf(exponent))),
    'infinite/0': () => new Double(Number.POSITIVE_INFINITY),
    'nan/0': () => new Double(Number.NaN),
    'isinfinite/0': (input) => Math.abs(toNumber(numberOf(input))) === Number.POSITIVE_INFINITY,
    'isnan/0': (input) => Number.isNaN(toNumber(numberOf(input))),
    'isnormal/0': (input) => {
      const value = toNumber(numberOf(input));
      return Number.isFinite(value) && value !== 0;
    },
    'tostring/0': jqText,
    'tonumber/0': toNumberValue,
    'type/0': jqType,
    'tojson/0': (input) => jsonText(input, false),
    'fromjson/0': parseJson,
    'ascii_downcase/0': asciiOnly((letter) => letter.toLowerCase(), /[A-Z]/g),
    'ascii_upcase/0': asciiOnly((letter) => letter.toUpperCase(), /[a-z]/g),
    'startswith/1': (input, [part = null]) => textOf(input).startsWith(textOf(part)),
    'endswith/1': (input, [part = null]) => textOf(input).endsWith(textOf(part)),
    'ltrimstr/1': (input, [part = null]) =>
      trimText(input, (text) =>
        typeof part === 'string' && text.startsWith(part) ? text.slice(part.length) : text,
      ),
    'rtrimstr/1': (input, [part = null]) =>
      trimText(input, (text) =>
        typeof part === 'string' && part !== '' && text.endsWith(part)
          ? text.slice(0, -part.length)
          : text,
      ),
    'trim/0': (input) => textOf(input).trim(),
    'ltrim/0': (input) => textOf(input).trimStart(),
    'rtrim/0': (input) => textOf(input).trimEnd(),
    'explode/0': (input) => Array.from(textOf(input), (one) => one.codePointAt(0) ?? 0),
    'implode/0': implode,
    'split/1': (input, [by = null]) => jqOperate('/', textOf(input), textOf(by)),
    'split/2': (input, [regex = null, flags = null]) => jqSplit(input, regex, flags),
    'join/1': (input, [separator = null]) => join(input, separator),
    'test/1': (input, [regex = null]) => jqTest(input, regex, null),
    'test/2': (input, [regex = null, flags = null]) => jqTest(input, regex, flags),
    'indices/1': (input, [part = null]) => indices(input, part),
    'index/1': (input, [part = null]) => edge(indices(input, part), true),
    'rindex/1': (input, [part = null]) => edge(indices(input, part), false),
    'sort/0': (input) => listOf(input).toSorted((a, b) => jqOrder(a, b)),
    'unique/0': unique,
    'min/0': (input) =>
      listOf(input).reduce<Value>(
        (best, one, at) => (at === 0 || jqOrder(one, best) < 0 ? one : best),
        null,
      ),
    'max/0': (input) => extreme(input, 1),
    'reverse/0': (input) => {
      if (input === null) return [];
      return typeof input === 'string'
        ? Array.from(input).reverse().join('')
        : listOf(input).toReversed();
    },
    'to_entries/0': toEntries,
    'from_entries/0': fromEntries,
    'transpose/0': transpose,
    'setpath/2': (input, [path = null, value = null]) =>
      updatePath(input, pathOf(path), () => value),
    'delpaths/1': (input, [paths = null]) => deletePaths(input, listOf(paths).map(pathOf)),
    'toarray/0': (input) => (isList(input) ? input : [input]),
    'todate/0': toDate,
    'todateiso8601/0': toDate,
    'fromdate/0': fromDate,
    'fromdateiso8601/0': fromDate,
    'ascii/0': (input) => implode([input]),
  } satisfies Record<string, JqFunction>,
) as Record<string, JqFunction>;
