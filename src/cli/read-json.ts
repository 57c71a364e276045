/**
 * JSON as values of the language: `13.0` stays a decimal, whole numbers beyond the safe range stay
 * exact, and maps have no prototype.
 */
import { double, isList, integer, mapOf, type Value } from '../core/value/index.ts';
import { usageFailure } from './parse-arguments.ts';

type Reviver = (key: string, value: unknown, context: { readonly source?: string }) => unknown;

const wholeNumber = /^-?\d+$/;

const revive: Reviver = (_key, value, { source }) => {
  if (typeof value === 'number') {
    const text = source ?? String(value);
    if (!wholeNumber.test(text)) return double(value);
    const exact = BigInt(text);
    return BigInt.asIntN(64, exact) === exact ? integer(exact) : double(value);
  }
  if (value === null || typeof value !== 'object' || isList(value)) return value;
  return Object.getPrototypeOf(value) === Object.prototype
    ? mapOf(value as Record<string, Value>)
    : value;
};

/** Returns the value that the JSON `text` stands for; throws a `SyntaxError`. */
export function parseJson(text: string): Value {
  return JSON.parse(text, revive as Parameters<typeof JSON.parse>[1]) as Value;
}

/** Returns the value that the JSON `text` stands for; `what` names it when it is refused. */
export function readJson(text: string, what: string): Value {
  try {
    return parseJson(text);
  } catch (error) {
    const reason = error instanceof SyntaxError ? error.message : String(error);
    throw usageFailure(`${what} is no JSON: ${reason.replaceAll('\n', ' ')}`);
  }
}
