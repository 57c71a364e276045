/** Tests of second names and of the text of stored rows. */
import { expect, test } from 'vitest';
import { Double, mapOf } from '../../../core/value/index.ts';
import { jsonText, secondNames } from './query-rows.ts';

test.each([
  [['count_star()'], { count: 'count_star()' }],
  [['count(user_id)', 'sum(total)'], { count: 'count(user_id)', sum: 'sum(total)' }],
  [['count_star()', 'count(x)'], {}],
  [['count_star()', 'count'], {}],
  [['CAST(x AS INTEGER)', '(sum(x) + 1)', 'total'], {}],
  [['first(list(x))'], { first: 'first(list(x))' }],
])('labels %j have the second names %j', (labels, names) => {
  expect(Object.fromEntries(secondNames(labels))).toEqual(names);
});

test('text of a row keeps decimals, large numbers and times', () => {
  const row = mapOf({
    n: null,
    whole: 13,
    decimal: new Double(13),
    large: new Double(1e30),
    none: new Double(Number.NaN),
    big: 9007199254740993n,
    at: Temporal.ZonedDateTime.from('2026-03-02T10:00:00+01:00[Europe/Berlin]'),
    day: Temporal.PlainDate.from('2026-03-02'),
    list: [1, 'a "b"'],
  });
  expect(jsonText(row)).toBe(
    '{"n":null,"whole":13,"decimal":13.0,"large":1e+30,"none":null,"big":9007199254740993,"at":"2026-03-02T10:00:00+01:00","day":"2026-03-02","list":[1,"a \\"b\\""]}',
  );
});
