/** Tests of files of records. */
import { expect, test } from 'vitest';
import { readRecords, writeRecords } from './read-records.ts';

function valuesOf(text: string): unknown {
  return JSON.parse(JSON.stringify(readRecords(text).map(({ value }) => value)));
}

test('reads one JSON value a line and passes over empty lines', () => {
  expect(valuesOf('{"a":1}\n\n[2]\n"x"\n')).toEqual([{ a: 1 }, [2], 'x']);
  expect(valuesOf('')).toEqual([]);
});

test.each([
  ['{a:1,b:"x"}', [{ a: 1, b: 'x' }]],
  ["{'a b':'c', list:[1, two, null.string],}", [{ 'a b': 'c', list: [1, 'two', null] }]],
  ['{a:1} {a:2}\n// end', [{ a: 1 }, { a: 2 }]],
  [
    '{at:2026-03-02T10:00:00.5+01:00, day:2026-03-02T}',
    [{ at: '2026-03-02T10:00:00.5+01:00', day: '2026-03-02T' }],
  ],
  [
    '{price:12d-1, many:1_000, rate:1.5e1, no:false}',
    [{ price: 1.2, many: 1000, rate: 15, no: false }],
  ],
  ["order::{a:'it\\'s'}", [{ a: "it's" }]],
  ["{a:'''long ''' '''text'''}", [{ a: 'long text' }]],
  ['{\n  "a": "\\u00e9\\x41",\n  "b": {}\n}', [{ a: 'éA', b: {} }]],
])('reads the wider notation %s', (text, expected) => {
  expect(valuesOf(text)).toEqual(expected);
});

test('reads a name that belongs to the language as a plain key', () => {
  const [record] = readRecords('{__proto__:1}');
  expect(Object.keys(record?.value as object)).toEqual(['__proto__']);
});

test.each(['{a:1', '{a}', '[1', '"open', '}', '{a:"\\UFFFFFFFF"}', '['.repeat(500)])(
  'refuses `%s`',
  (text) => {
    expect(() => readRecords(text)).toThrow(
      expect.objectContaining({ code: 'task.input-invalid' }) as Error,
    );
  },
);

test('writes records as they were read', () => {
  const text = '{"price":13.0,"id":12345678901234567890}\n{"a":1}\n';
  expect(writeRecords(readRecords(text))).toBe(text);
});
