/** JSON given on the command line keeps what the language tells apart. */
import { expect, test } from 'vitest';
import { Double, encodeValue, isMap, type Value } from '../core/value/index.ts';
import { readJson } from './read-json.ts';

test('keeps decimals without a fraction and whole numbers beyond the safe range', () => {
  const value = readJson('{"a":13.0,"b":13,"c":9007199254740993,"d":1e3,"e":[2.5]}', 'x');
  const { a, b, c, d, e } = value as Record<string, Value>;
  expect(a).toEqual(new Double(13));
  expect(b).toBe(13);
  expect(c).toBe(9007199254740993n);
  expect(d).toEqual(new Double(1000));
  expect(e).toEqual([2.5]);
});

test('keeps a key named like a prototype as a key', () => {
  const value = readJson('{"__proto__":{"x":1}}', 'x');
  expect(isMap(value) && Object.hasOwn(value, '__proto__')).toBe(true);
  expect(isMap(value) && value['x']).toBe(undefined);
  expect(encodeValue(value)).toBe('{"__proto__":{"x":1}}');
});

test('says what is no JSON', () => {
  expect(() => readJson('{', '`--inputs a.json`')).toThrow(/^`--inputs a.json` is no JSON: /);
});
