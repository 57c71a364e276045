/** Tests of values forced to a type. */
import { expect, test } from 'vitest';
import type { Value } from '../../../core/value/index.ts';
import type { KeyValueType } from '../../../ports/key-values.ts';
import { typedValue } from './typed-value.ts';

test.each<[KeyValueType, Value, Value]>([
  ['STRING', 42, '42'],
  ['STRING', { a: 1 }, '{"a":1}'],
  ['NUMBER', '1.5', 1.5],
  ['BOOLEAN', 'TRUE', true],
  ['JSON', '{"a":[1]}', { a: [1] }],
  ['JSON', [1], [1]],
])('reads as %s the value %j', (type, value, expected) => {
  expect(typedValue(value, type)).toEqual(expected);
});

test.each<[KeyValueType, string]>([
  ['DATETIME', '2026-03-02T10:00:00Z'],
  ['DATE', '2026-03-02'],
  ['DURATION', 'PT5M'],
])('reads as %s the text %s', (type, text) => {
  const value = typedValue(text, type);
  expect(typeof value).toBe('object');
  expect(String(value as Temporal.Instant)).toBe(text);
});

test.each<[KeyValueType, Value]>([
  ['NUMBER', 'many'],
  ['NUMBER', ''],
  ['BOOLEAN', 'yes'],
  ['DATETIME', '2026-03-02'],
  ['JSON', '{'],
])('refuses as %s the value %j', (type, value) => {
  expect(() => typedValue(value, type)).toThrow(
    expect.objectContaining({ code: 'task.input-invalid' }) as Error,
  );
});
