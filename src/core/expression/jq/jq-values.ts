/**
 * jq's own rules for values: order, truth, arithmetic, and what an error is. The order is total
 * over all kinds of values, as `sort` and comparisons need it.
 */
import {
  Double,
  double,
  emptyMap,
  isList,
  isMap,
  isTime,
  type Value,
  type ValueMap,
} from '../../value/index.ts';
import { isEqual } from '../values/comparisons.ts';
import {
  calculate,
  compareNumbers,
  isNumeric,
  isWhole,
  type Numeric,
  toNumber,
} from '../values/numbers.ts';
import { timeText } from '../values/time-text.ts';
import { ValueSet } from '../values/value-set.ts';
import { jsonText, nestingMax } from '../values/value-text.ts';

/** An error of a jq program; `try` and `?` catch it. */
export class JqError {
  readonly value: Value;
  constructor(value: Value) {
    this.value = value;
  }
}

/** Returns the name of jq for the kind of a value. */
export function jqType(value: Value): string {
  if (value === null) return 'null';
  if (typeof value === 'boolean') return 'boolean';
  if (isNumeric(value)) return 'number';
  if (typeof value === 'string') return 'string';
  return isList(value) ? 'array' : 'object';
}

/** Returns a value in the form that jq works on: dates are text. */
export function jqInput(value: Value, depth = 0): Value {
  if (value === null || typeof value !== 'object' || value instanceof Double) return value;
  if (isTime(value)) return timeText(value, true);
  if (depth > nestingMax) throw new JqError('the value is nested too deeply');
  if (isList(value)) {
    const changed = value.map((one) => jqInput(one, depth + 1));
    return changed.every((one, index) => one === value[index]) ? value : changed;
  }
  const map = emptyMap();
  let isChanged = false;
  for (const key of Object.keys(value)) {
    const entry = value[key] as Value;
    map[key] = jqInput(entry, depth + 1);
    if (map[key] !== entry) isChanged = true;
  }
  return isChanged ? map : value;
}

/** Tells whether a value counts as true: all but false and null. */
export function jqTruth(value: Value): boolean {
  return value !== null && value !== false;
}

/** Returns a short form of a value for messages. */
export function shown(value: Value): string {
  const text = jsonText(value, false);
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}

/** Returns the error for a value that an operation cannot use. */
export function jqWrong(value: Value, what: string): JqError {
  return new JqError(`${jqType(value)} (${shown(value)}) ${what}`);
}

const ranks = ['null', 'false', 'true', 'number', 'string', 'array', 'object'];

function rankOf(value: Value): number {
  return ranks.indexOf(typeof value === 'boolean' ? String(value) : jqType(value));
}

/** Returns the order of two values: null, false, true, numbers, texts, lists, maps. */
export function jqOrder(a: Value, b: Value, depth = 0): number {
  const rank = rankOf(a) - rankOf(b);
  if (rank !== 0) return rank;
  if (isNumeric(a) && isNumeric(b)) {
    const order = compareNumbers(a, b);
    return Number.isNaN(order) ? -1 : order;
  }
  if (typeof a === 'string' && typeof b === 'string') return a < b ? -1 : a > b ? 1 : 0;
  if (depth > nestingMax) return 0;
  if (isList(a) && isList(b)) return listOrder(a, b, depth);
  return isMap(a) && isMap(b) ? mapOrder(a, b, depth) : 0;
}

