/**
 * The values of the language: what inputs, outputs and variables hold, and what an expression gives.
 * Plain JavaScript wherever that is exact. A whole number is a `number` inside the safe range and a
 * `bigint` outside it (the language has 64-bit integers); a decimal is a `number` when it has a
 * fraction and a `Double` when it has none, so that `13.0` is not `13`. Dates are Temporal objects.
 *
 * INVARIANT: a map is read with `Object.hasOwn` and built with `emptyMap`; its keys come from users.
 */

/** A date, time or amount of time. */
export type TimeValue =
  | Temporal.Instant
  | Temporal.ZonedDateTime
  | Temporal.PlainDateTime
  | Temporal.PlainDate
  | Temporal.PlainTime
  | Temporal.Duration;

/** A value that has no parts. */
export type Scalar = null | boolean | number | bigint | string | Double | TimeValue;

/** A map from names to values. */
export interface ValueMap {
  [key: string]: Value;
}

/** Anything a flow can hold. */
export type Value = Scalar | readonly Value[] | ValueMap;

/** A decimal whose value is whole (`13.0`) or not finite; decimals with a fraction are plain numbers. */
export class Double {
  readonly value: number;
  constructor(value: number) {
    this.value = value;
  }
  valueOf(): number {
    return this.value;
  }
}

/** Returns the decimal `value` in the form the language keeps it: `13` becomes `13.0`. */
export function double(value: number): number | Double {
  return Number.isInteger(value) || !Number.isFinite(value) ? new Double(value) : value;
}

/** Returns the whole number `value` in the form the language keeps it, wrapped to 64 bits. */
export function integer(value: bigint): number | bigint {
  const wrapped = BigInt.asIntN(64, value);
  const near = Number(wrapped);
  return Number.isSafeInteger(near) ? near : wrapped;
}

/** Returns a map without a prototype, safe for keys that come from users. */
export function emptyMap(): ValueMap {
  return Object.create(null) as ValueMap;
}

/** Returns a map without a prototype that holds the own entries of `source`. */
export function mapOf(source: Readonly<Record<string, Value>>): ValueMap {
  return Object.assign(emptyMap(), source);
}

/** Tells whether `value` is a date, a time or an amount of time. */
export function isTime(value: unknown): value is TimeValue {
  return (
    value instanceof Temporal.Instant ||
    value instanceof Temporal.ZonedDateTime ||
    value instanceof Temporal.PlainDateTime ||
    value instanceof Temporal.PlainDate ||
    value instanceof Temporal.PlainTime ||
    value instanceof Temporal.Duration
  );
}

/** Tells whether `value` is a list. */
export function isList(value: unknown): value is readonly Value[] {
  return Array.isArray(value);
}

/** Tells whether `value` is a map: an object that is neither a list, a decimal nor a date. */
export function isMap(value: unknown): value is ValueMap {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}

/** Returns the own entry `key` of `map`, or undefined when there is none. */
export function entryOf(map: ValueMap, key: string): Value | undefined {
  return Object.hasOwn(map, key) ? map[key] : undefined;
}
