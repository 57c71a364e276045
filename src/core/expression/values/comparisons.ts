/** Equality, order and membership of values. */
import { entryOf, isList, isMap, isTime, type Value } from '../../value/index.ts';
import { wrongType } from '../stop.ts';
import { compareNumbers, isNumeric } from './numbers.ts';
import { timeText } from './time-text.ts';
import { kindOf } from './truth.ts';
import { nestingMax } from './value-text.ts';

/** Tells whether two values are equal: numbers by value, a number never equals text. */
export function isEqual(a: Value, b: Value, depth = 0): boolean {
  if (a === b) return true;
  if (a === null || b === null) return false;
  if (isNumeric(a)) return isNumeric(b) && compareNumbers(a, b) === 0;
  if (typeof a !== 'object' || typeof b !== 'object' || depth > nestingMax) return false;
  if (isTime(a)) return isTime(b) && a.constructor === b.constructor && timeText(a) === timeText(b);
  if (isList(a)) {
    return (
      isList(b) &&
      a.length === b.length &&
      a.every((one, index) => isEqual(one, b[index] as Value, depth + 1))
    );
  }
  if (!isMap(a) || !isMap(b)) return false;
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length &&
    keys.every((key) => {
      const other = entryOf(b, key);
      return other !== undefined && isEqual(a[key] as Value, other, depth + 1);
    })
  );
}

/** Returns the order of two dates or times of one kind, or undefined when they have none. */
function compareTimes(a: Value, b: Value): number | undefined {
  if (a instanceof Temporal.Instant && b instanceof Temporal.Instant) {
    return Temporal.Instant.compare(a, b);
  }
  if (a instanceof Temporal.ZonedDateTime && b instanceof Temporal.ZonedDateTime) {
    return Temporal.Instant.compare(a.toInstant(), b.toInstant());
  }
  if (a instanceof Temporal.PlainDateTime && b instanceof Temporal.PlainDateTime) {
    return Temporal.PlainDateTime.compare(a, b);
  }
  if (a instanceof Temporal.PlainDate && b instanceof Temporal.PlainDate) {
    return Temporal.PlainDate.compare(a, b);
  }
  if (a instanceof Temporal.PlainTime && b instanceof Temporal.PlainTime) {
    return Temporal.PlainTime.compare(a, b);
  }
  if (a instanceof Temporal.Duration && b instanceof Temporal.Duration) {
    if ([a, b].some((one) => one.years !== 0 || one.months !== 0 || one.weeks !== 0)) {
      return undefined;
    }
    return Temporal.Duration.compare(a, b);
  }
  return undefined;
}

/** Returns the order of two values for `<`, `>`, `<=` and `>=`; NaN (never) when one is null. */
export function orderOf(a: Value, b: Value, operator: string): number {
  if (a === null || b === null) return Number.NaN;
  if (isNumeric(a) && isNumeric(b)) return compareNumbers(a, b);
  const order = compareTimes(a, b);
  if (order !== undefined) return order;
  throw wrongType(
    `\`${operator}\` cannot compare ${kindOf(a)} with ${kindOf(b)}`,
    'compare numbers with numbers; convert text with `| number`',
  );
}

/** Returns the order of two elements for sorting: numbers, texts, booleans and dates, null last. */
export function sortOrder(a: Value, b: Value): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1;
  if (isNumeric(a) && isNumeric(b)) return compareNumbers(a, b);
  if (typeof a === 'string' && typeof b === 'string') return a < b ? -1 : a > b ? 1 : 0;
  if (typeof a === 'boolean' && typeof b === 'boolean') return Number(a) - Number(b);
  const order = compareTimes(a, b);
  if (order !== undefined) return order;
  throw wrongType(
    `${kindOf(a)} and ${kindOf(b)} cannot be put in order`,
    'sort lists whose elements are of one kind',
  );
}
