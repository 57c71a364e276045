/** What a task type gives or takes, as a value of the language. */
import { emptyMap, isList, isMap, type Value } from '../../core/value/index.ts';

/** Returns `value`, which a task gave, as a value of the language: what is undefined is left out. */
export function asValue(value: unknown): Value {
  if (value === undefined || value === null) return null;
  if (isList(value)) return value.map(asValue);
  if (!isMap(value)) return value as Value;
  const map = emptyMap();
  for (const [key, one] of Object.entries(value)) if (one !== undefined) map[key] = asValue(one);
  return map;
}
