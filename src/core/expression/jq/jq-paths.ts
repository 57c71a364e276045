/** Reading, setting and deleting by paths of keys, indexes and slices. */
import { emptyMap, entryOf, isList, isMap, type Value } from '../../value/index.ts';
import { asIndex, isNumeric, toNumber } from '../values/numbers.ts';
import { JqError, jqOrder, jqType, jqWrong } from './jq-values.ts';

const lengthMax = 1_000_000;

/** A part of a list, as a step of a path. */
function sliceOf(key: Value): { readonly from: Value; readonly to: Value } | null {
  if (!isMap(key)) return null;
  return { from: entryOf(key, 'start') ?? null, to: entryOf(key, 'end') ?? null };
}

function bound(
  value: Value,
  length: number,
  otherwise: number,
  rounds: (n: number) => number,
): number {
  if (value === null) return otherwise;
  if (!isNumeric(value)) throw new JqError('the ends of a slice have to be numbers');
  const at = rounds(toNumber(value));
  return Math.min(Math.max(at < 0 ? at + length : at, 0), length);
}

/** Returns the ends of a slice inside a list or text of some length. */
export function sliceBounds(from: Value, to: Value, length: number): readonly [number, number] {
  const start = bound(from, length, 0, Math.floor);
  return [start, Math.max(start, bound(to, length, length, Math.ceil))];
}

/** Returns what stands in `value` under `key`; null where there is nothing. */
export function readKey(value: Value, key: Value): Value {
  const slice = sliceOf(key);
  if (slice !== null) {
    if (value === null) return null;
    if (typeof value !== 'string' && !isList(value)) throw jqWrong(value, 'cannot be sliced');
    return value.slice(...sliceBounds(slice.from, slice.to, value.length));
  }
  if (typeof key === 'string') {
    if (value === null) return null;
    if (isMap(value)) return entryOf(value, key) ?? null;
    throw jqWrong(value, `cannot be indexed with "${key}"`);
  }
  if (isNumeric(key)) {
    if (value === null) return null;
    if (!isList(value)) throw jqWrong(value, 'cannot be indexed with a number');
    const at = Math.floor(toNumber(key));
    return value.at(at) ?? null;
  }
  if (isList(value) && isList(key)) return indexesOf(value, key);
  throw jqWrong(value, `cannot be indexed with ${jqType(key)}`);
}

/** Returns where a list occurs in another. */
export function indexesOf(list: readonly Value[], part: readonly Value[]): Value {
  if (part.length === 0) return null;
  const found: Value[] = [];
  for (let at = 0; at + part.length <= list.length; at += 1) {
    if (part.every((one, index) => jqOrder(one, list[at + index] as Value) === 0)) found.push(at);
  }
  return found;
}

/** Returns what stands at the end of a path; null where there is nothing. */
export function readPath(value: Value, path: readonly Value[]): Value {
  let at = value;
  for (const key of path) {
    if (at === null) return null;
    at = readKey(at, key);
  }
  return at;
}

function setKey(value: Value, key: Value, entry: Value): Value {
  const slice = sliceOf(key);
  if (slice !== null) {
    const list = value ?? [];
    if (!isList(list) || !isList(entry)) throw new JqError('a slice can only be set to a list');
    const [from, to] = sliceBounds(slice.from, slice.to, list.length);
    return list.toSpliced(from, to - from, ...entry);
  }
  if (typeof key === 'string') {
    if (value !== null && !isMap(value)) throw jqWrong(value, `cannot be indexed with "${key}"`);
    const map = Object.assign(emptyMap(), value);
    map[key] = entry;
    return map;
  }
  const index = asIndex(key);
  if (index === undefined) throw jqWrong(value, `cannot be indexed with ${jqType(key)}`);
  if (value !== null && !isList(value)) throw jqWrong(value, 'cannot be indexed with a number');
  const list: Value[] = value === null ? [] : [...value];
  const at = index < 0 ? index + list.length : index;
  if (at < 0 || at > lengthMax) throw new JqError('the index is out of range');
  while (list.length < at) list.push(null);
  list[at] = entry;
  return list;
}

/** Returns `value` with the end of a path changed. */
export function updatePath(
  value: Value,
  path: readonly Value[],
  change: (old: Value) => Value,
  depth = 0,
): Value {
  const key = path[depth];
  if (key === undefined) return change(value);
  return setKey(value, key, updatePath(readPath(value, [key]), path, change, depth + 1));
}

function deleteKey(value: Value, key: Value): Value {
  if (value === null) return null;
  const slice = sliceOf(key);
  if (isList(value)) {
    if (slice !== null) {
      const [from, to] = sliceBounds(slice.from, slice.to, value.length);
      return value.toSpliced(from, to - from);
    }
    const index = asIndex(key);
    if (index === undefined) throw jqWrong(value, `cannot be indexed with ${jqType(key)}`);
    const at = index < 0 ? index + value.length : index;
    return at < 0 || at >= value.length ? value : value.toSpliced(at, 1);
  }
  if (!isMap(value) || typeof key !== 'string') {
    throw jqWrong(value, `cannot lose ${jqType(key)}`);
  }
  const map = Object.assign(emptyMap(), value);
  delete map[key];
  return map;
}

function deletePath(value: Value, path: readonly Value[]): Value {
  const [key, ...rest] = path;
  if (key === undefined) return null;
  if (rest.length === 0) return deleteKey(value, key);
  const inner = readPath(value, [key]);
  return inner === null ? value : setKey(value, key, deletePath(inner, rest));
}

/** Returns `value` without what stands at the ends of some paths; the last ones go first. */
export function deletePaths(value: Value, paths: readonly (readonly Value[])[]): Value {
  const last = paths.toSorted((a, b) => jqOrder(b, a));
  return last.reduce<Value>((rest, path) => deletePath(rest, path), value);
}

/** Returns a value as a path. */
export function pathOf(value: Value): readonly Value[] {
  if (isList(value)) return value;
  throw new JqError('a path has to be a list');
}
