/** What counts as true: of rendered text (conditions of tasks), and of values inside a template. */
import { Double, isList, isTime, type Value } from '../../value/index.ts';
import { wrongType } from '../stop.ts';

/** Tells whether rendered text means true: anything but the empty text, `0`, `-0`, `false` and null. */
export function isTruthyText(text: string | null): boolean {
  return !(text === null || text === '' || text === '0' || text === '-0' || text === 'false');
}

/** Returns the name of the kind of `value`, for messages. */
export function kindOf(value: Value | undefined): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (typeof value === 'string') return 'text';
  if (typeof value === 'boolean') return 'a boolean';
  if (typeof value === 'number' || typeof value === 'bigint' || value instanceof Double) {
    return 'a number';
  }
  if (isList(value)) return 'a list';
  return isTime(value) ? 'a date or time' : 'a map';
}

/** Returns the truth of `value`; null, lists, maps and dates have none. */
export function truthOf(value: Value): boolean {
  if (typeof value === 'boolean') return value;
  if (typeof value === 'string') return value !== '';
  if (typeof value === 'number') return value !== 0;
  if (typeof value === 'bigint') return value !== 0n;
  if (value instanceof Double) return value.value !== 0;
  throw wrongType(
    `${kindOf(value)} is neither true nor false`,
    'compare it, or write `is not empty` or `is defined`',
  );
}

/** Tells whether `value` counts as empty: null, blank text, an empty list or map. */
export function isEmpty(value: Value): boolean {
  if (value === null) return true;
  if (typeof value === 'string') return value.trim() === '';
  if (isList(value)) return value.length === 0;
  if (typeof value !== 'object' || value instanceof Double || isTime(value)) return false;
  return Object.keys(value).length === 0;
}
