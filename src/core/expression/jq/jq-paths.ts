/**
 * Reading, setting and deleting by paths of keys, indexes and slices. Nothing is changed in place:
 * setting and deleting give a new value that keeps the rest.
 */
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

/** Containers that one series of changes made itself and nobody else holds; they may be changed in place. */
type Owned = WeakSet<object>;

function ownMap(value: Value, key: string, owned: Owned): { [key: string]: Value } {
  if (value !== null && !isMap(value)) throw jqWrong(value, `cannot be indexed with "${key}"`);
  if (value !== null && owned.has(value)) return value;
  const map = Object.assign(emptyMap(), value);
  owned.add(map);
  return map;
}

function ownList(value: Value, owned: Owned): Value[] {
  if (value !== null && !isList(value)) throw jqWrong(value, 'cannot be indexed with a number');
  if (value !== null && owned.has(value)) return value as Value[];
  const list: Value[] = value === null ? [] : [...value];
  owned.add(list);
  return list;
}

function setKey(value: Value, key: Value, entry: Value, owned: Owned): Value {
  const slice = sliceOf(key);
  if (slice !== null) {
    const list = value ?? [];
    if (!isList(list) || !isList(entry)) throw new JqError('a slice can only be set to a list');
    const [from, to] = sliceBounds(slice.from, slice.to, list.length);
    return list.toSpliced(from, to - from, ...entry);
  }
  if (typeof key === 'string') {
    const map = ownMap(value, key, owned);
    map[key] = entry;
    return map;
  }
  const index = asIndex(key);
  if (index === undefined) throw jqWrong(value, `cannot be indexed with ${jqType(key)}`);
  const list = ownList(value, owned);
  const at = index < 0 ? index + list.length : index;
  if (at < 0 || at > lengthMax) throw new JqError('the index is out of range');
  while (list.length < at) list.push(null);
  list[at] = entry;
  return list;
}

/** Changes a value at one path after the other, copying each container at most once. */
export class PathChanges {
  private result: Value;
  private owned: Owned = new WeakSet();

  constructor(value: Value) {
    this.result = value;
  }

  /** The value with all changes so far. */
  get value(): Value {
    return this.result;
  }

  /** Replaces what stands at the end of `path`. */
  change(path: readonly Value[], change: (old: Value) => Value): void {
    this.result = this.changeIn(this.result, path, change, 0);
  }

  private changeIn(
    value: Value,
    path: readonly Value[],
    change: (old: Value) => Value,
    depth: number,
  ): Value {
    const key = path[depth];
    if (key === undefined) {
      // A container that is handed out may end up in several places, so nothing is owned any more.
      if (typeof value === 'object' && value !== null) this.owned = new WeakSet();
      return change(value);
    }
    const inner = this.changeIn(readPath(value, [key]), path, change, depth + 1);
    return setKey(value, key, inner, this.owned);
  }
}

/** Returns `value` with the end of a path changed. */
export function updatePath(
  value: Value,
  path: readonly Value[],
  change: (old: Value) => Value,
): Value {
  const changes = new PathChanges(value);
  changes.change(path, change);
  return changes.value;
}

/** What is deleted of one container: whole parts, and paths inside of parts. */
interface Deletions {
  readonly whole: Set<number | string>;
  readonly inside: Map<number | string, (readonly Value[])[]>;
}

function keysOf(value: Value, key: Value): readonly (number | string)[] {
  if (isList(value)) {
    const slice = sliceOf(key);
    if (slice !== null) {
      const [from, to] = sliceBounds(slice.from, slice.to, value.length);
      return Array.from({ length: to - from }, (_, at) => from + at);
    }
    const index = asIndex(key);
    if (index === undefined) throw jqWrong(value, `cannot be indexed with ${jqType(key)}`);
    return [index < 0 ? index + value.length : index];
  }
  if (isMap(value) && typeof key === 'string') return [key];
  throw jqWrong(value, `cannot lose ${jqType(key)}`);
}

function deletionsIn(value: Value, paths: readonly (readonly Value[])[]): Deletions {
  const whole = new Set<number | string>();
  const inside = new Map<number | string, (readonly Value[])[]>();
  for (const [key = null, ...rest] of paths) {
    if (rest.length > 0 && isMap(key))
      throw new JqError('nothing can be deleted inside of a slice');
    for (const at of keysOf(value, key)) {
      if (rest.length === 0) whole.add(at);
      else {
        const known = inside.get(at);
        if (known === undefined) inside.set(at, [rest]);
        else known.push(rest);
      }
    }
  }
  return { whole, inside };
}

/** Returns `value` without what stands at the ends of some paths. */
export function deletePaths(value: Value, paths: readonly (readonly Value[])[]): Value {
  if (paths.length === 0) return value;
  if (value === null || paths.some((path) => path.length === 0)) return null;
  const { whole, inside } = deletionsIn(value, paths);
  const kept = (one: Value, at: number | string): Value => {
    const rests = inside.get(at);
    return rests === undefined ? one : deletePaths(one, rests);
  };
  if (isList(value)) {
    return value.flatMap((one, at) => (whole.has(at) ? [] : [kept(one, at)]));
  }
  const map = emptyMap();
  if (!isMap(value)) return map;
  for (const key of Object.keys(value)) {
    if (!whole.has(key)) map[key] = kept(value[key] as Value, key);
  }
  return map;
}

/** Returns a value as a path. */
export function pathOf(value: Value): readonly Value[] {
  if (isList(value)) return value;
  throw new JqError('a path has to be a list');
}
