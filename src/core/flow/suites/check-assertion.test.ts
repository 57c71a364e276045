/** How values are compared with what a test expects. */
import { expect, test } from 'vitest';
import { double, mapOf, type Value } from '../../value/index.ts';
import { checkAssertion } from './check-assertion.ts';
import type { AssertionOperator } from './suite.ts';

const instant = Temporal.Instant.from('2026-01-02T00:00:00Z');

test.each<readonly [AssertionOperator, Value, Value, boolean]>([
  ['equalTo', 'a', 'a', true],
  ['equalTo', '200', 200, true],
  ['equalTo', 200, '200', true],
  ['equalTo', double(1.5), '1.5', true],
  ['equalTo', [1, 'a'], [1, 'a'], true],
  ['equalTo', mapOf({ a: 1 }), mapOf({ a: 1 }), true],
  ['equalTo', 'true', true, true],
  ['equalTo', null, '', false],
  ['equalTo', '', null, false],
  ['equalTo', null, null, true],
  ['notEqualTo', 1, 2, true],
  ['notEqualTo', null, 2, true],
  ['greaterThan', '10', 9, true],
  ['greaterThan', 9, '10', false],
  ['greaterThan', '99999999999999999999', '99999999999999999998', true],
  ['greaterThanOrEqualTo', 10, 10, true],
  ['lessThan', '2026-01-01', '2026-01-02', true],
  ['lessThan', instant, '2026-01-03T00:00:00Z', true],
  ['lessThanOrEqualTo', '1.5', 1.5, true],
  ['in', '2', [1, 2], true],
  ['in', 3, [1, 2], false],
  ['notIn', 3, [1, 2], true],
  ['notIn', null, [1], true],
  ['contains', 'abc', 'b', true],
  ['contains', 'a1', 1, true],
  ['contains', ['a', 2], '2', true],
  ['contains', ['ab'], 'a', false],
  ['contains', mapOf({ a: 1 }), 'a', true],
  ['contains', mapOf({ a: 1 }), 'toString', false],
  ['contains', null, 'a', false],
  ['startsWith', 'abc', 'ab', true],
  ['startsWith', null, '', false],
  ['endsWith', 'abc', 'bc', true],
  ['isNull', null, true, true],
  ['isNull', null, false, false],
  ['isNull', '', true, false],
  ['isNotNull', 0, true, true],
  ['isNotNull', 0, 'false', false],
])('%s of %j and %j is %s', (operator, actual, expected, holds) => {
  expect(checkAssertion(operator, actual, expected)).toEqual({ holds });
});

test.each<readonly [Value, Value, string]>([
  ['text', 1, 'the value `text` is no number or date'],
  [1, [1], 'the expectation `[1]` is no number or date'],
  [null, 1, 'the value `` is no number or date'],
  [true, 1, 'the value `true` is no number or date'],
  [1, '2026-01-01', 'a number cannot be compared with a date'],
  ['2026-01-01', '2026-01-01T00:00:00Z', 'a date with a zone cannot be compared with one without'],
])('%j and %j have no order', (actual, expected, trouble) => {
  expect(checkAssertion('lessThan', actual, expected)).toEqual({ trouble });
});
