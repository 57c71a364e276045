/**
 * Values as text and back, without loss: plain JSON, in which the few values that JSON cannot hold
 * are written as one-key maps (`{"$double":"13"}`, `{"$instant":"…"}`). Everything stored (events,
 * rows, files of values) passes here; what people and other systems read passes `toPlain`.
 *
 * INVARIANT: `decodeValue(encodeValue(v))` equals `v`; a user's own map that looks like a mark survives.
 */
import { Double, emptyMap, isList, isMap, isTime, type TimeValue, type Value } from './value.ts';

const marks: Record<string, (text: string) => Value> = {
  $double: (text) => new Double(Number(text)),
  $integer: (text) => BigInt(text),
  $instant: (text) => Temporal.Instant.from(text),
  $zoned: (text) => Temporal.ZonedDateTime.from(text),
  $datetime: (text) => Temporal.PlainDateTime.from(text),
  $date: (text) => Temporal.PlainDate.from(text),
  $time: (text) => Temporal.PlainTime.from(text),
  $duration: (text) => Temporal.Duration.from(text),
};

function timeMark(value: TimeValue): string {
  if (value instanceof Temporal.Instant) return '$instant';
  if (value instanceof Temporal.ZonedDateTime) return '$zoned';
  if (value instanceof Temporal.PlainDateTime) return '$datetime';
  if (value instanceof Temporal.PlainDate) return '$date';
  if (value instanceof Temporal.PlainTime) return '$time';
  return '$duration';
}

/** Tells whether JSON would lose or mistake something in `value`. */
function needsMarks(value: unknown): boolean {
  if (value === null || typeof value !== 'object') return typeof value === 'bigint';
  if (isList(value)) return value.some(needsMarks);
  // Maps are nearly all there is; their prototype says so before each other kind is asked for.
  if (!isMap(value) && (value instanceof Double || isTime(value))) return true;
  for (const key of Object.keys(value)) {
    if (key.charCodeAt(0) === 36 || needsMarks((value as Record<string, unknown>)[key]))
      return true;
  }
  return false;
}

function withMarks(value: Value): unknown {
  if (typeof value === 'bigint') return { $integer: value.toString() };
  if (value === null || typeof value !== 'object') return value;
  if (value instanceof Double) return { $double: String(value.value) };
  if (isTime(value)) return { [timeMark(value)]: value.toString() };
  if (isList(value)) return value.map(withMarks);
  const map = emptyMap() as Record<string, unknown>;
  for (const [key, entry] of Object.entries(value)) {
    map[key.startsWith('$') ? `$${key}` : key] = withMarks(entry);
  }
  return map;
}

function withoutMarks(value: unknown): Value {
  if (value === null || typeof value !== 'object') return value as Value;
  if (Array.isArray(value)) return value.map(withoutMarks);
  const map = emptyMap();
  for (const [key, entry] of Object.entries(value)) {
    const read = Object.hasOwn(marks, key) ? marks[key] : undefined;
    if (read !== undefined && typeof entry === 'string') return read(entry);
    map[key.startsWith('$$') ? key.slice(1) : key] = withoutMarks(entry);
  }
  return map;
}

/** Returns `value` as JSON text that `decodeValue` turns back into an equal value. */
export function encodeValue(value: Value): string {
  return JSON.stringify(needsMarks(value) ? withMarks(value) : value);
}

/** Returns the value that `encodeValue` wrote as `text`. */
export function decodeValue(text: string): Value {
  const parsed: unknown = JSON.parse(text);
  return text.includes('"$') ? withoutMarks(parsed) : (parsed as Value);
}

/** Makes of digits a value that `JSON.stringify` writes as they are; newer than the types of JSON here. */
const rawJson = (digits: string): object =>
  (JSON as unknown as { rawJSON(digits: string): object }).rawJSON(digits);

function isoText(value: TimeValue): string {
  if (!(value instanceof Temporal.ZonedDateTime)) return value.toString();
  // The name of a zone in brackets is no part of ISO 8601.
  const isUtc = value.offsetNanoseconds === 0;
  return isUtc ? value.toInstant().toString() : value.toString({ timeZoneName: 'never' });
}

/**
 * Returns `value` as JSON-ready data for people and other systems: dates as ISO text, numbers as numbers.
 * A whole number inside a list or map keeps all its digits when it is written, however large it is.
 */
export function toPlain(value: Value): unknown {
  if (typeof value === 'bigint') return Number(value);
  if (value === null || typeof value !== 'object') return value;
  if (value instanceof Double) return Number.isFinite(value.value) ? value.value : null;
  if (isTime(value)) return isoText(value);
  if (isList(value)) return value.map(partToPlain);
  const map: Record<string, unknown> = {};
  for (const [key, entry] of Object.entries(value)) {
    Object.defineProperty(map, key, {
      value: partToPlain(entry),
      enumerable: true,
      configurable: true,
      writable: true,
    });
  }
  return map;
}

function partToPlain(value: Value): unknown {
  return typeof value === 'bigint' ? rawJson(value.toString()) : toPlain(value);
}

/** Returns `value` as text for people and comparisons: text as it is, null as none, lists and maps as JSON. */
export function plainText(value: Value | undefined): string {
  if (typeof value === 'string') return value;
  if (value === null || value === undefined) return '';
  const plainly = partToPlain(value);
  return typeof plainly === 'string' ? plainly : JSON.stringify(plainly);
}