function listOrder(a: readonly Value[], b: readonly Value[], depth: number): number {
  for (let i = 0; i < Math.min(a.length, b.length); i += 1) {
    const order = jqOrder(a[i] as Value, b[i] as Value, depth + 1);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

function mapOrder(a: ValueMap, b: ValueMap, depth: number): number {
  const keys = Object.keys(a).toSorted();
  const byKeys = listOrder(keys, Object.keys(b).toSorted(), depth);
  if (byKeys !== 0) return byKeys;
  for (const key of keys) {
    const order = jqOrder(a[key] as Value, b[key] as Value, depth + 1);
    if (order !== 0) return order;
  }
  return 0;
}

function deepMerge(a: ValueMap, b: ValueMap, depth: number): ValueMap {
  if (depth > nestingMax) throw new JqError('the value is nested too deeply');
  const map = Object.assign(emptyMap(), a);
  for (const key of Object.keys(b)) {
    const left = map[key];
    const right = b[key] as Value;
    const isBoth = left !== undefined && isMap(left) && isMap(right);
    map[key] = isBoth ? deepMerge(left, right, depth + 1) : right;
  }
  return map;
}

function addValues(a: Value, b: Value): Value {
  if (a === null) return b;
  if (b === null) return a;
  if (isNumeric(a) && isNumeric(b)) return calculate('+', a, b);
  if (typeof a === 'string' && typeof b === 'string') return a + b;
  if (isList(a) && isList(b)) return [...a, ...b];
  if (isMap(a) && isMap(b)) return Object.assign(emptyMap(), a, b);
  throw new JqError(`${jqType(a)} (${shown(a)}) and ${jqType(b)} (${shown(b)}) cannot be added`);
}

function multiplyValues(a: Value, b: Value): Value {
  if (isNumeric(a) && isNumeric(b)) return calculate('*', a, b);
  if (typeof a === 'string' && isNumeric(b)) return repeated(a, toNumber(b));
  if (isNumeric(a) && typeof b === 'string') return repeated(b, toNumber(a));
  if (isMap(a) && isMap(b)) return deepMerge(a, b, 0);
  throw new JqError(`${jqType(a)} and ${jqType(b)} cannot be multiplied`);
}

const repeatedMax = 10_000_000;

function repeated(text: string, count: number): Value {
  if (!(count > 0)) return null;
  const times = Math.max(1, Math.floor(count));
  if (text.length * times > repeatedMax) throw new JqError('the repeated text is too long');
  return text.repeat(times);
}

function divideValues(a: Value, b: Value): Value {
  if (isNumeric(a) && isNumeric(b)) {
    if (toNumber(b) === 0) throw new JqError(`${shown(a)} cannot be divided by zero`);
    return divided(a, b);
  }
  if (typeof a === 'string' && typeof b === 'string') return b === '' ? Array.from(a) : a.split(b);
  throw new JqError(`${jqType(a)} and ${jqType(b)} cannot be divided`);
}

/** Whole numbers give a whole number when they divide without rest. */
function divided(a: Numeric, b: Numeric): Value {
  if (isWhole(a) && isWhole(b) && BigInt(a) % BigInt(b) === 0n) return calculate('/', a, b);
  return double(toNumber(a) / toNumber(b));
}

function remainder(a: Value, b: Value): Value {
  if (!isNumeric(a) || !isNumeric(b)) {
    throw new JqError(`${jqType(a)} and ${jqType(b)} cannot be divided`);
  }
  const left = BigInt(Math.trunc(finite(toNumber(a))));
  const right = BigInt(Math.trunc(finite(toNumber(b))));
  if (right === 0n) throw new JqError(`${shown(a)} cannot be divided by zero`);
  return calculate('%', wholeOf(left), wholeOf(right));
}

function finite(value: number): number {
  return Number.isFinite(value) ? value : 0;
}

function wholeOf(value: bigint): Numeric {
  const near = Number(value);
  return Number.isSafeInteger(near) ? near : value;
}

function subtractValues(a: Value, b: Value): Value {
  if (isNumeric(a) && isNumeric(b)) return calculate('-', a, b);
  if (isList(a) && isList(b)) {
    const removed = new ValueSet(b);
    return a.filter((one) => !removed.has(one));
  }
  throw new JqError(
    `${jqType(a)} (${shown(a)}) and ${jqType(b)} (${shown(b)}) cannot be subtracted`,
  );
}

/** Returns the result of a jq operator. */
export function jqOperate(operator: string, a: Value, b: Value): Value {
  switch (operator) {
    case '+':
      return addValues(a, b);
    case '-':
      return subtractValues(a, b);
    case '*':
      return multiplyValues(a, b);
    case '/':
      return divideValues(a, b);
    case '%':
      return remainder(a, b);
    case '==':
      return isEqual(a, b);
    case '!=':
      return !isEqual(a, b);
    case '<':
      return jqOrder(a, b) < 0;
    case '<=':
      return jqOrder(a, b) <= 0;
    case '>':
      return jqOrder(a, b) > 0;
    default:
      return jqOrder(a, b) >= 0;
  }
}
