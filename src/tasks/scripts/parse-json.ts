/** JSON text as a value of the language: what `JSON.parse` would blur (13.0 and 13, large numbers) stays apart. */
import { double, emptyMap, isMap, type Value } from '../../core/value/index.ts';

/** Returns the number written as `source`, so that `13.0` stays a decimal and large numbers stay exact. */
function numberFrom(parsed: number, source: string | undefined): Value {
  if (source === undefined) return parsed;
  if (/[.eE]/.test(source)) return double(parsed);
  return Number.isSafeInteger(parsed) ? parsed : BigInt(source);
}

/** Returns the value that the JSON text `text` holds; throws a `SyntaxError` when it is none. */
export function parseJson(text: string): Value {
  type Reviver = (this: unknown, key: string, value: unknown, at?: { source?: string }) => unknown;
  const revive: Reviver = (_key, value, at) => {
    if (typeof value === 'number') return numberFrom(value, at?.source);
    if (isMap(value)) return Object.assign(emptyMap(), value);
    return value;
  };
  return JSON.parse(text, revive as Parameters<typeof JSON.parse>[1]) as Value;
}
