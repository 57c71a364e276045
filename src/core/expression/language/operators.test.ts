/** The operators of the language: precedence, arithmetic, comparison, joining (language facts, section 10). */
import { describe, expect, it } from 'vitest';
import { Double } from '../../value/index.ts';
import { valueFromJson, errorIn, textOf, valueOf } from '../testing.ts';

const values = {
  five: 5,
  list: [1, 2, 3],
  map: valueFromJson({ a: 1, b: null }),
  text: 'abc',
  nothing: null,
  zero: 0,
  day: Temporal.PlainDate.from('2024-01-31'),
  huge: 9_223_372_036_854_775_807n,
} as const;

const results: readonly (readonly [template: string, text: string])[] = [
  // Precedence, weakest first (section 10, operators).
  ["{{ 'a' ~ 'b' | upper }}", 'AB'],
  ["{{ x ?? 'a' ~ 'b' }}", 'ab'],
  ["{{ x ?? 'a' | upper }}", 'A'],
  ["{{ text ?? 'a' | upper }}", 'ABC'],
  ['{{ 1 + 2 is odd }}', 'true'],
  ['{{ -5 | abs }}', '5'],
  ['{{ 1 + 2 * 3 }}', '7'],
  ['{{ (1 + 2) * 3 }}', '9'],
  ['{{ 10 - 2 - 3 }}', '5'],
  ['{{ 2 * 3 % 4 }}', '2'],
  ['{{ true or false and false }}', 'true'],
  ['{{ not false == true }}', 'true'],
  ["{{ 1 < 2 and 'a' == 'a' }}", 'true'],
  ['{{ 1 == 1 or undefinedName }}', 'true'],
  ['{{ false and undefinedName }}', 'false'],
  ["{{ false ? 'a' : true ? 'b' : 'c' }}", 'b'],
  ["{{ 1 == 1 ? 'yes' : 'no' }}", 'yes'],
  ["{{ true ? 'a' ~ 'b' : 'c' }}", 'ab'],
  ['{{ 1..3 | length }}', '3'],
  ["{{ 'a' ~ 1 .. 2 }}", 'a[1, 2]'],
  ["{{ 'a'..'c' | join }}", 'abc'],
  ['{{ 3..1 | join }}', '321'],
  // Arithmetic (section 10).
  ['{{ 20 * 2.5 }}', '50.0'],
  ['{{ 7 / 2 }}', '3'],
  ['{{ -7 / 2 }}', '-3'],
  ['{{ -7 % 3 }}', '-1'],
  ['{{ 7.0 / 2 }}', '3.5'],
  ['{{ 1 + 1.0 }}', '2.0'],
  ['{{ huge + 1 }}', '-9223372036854775808'],
  ['{{ 9007199254740992 + 1 }}', '9007199254740993'],
  ['{{ 3037000500 * 3037000500 }}', '-9223372036709301616'],
  ["{{ '6' * '7' }}", '42'],
  ["{{ '1.5' * 2 }}", '3.0'],
  ["{{ 1 + '2' }}", '12'],
  ["{{ 'a' + 1 }}", 'a1'],
  ['{{ list + 4 }}', '[1,2,3,4]'],
  ['{{ list + [4, 5] }}', '[1,2,3,4,5]'],
  ['{{ list - 2 }}', '[1,3]'],
  ['{{ list - [1, 3] }}', '[2]'],
  ['{{ +five }}{{ -five }}', '5-5'],
  ['{{ 1.0 / 0 }}', 'Infinity'],
  // Comparison (section 10).
  ['{{ 1 == 1.0 }}', 'true'],
  ["{{ 1 == '1' }}", 'false'],
  ["{{ 1 equals 1 }}{{ 'a' equals 'b' }}", 'truefalse'],
  ['{{ nothing < 1 }}{{ nothing >= 1 }}{{ 1 > nothing }}', 'falsefalsefalse'],
  ['{{ nothing == null }}{{ nothing != none }}', 'truefalse'],
  ['{{ 2 >= 2.0 }}{{ 2 <= 1 }}', 'truefalse'],
  ['{{ [1, 2] == [1.0, 2] }}', 'true'],
  ["{{ {'a': 1} == {'a': 1} }}", 'true'],
  // Membership (section 10).
  ['{{ list contains 2 }}{{ list contains [1, 3] }}{{ list contains [1, 4] }}', 'truetruefalse'],
  ["{{ map contains 'a' }}{{ map contains 'z' }}", 'truefalse'],
  ["{{ text contains 'bc' }}", 'true'],
  ['{{ nothing contains 1 }}', 'false'],
  ['{{ 2 in list }}{{ 9 in list }}{{ 9 not in list }}{{ 2 isIn list }}', 'truefalsetruetrue'],
  // Absence (section 10).
  ["{{ missing.deep.er ?? 'd' }}", 'd'],
  ["{{ nothing ?? 'd' }}", 'd'],
  ["{{ '' ?? 'd' }}", ''],
  ['{{ [] ?? 1 }}{{ false ?? 1 }}', '[]false'],
  ["{{ missing ??? 'd' }}", 'd'],
  ["{{ nothing ??? 'd' }}", ''],
  ["{{ missing ?? nothing ?? 'd' }}", 'd'],
  ["{{ (missing | upper) ?? 'd' }}", 'd'],
  // Joining (sections 9.5 and 10).
  ["{{ 'x' ~ nothing ~ 1 ~ true ~ 1.0 }}", 'x1true1.0'],
  ["{{ '' ~ map }}", '{a=1, b=null}'],
  ["{{ '' ~ list }}", '[1, 2, 3]'],
  ["{{ 'm: ' + map }}", 'm: {a=1, b=null}'],
];

describe('operators', () => {
  it.each(results)('%s gives %s', (template, text) => {
    expect(textOf(template, values)).toBe(text);
  });

  const wrong: readonly (readonly [template: string, message: string])[] = [
    ["{{ 'a' < 'b' }}", '`<` cannot compare text with text'],
    ['{{ map + 1 }}', '`+` cannot join a map and a number'],
    ['{{ 1 + list }}', '`+` cannot join a number and a list'],
    ["{{ 'a' * 2 }}", '`*` cannot be used with text'],
    ['{{ 1 / 0 }}', 'division by zero'],
    ['{{ 1 % 0 }}', 'division by zero'],
    ['{{ 1 contains 1 }}', 'a number cannot contain anything'],
    ['{{ not nothing }}', 'null is neither true nor false'],
    ['{{ list and true }}', 'a list is neither true nor false'],
    ["{{ map ? 'a' : 'b' }}", 'a map is neither true nor false'],
    ['{{ -text }}', '`-` cannot be used with text'],
  ];

  it.each(wrong)('%s is an error: %s', (template, message) => {
    expect(errorIn(template, values)).toMatchObject({ message });
  });

  it('keeps the operands of `+` and `-` unchanged (section 10)', () => {
    const list = [1, 2];
    expect(valueOf('{{ list + 3 }}', { list })).toEqual([1, 2, 3]);
    expect(valueOf('{{ list - 1 }}', { list })).toEqual([2]);
    expect(list).toEqual([1, 2]);
  });

  it('gives decimals without fraction as such', () => {
    expect(valueOf('{{ 6.5 * 2 }}')).toEqual(new Double(13));
    expect(valueOf('{{ 6 * 2 }}')).toBe(12);
  });
});
