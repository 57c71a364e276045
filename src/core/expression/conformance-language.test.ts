/**
 * The expression language point by point, for the compatibility page: literals, access, operators,
 * tests and tags (language facts, section 10). Each test cites the row of the page that it proves.
 */
import { describe, expect, it } from 'vitest';
import { errorIn, textOf, valueFromJson } from './testing.ts';

const values = {
  list: [1, 2, 3],
  map: valueFromJson({ a: 1, b: null, 'my-key': 'dash', 7: 'seven' }),
  text: 'abc',
  nothing: null,
};

type Case = readonly [template: string, text: string];

/** Proves the row named in brackets in `title`: templates that give a text, and those that are errors. */
function proves(title: string, cases: readonly Case[], wrong: readonly string[] = []) {
  describe(title, () => {
    it.each(cases)('%s gives %j', (template, text) => {
      expect(textOf(template, values)).toBe(text);
    });
    if (wrong.length > 0)
      it.each(wrong)('%s is an error', (template) => {
        expect(errorIn(template, values).message).not.toBe('');
      });
  });
}

proves('[expr.delimiters] three delimiters, a dash trims', [
  ['a {{- 1 -}} b', 'a1b'],
  ['a{# no #}b{%- if true -%} c {%- endif -%} d', 'abcd'],
  ['x\n{{ 1 }}\ny\n', 'x\n1\ny\n'],
]);

proves(
  '[expr.literals] texts with and without interpolation, numbers, lists, maps',
  [
    ['{{ "sum #{1 + 1}" }}', 'sum 2'],
    ["{{ 'sum #{1 + 1}' }}", 'sum #{1 + 1}'],
    ["{{ 'a\\nb' }}", 'a\\nb'],
    ["{{ 'it\\'s' }}", "it's"],
    ['{{ 9223372036854775807 }} {{ 1.5 }} {{ 13.0 }}', '9223372036854775807 1.5 13.0'],
    ['{{ true }}{{ none }}{{ null }}', 'true'],
    ["{{ [1, 'a'] }}{{ {'k': 1, text: 2} }}", '[1,"a"]{"k":1,"abc":2}'],
  ],
  ['{{ [1,] }}', '{{ [1,,2] }}', "{{ {'a': 1,} }}", "{{ {'a': 1}['a'] }}", "{{ 'open }}"],
);

proves(
  '[expr.access] dots, subscripts and indexes',
  [
    ["{{ map.a }}{{ map['my-key'] }}{{ map ['a'] }}{{ list[0 + 1] }}", '1dash12'],
    ['{{ map[7] }}', 'seven'],
  ],
  ['{{ list[9] }}', '{{ map.none }}', '{{ map.b.c }}'],
);

proves('[expr.methods] safe methods of texts, lists and maps', [
  ['{{ list.size }}{{ text.length() }}{{ list.size() }}', '333'],
  ["{{ text.contains('b') }}{{ text.equals('x') }}{{ 'a,b'.split(',') }}", 'truefalse["a","b"]'],
  ['{{ text.toUpperCase() }}', 'ABC'],
]);

proves('[expr.precedence] the weakest first, all from the left', [
  ["{{ 'a' ~ 'b' | upper }}", 'AB'],
  ["{{ x ?? 'a' ~ 'b' }}", 'ab'],
  ["{{ x ?? 'a' | upper }}", 'A'],
  ['{{ 1 + 2 is odd }}', 'true'],
  ['{{ -5 | abs }}', '5'],
  ['{{ true or false and false }}', 'true'],
  ["{{ false ? 'a' : true ? 'b' : 'c' }}", 'b'],
]);

proves(
  '[expr.plus] adds, joins and appends; minus removes',
  [
    ["{{ 1 + 2 }} {{ 1 + '2' }} {{ 'a' + 1 }}", '3 12 a1'],
    ['{{ list + 4 }}{{ list + [4] }}{{ list - 2 }}{{ list }}', '[1,2,3,4][1,2,3,4][1,3][1,2,3]'],
  ],
  ['{{ map + 1 }}', '{{ 1 + list }}'],
);

proves('[expr.arithmetic] 64-bit integers, doubles, texts of numbers', [
  ["{{ 7 / 2 }} {{ -7 % 3 }} {{ 20 * 2.5 }} {{ '6' * '7' }}", '3 -1 50.0 42'],
]);

proves(
  '[expr.comparison] by value, never number with text; null is below nothing',
  [
    ["{{ 1 == 1.0 }}{{ 1 == '1' }}{{ nothing < 1 }}{{ nothing > 1 }}", 'truefalsefalsefalse'],
    ['{{ 2 >= 2 }}{{ 1 != 2 }}', 'truetrue'],
  ],
  ["{{ 'a' < 'b' }}"],
);

