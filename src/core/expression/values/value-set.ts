/** A set of values by equality of the language, so that large lists are compared in one pass. */
import { isList, isMap, isTime, type Value } from '../../value/index.ts';
import { isEqual } from './comparisons.ts';
import { isNumeric, toNumber } from './numbers.ts';
import { timeText } from './time-text.ts';
import { nestingMax } from './value-text.ts';

/** Returns a key that equal values share; very few others do. */
function keyOf(value: Value, depth = 0): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (isNumeric(value)) return String(toNumber(value));
  if (depth > nestingMax) return '…';
  if (isList(value)) return `[${value.map((one) => keyOf(one, depth + 1)).join(',')}]`;
  if (isTime(value)) return timeText(value);
  if (!isMap(value)) return String(value);
  const keys = Object.keys(value).toSorted();
  const entries = keys.map(
    (key) => `${JSON.stringify(key)}:${keyOf(value[key] as Value, depth + 1)}`,
  );
  return `{${entries.join(',')}}`;
}

/** A set of values. */
export class ValueSet {
  private readonly known = new Map<string, Value[]>();

  constructor(values: Iterable<Value> = []) {
    for (const value of values) this.add(value);
  }

  /** Adds a value; tells whether it was not there. */
  add(value: Value): boolean {
    const key = keyOf(value);
    const same = this.known.get(key);
    if (same === undefined) {
      this.known.set(key, [value]);
      return true;
    }
    if (same.some((one) => isEqual(one, value))) return false;
    same.push(value);
    return true;
  }

  /** Tells whether an equal value is in the set. */
  has(value: Value): boolean {
    return this.known.get(keyOf(value))?.some((one) => isEqual(one, value)) ?? false;
  }
}
