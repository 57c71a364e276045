/**
 * JSON text to values of the language: `1` stays whole, `1.0` stays a decimal, integers beyond the
 * safe range stay exact, and maps have no prototype.
 */
import { double, emptyMap, type Value } from '../value/index.ts';

type Reviver = (key: string, value: unknown, context?: { readonly source?: string }) => unknown;

/** Returns the value that `text` spells, or undefined when it is not JSON. */
export function readJson(text: string): { readonly value: Value } | undefined {
  const revive: Reviver = (_key, value, context) => {
    if (typeof value === 'number') return readNumber(value, context?.source ?? String(value));
    if (value === null || typeof value !== 'object' || Array.isArray(value)) return value;
    const map = emptyMap();
    for (const [key, entry] of Object.entries(value)) map[key] = entry as Value;
    return map;
  };
  try {
    return { value: JSON.parse(text, revive as (key: string, value: unknown) => unknown) as Value };
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function readNumber(value: number, source: string): Value {
  if (!/^-?\d+$/.test(source)) return double(value);
  return Number.isSafeInteger(value) ? value : BigInt(source);
}
