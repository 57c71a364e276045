/** Values of pairs, forced to a type. */
import { Failure } from '../../../core/failure/index.ts';
import { toPlain, type Value } from '../../../core/value/index.ts';
import type { KeyValueType } from '../../../ports/key-values.ts';

function asText(value: Value): string {
  const plainly = toPlain(value);
  return typeof plainly === 'string' ? plainly : JSON.stringify(plainly);
}

const readers: Record<KeyValueType, (value: Value) => Value> = {
  STRING: asText,
  NUMBER: (value) => {
    if (typeof value === 'number' || typeof value === 'bigint') return value;
    const text = asText(value).trim();
    const number = text === '' ? Number.NaN : Number(text);
    if (!Number.isFinite(number)) throw new Error('no number');
    return number;
  },
  BOOLEAN: (value) => {
    const text = asText(value).toLowerCase();
    if (text !== 'true' && text !== 'false') throw new Error('neither true nor false');
    return text === 'true';
  },
  DATETIME: (value) => Temporal.Instant.from(asText(value)),
  DATE: (value) => Temporal.PlainDate.from(asText(value)),
  DURATION: (value) => Temporal.Duration.from(asText(value)),
  JSON: (value) => (typeof value === 'string' ? (JSON.parse(value) as Value) : value),
};

/** Returns `value` as a value of `type`; throws `task.input-invalid` when it cannot be one. */
export function typedValue(value: Value, type: KeyValueType): Value {
  try {
    return readers[type](value);
  } catch (cause) {
    throw new Failure('task.input-invalid', `the value cannot be read as ${type}`, { cause });
  }
}
