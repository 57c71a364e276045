/**
 * JSON as it is exported, read strictly: text that would not be written the same again is refused, so
 * that no byte of it can change and mean the same.
 */
import { readUtf8 } from './read-text.ts';

/** A JSON object whose values are still to be looked at. */
export type JsonMap = Readonly<Record<string, unknown>>;

/** Returns the object that `bytes` are the one text of, with exactly `keys` in this order; else undefined. */
export function readJsonMap(bytes: Uint8Array, keys: readonly string[]): JsonMap | undefined {
  const text = readUtf8(bytes);
  if (text === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return JSON.stringify(value) === text ? asMap(value, keys) : undefined;
  } catch {
    return undefined;
  }
}

/** Returns `value` when it is an object with exactly `keys` in this order. */
export function asMap(value: unknown, keys: readonly string[]): JsonMap | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const found = Object.keys(value);
  const isSame = found.length === keys.length && found.every((key, at) => key === keys[at]);
  return isSame ? (value as JsonMap) : undefined;
}

/** Returns `value` when it is a list of text. */
export function asTexts(value: unknown): readonly string[] | undefined {
  return Array.isArray(value) && value.every((one) => typeof one === 'string') ? value : undefined;
}

/** Returns `value` when it is a whole number from 0 on. */
export function asWhole(value: unknown): number | undefined {
  return Number.isSafeInteger(value) && (value as number) >= 0 ? (value as number) : undefined;
}
