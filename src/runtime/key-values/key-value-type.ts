/** The type of a pair's value: read off the value, or forced upon a text. */
import { Failure } from '../../core/failure/index.ts';
import {
  decodeValue,
  Double,
  isList,
  isMap,
  isTime,
  toPlain,
  type Value,
} from '../../core/value/index.ts';
import type { KeyValueType } from '../../ports/key-values.ts';

/** Returns the type that a value has by itself. */
export function typeOfValue(value: Value): KeyValueType {
  if (typeof value === 'string') return 'STRING';
  if (typeof value === 'boolean') return 'BOOLEAN';
  if (typeof value === 'number' || typeof value === 'bigint' || value instanceof Double) {
    return 'NUMBER';
  }
  if (value instanceof Temporal.PlainDate) return 'DATE';
  if (value instanceof Temporal.Duration) return 'DURATION';
  if (value instanceof Temporal.PlainTime) return 'STRING';
  return isTime(value) ? 'DATETIME' : 'JSON';
}

function numberOf(text: string): Value {
  const number = Number(text);
  if (text.trim() === '' || Number.isNaN(number)) throw new RangeError('no number');
  if (/^[+-]?\d+$/.test(text.trim()) && !Number.isSafeInteger(number)) return BigInt(text);
  return Number.isInteger(number) && /[.eE]/.test(text) ? new Double(number) : number;
}

function momentOf(text: string): Value {
  // A text with an offset or `Z` is a moment; one without is read as UTC.
  return /(?:[zZ]|[+-]\d\d:?\d\d)$/.test(text)
    ? Temporal.Instant.from(text)
    : Temporal.PlainDateTime.from(text).toZonedDateTime('UTC').toInstant();
}

const readers: Readonly<Record<KeyValueType, (text: string) => Value>> = {
  STRING: (text) => text,
  NUMBER: numberOf,
  BOOLEAN: (text) => text.toLowerCase() === 'true',
  DATETIME: momentOf,
  DATE: (text) => Temporal.PlainDate.from(text),
  DURATION: (text) => Temporal.Duration.from(text),
  JSON: (text) => plainJson(text),
};

/** JSON that a person wrote: nothing in it is read as a mark of ours. */
function plainJson(text: string): Value {
  const escaped = JSON.stringify(JSON.parse(text), (_, value: unknown) => {
    if (value === null || typeof value !== 'object' || Array.isArray(value)) return value;
    const entries = Object.entries(value);
    if (!entries.some(([key]) => key.startsWith('$'))) return value;
    return Object.fromEntries(
      entries.map(([key, inner]) => [key.startsWith('$') ? `$${key}` : key, inner]),
    );
  });
  return decodeValue(escaped);
}

/** Returns `value` as `type`; throws `task.input-invalid` when it cannot be read so. */
export function forceType(value: Value, type: KeyValueType): Value {
  if (typeOfValue(value) === type) return value;
  if (type === 'JSON' && typeof value !== 'string') return value;
  const isWhole = value === null || isList(value) || isMap(value);
  const text = isWhole ? JSON.stringify(toPlain(value)) : String(toPlain(value));
  try {
    return readers[type](text);
  } catch (cause) {
    throw new Failure('task.input-invalid', `the value cannot be read as ${type}`, { cause });
  }
}