proves('[expr.contains] lists, keys, texts; null contains nothing', [
  ['{{ list contains 2 }}{{ list contains [1, 3] }}{{ list contains [1, 9] }}', 'truetruefalse'],
  ["{{ map contains 'a' }}{{ text contains 'bc' }}{{ nothing contains 1 }}", 'truetruefalse'],
  ['{{ 2 in list }}{{ 9 not in list }}', 'truetrue'],
]);

proves(
  '[expr.logic] booleans, numbers and texts; the right side only where it decides',
  [
    ["{{ true and 'x' }}{{ 0 or '' }}{{ not 'x' }}", 'truefalsefalse'],
    ['{{ true or none.at.all }}{{ false and none.at.all }}', 'truefalse'],
  ],
  ['{{ not list }}', '{% if nothing %}x{% endif %}', '{% if map %}x{% endif %}'],
);

proves('[expr.coalesce] `??` for null and undefined, `???` for undefined', [
  [
    "{{ a.b.c ?? 'd' }}{{ nothing ?? 'd' }}{{ '' ?? 'd' }}{{ false ?? 'd' }}{{ [] ?? 'd' }}",
    'ddfalse[]',
  ],
  ["{{ a.b.c ??? 'd' }}{{ nothing ??? 'd' }}", 'd'],
]);

proves('[expr.concatenation] `~` joins as text, null as nothing, ranges with dots', [
  ["{{ 1 ~ nothing ~ 'a' }}{{ 1..3 }}{{ 'a'..'c' }}", '1a[1,2,3]["a","b","c"]'],
]);

proves(
  '[expr.tests] empty, even, odd, iterable, map, null, defined, json',
  [
    ["{{ '  ' is empty }}{{ [] is empty }}{{ 0 is empty }}", 'truetruefalse'],
    [
      '{{ 2 is even }}{{ 2 is odd }}{{ list is iterable }}{{ map is iterable }}',
      'truefalsetruefalse',
    ],
    ['{{ map is map }}{{ nothing is null }}{{ nothing is defined }}', 'truetruefalse'],
    ["{{ '1' is json }}{{ '{' is json }}{{ x is not defined }}", 'truefalsetrue'],
  ],
  ['{{ nothing is even }}', '{{ map is json }}'],
);

proves(
  '[expr.if-and-for] branches, loops with `loop`, maps as entries, `else` of an empty list',
  [
    ['{% if 1 > 2 %}a{% elseif true %}b{% else %}c{% endif %}', 'b'],
    [
      '{% for x in list %}{{ loop.index }}{{ x }}{{ loop.last }} {% endfor %}',
      '01false 12false 23true ',
    ],
    [
      '{% for x in list %}{{ loop.length }}{{ loop.revindex }}{{ loop.first }} {% endfor %}',
      '32true 31false 30false ',
    ],
    ["{% for e in {'k': 1} %}{{ e.key }}={{ e.value }}{% endfor %}", 'k=1'],
    ['{% for x in [] %}a{% else %}none{% endfor %}{% for x in nothing %}a{% endfor %}', 'none'],
    ['{% for i in 1..2 %}{{ i }}{% endfor %}', '12'],
  ],
  ['{% for x in text %}{% endfor %}'],
);

proves('[expr.set-and-macro] `set` writes outwards, a macro sees only its arguments', [
  ['{% set a = 1 %}{% for x in list %}{% set a = x %}{% endfor %}{{ a }}', '3'],
  [
    "{% macro tell(who, what='hi') %}{{ what }} {{ who }}{{ text ?? '' }}{% endmacro %}{{ tell('ada') }} {{ tell('bo', what='yo') }}",
    'hi ada yo bo',
  ],
  ["{% macro show(x) %}{{ x }}{% endmacro %}{{ show({'k': 1}) }}", '{k=1}'],
]);

proves('[expr.other-tags] `block`, `filter`, `verbatim`, `raw`', [
  ["{% block b %}x{% endblock %}{{ block('b') }}", 'xx'],
  ['{% filter upper %}abc{% endfilter %}', 'ABC'],
  ['{% verbatim %}{{ x }}{% endverbatim %}', '{{ x }}'],
  ['{% raw %}{{ x }}{% endraw %}{{ 1 }}', '{{ x }}1'],
]);

describe('[expr.removed-tags] tags that other dialects have are errors', () => {
  it.each([
    'autoescape',
    'extends',
    'embed',
    'flush',
    'import',
    'include',
    'parallel',
    'cache',
    'from',
  ])('[expr.removed-tags] %s', (tag) => {
    expect(errorIn(`{% ${tag} 'x' %}`).message).not.toBe('');
  });
});
