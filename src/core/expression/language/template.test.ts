/** Text, literals, access, tags, white space, comments (language facts, sections 9, 9.5 and 10). */
import { describe, expect, it } from 'vitest';
import { Double, emptyMap, plainMarks, type Value } from '../../value/index.ts';
import { renderTemplate } from '../evaluate.ts';
import { contextOf, valueFromJson, errorIn, hostFunction, textOf, valueOf } from '../testing.ts';
import { plainText } from '../values/value-text.ts';

const values = {
  inputs: valueFromJson({ name: 'Ann', 'a b': 'c', n: 5, none: null }),
  list: [1, 2, 3],
  nested: valueFromJson({ 'my-task': { value: 7 }, '1': 'one', deep: [{ x: [10, 20] }] }),
  map: valueFromJson({ a: 1, b: null, c: [null, { d: null, e: 2 }] }),
  text: 'abc',
  vars: valueFromJson({ once: 'Hi {{ inputs.name }}', twice: '{{ vars.once }}' }),
} as const;

describe('text and literals', () => {
  const cases: readonly (readonly [template: string, text: string])[] = [
    ['plain text', 'plain text'],
    ['a { b } }} %} #} { { c', 'a { b } }} %} #} { { c'],
    ["{{ 'a\\nb' }}", 'a\\nb'],
    ["{{ 'it\\'s' }}", "it's"],
    ['{{ "say \\"hi\\"" }}', 'say "hi"'],
    ['{{ "it\'s" }}', "it's"],
    ['{{ "n: #{inputs.n + 1}!" }}', 'n: 6!'],
    ['{{ "#{inputs.name}#{"x" ~ \'y\'}" }}', 'Annxy'],
    ["{{ '#{inputs.n}' }}", '#{inputs.n}'],
    ['{{ true }} {{ null }} {{ none }} {{ 1.5 }} {{ 12 }}', 'true   1.5 12'],
    ["{{ [1, 'a', [true]] }}", '[1,"a",[true]]'],
    ["{{ {'k': 1, inputs.name: 2} }}", '{"k":1,"Ann":2}'],
    ['{{ [] }}{{ {} }}', '[]{}'],
    ["{{ {'a': {'b': {}}} }}", '{"a":{"b":{}}}'],
    ['{{ größe ?? 1 }}', '1'],
    // Line ends after a tag are kept (section 9.6), `-` trims (section 10).
    ['a\n{{ 1 }}\nb', 'a\n1\nb'],
    ['{% if true %}\nx\n{% endif %}\n', '\nx\n\n'],
    ['a \n {{- 1 -}} \n b', 'a1b'],
    ['a  {%- if true -%}  b  {%- endif -%}  c', 'abc'],
    ['a {# note {{ x }} #} b', 'a  b'],
    ['a {#- note -#} b', 'ab'],
    ['{# a #}{# b #}', ''],
    // `raw` by its pattern, on one line; `verbatim` over several (sections 9.3 and 10).
    ['{% raw %}{{ x }} {% y %}{% endraw %}', '{{ x }} {% y %}'],
    ['{%- raw -%} a {%- endraw -%}', ' a '],
    ["{{ '{% raw %}a{% endraw %}' }}", 'a'],
    ['{% verbatim %}{{ x }}\n{% if %}{% endverbatim %}', '{{ x }}\n{% if %}'],
  ];

  it.each(cases)('%j renders %j', (template, text) => {
    expect(textOf(template, values)).toBe(text);
  });

  it('returns text without `{` as it is (section 9.1)', () => {
    expect(renderTemplate('a }} b', contextOf())).toMatchObject({
      outcome: 'value',
      value: 'a }} b',
    });
  });
});

describe('access', () => {
  const cases: readonly (readonly [template: string, text: string])[] = [
    ['{{ inputs.name }}', 'Ann'],
    ["{{ inputs['a b'] }}", 'c'],
    ["{{ nested['my-task'].value }}", '7'],
    ["{{ nested ['my-task'] .value }}", '7'],
    ['{{ nested[1] }}', 'one'],
    ["{{ nested['1'] }}", 'one'],
    ['{{ nested.deep[0].x[1] }}', '20'],
    ['{{ nested.deep.0.x.1 }}', '20'],
    ['{{ list[1] }}{{ list[0 + 2] }}', '23'],
    ['{{ inputs.none }}', ''],
    ['{{ list.size }} {{ text.length }} {{ list.size() }} {{ text.length() }}', '3 3 3 3'],
    [
      "{{ text.contains('b') }} {{ text.equals('abc') }} {{ 'a,b'.split(',') }}",
      'true true ["a","b"]',
    ],
    ["{{ text.toUpperCase() }} {{ 'AB'.toLowerCase() }} {{ ' x '.trim() }}", 'ABC ab x'],
    [
      "{{ text.isEmpty() }} {{ list.isEmpty() }} {{ text.startsWith('a') }} {{ text.endsWith('a') }}",
      'false false true false',
    ],
    [
      "{{ list.get(1) }} {{ map.get('a') }} {{ map.get('zz') }} {{ map.keySet() }} {{ list.contains(2) }}",
      '2 1  ["a","b","c"] true',
    ],
    [
      "{{ text.indexOf('c') }} {{ text.replace('b', 'x') }} {{ text.substring(1) }} {{ text.substring(0, 2) }}",
      '2 axc bc ab',
    ],
  ];

  it.each(cases)('%s gives %s', (template, text) => {
    expect(textOf(template, values)).toBe(text);
  });

  it('names what is missing, with line and column (section 9.4)', () => {
    expect(errorIn('line 1\n{{ inputs.nam }}', values)).toEqual({
      code: 'expression.name-unknown',
      message: 'unable to find `nam` used in the expression `{{ inputs.nam }}` at line 2',
      help: expect.stringContaining('check the spelling of `nam`') as string,
      position: { line: 2, column: 11 },
      name: 'nam',
    });
    expect(errorIn('{{ other.name }}', values)).toMatchObject({ name: 'other' });
    expect(errorIn('{{ nested.deep[5] }}', values)).toMatchObject({ name: '5' });
    expect(errorIn('{{ list[-1] }}', values)).toMatchObject({ name: '-1' });
  });

  it('says that the value before is null (section 9.4)', () => {
    const error = errorIn('{{ inputs.none.more }}', values);
    expect(error).toMatchObject({ name: 'more', code: 'expression.name-unknown' });
    expect(error.help).toContain('is null');
  });

  it('treats names of JavaScript as ordinary missing names', () => {
    for (const name of ['constructor', '__proto__', 'prototype', 'toString', 'hasOwnProperty']) {
      for (const of of ['inputs', 'list', 'text', 'map', 'inputs.n']) {
        expect(errorIn(`{{ ${of}.${name} }}`, values).code).toBe('expression.name-unknown');
        expect(errorIn(`{{ ${of}['${name}'] }}`, values).code).toBe('expression.name-unknown');
      }
      expect(errorIn(`{{ ${name} }}`, values).code).toBe('expression.name-unknown');
    }
    expect(errorIn('{{ text.constructor() }}', values).code).toBe('expression.function-unknown');
    expect(errorIn('{{ map.getClass() }}', values).code).toBe('expression.function-unknown');
  });

  it('keeps a key `__proto__` of a user as an ordinary key', () => {
    expect(textOf("{% set m = {'__proto__': 1} %}{{ m.__proto__ }}{{ m.a ?? 2 }}")).toBe('12');
    const map = emptyMap();
    map['__proto__'] = 1;
    expect(textOf('{{ m.__proto__ }}', { m: map })).toBe('1');
  });
});

describe('tests', () => {
  const cases: readonly (readonly [template: string, text: string])[] = [
    [
      '{{ null is empty }}{{ "  " is empty }}{{ [] is empty }}{{ {} is empty }}{{ 0 is empty }}',
      'truetruetruetruefalse',
    ],
    ['{{ 2 is even }}{{ 2 is odd }}{{ 3 is not even }}', 'truefalsetrue'],
    ['{{ list is iterable }}{{ map is iterable }}{{ null is iterable }}', 'truefalsefalse'],
    ['{{ map is map }}{{ list is map }}', 'truefalse'],
    ['{{ inputs.none is null }}{{ inputs.n is null }}', 'truefalse'],
    [
      '{{ inputs.none is defined }}{{ inputs.n is defined }}{{ inputs.zz is defined }}{{ a.b.c is not defined }}',
      'falsetruefalsetrue',
    ],
    [
      "{{ '1' is json }}{{ 'true' is json }}{{ '{' is json }}{{ '[1]' is json }}",
      'truetruefalsetrue',
    ],
  ];

  it.each(cases)('%s gives %s', (template, text) => {
    expect(textOf(template, values)).toBe(text);
  });

  it('refuses null for `even` and a map for `json` (section 10)', () => {
    expect(errorIn('{{ null is even }}').code).toBe('expression.type-wrong');
    expect(errorIn('{{ map is json }}', values).code).toBe('expression.type-wrong');
  });

  it('proposes the test that was meant', () => {
    expect(errorIn('{{ 1 is evn }}')).toMatchObject({
      code: 'expression.test-unknown',
      name: 'evn',
      help: 'did you mean `even`?',
    });
  });
});

describe('tags', () => {
  const cases: readonly (readonly [template: string, text: string])[] = [
    ['{% if inputs.n > 9 %}a{% elseif inputs.n > 4 %}b{% else %}c{% endif %}', 'b'],
    ['{% if 0 %}a{% endif %}{% if "" %}b{% endif %}{% if "x" %}c{% endif %}', 'c'],
    [
      '{% for x in list %}{{ loop.index }}{{ loop.first }}{{ loop.last }}{{ loop.length }}{{ loop.revindex }};{% endfor %}',
      '0truefalse32;1falsefalse31;2falsetrue30;',
    ],
    ['{% for e in map %}{{ e.key }}={{ e.value }};{% endfor %}', 'a=1;b=;c=[null,{"e":2}];'],
    ['{% for x in [] %}a{% else %}none{% endfor %}', 'none'],
    ['{% for x in null %}a{% else %}none{% endfor %}', 'none'],
    ['{% for x in 1..3 %}{{ x }}{% endfor %}', '123'],
    ['{% set a = 1 %}{% set a = a + 1 %}{{ a }}', '2'],
    // Inside a loop an outer variable is written if there is one, else it is local (section 10).
    ['{% set s = 0 %}{% for x in list %}{% set s = s + x %}{% endfor %}{{ s }}', '6'],
    ['{% for x in list %}{% set t = x %}{% endfor %}{{ t ?? "local" }}', 'local'],
    ['{% if true %}{% set u = 1 %}{% endif %}{{ u }}', '1'],
    [
      "{% macro m(a, b='z') %}[{{ a }}{{ b }}]{% endmacro %}{{ m(1) }}{{ m(1, 2) }}{{ m(b=3, a=4) }}",
      '[1z][12][43]',
    ],
    ['{{ late() }}{% macro late() %}x{% endmacro %}', 'x'],
    // A macro prints maps and lists in the plain form (sections 9.5 and 14.20).
    [
      '{% macro m(v) %}{{ v }}{% endmacro %}{{ m(map) }} {{ m(list) }}',
      '{a=1, b=null, c=[null, {d=null, e=2}]} [1, 2, 3]',
    ],
    ['{% filter upper %}a {{ map }}{% endfilter %}', 'A {A=1, B=NULL, C=[NULL, {D=NULL, E=2}]}'],
    ['{% filter upper | trim %} a{{ list }} {% endfilter %}', 'A[1, 2, 3]'],
    ['{% block b %}x{{ inputs.n }}{% endblock %}-{{ block("b") }}', 'x5-x5'],
    [
      '{% for x in list %}{% for y in list %}{{ loop.index }}{% endfor %}{{ loop.index }};{% endfor %}',
      '0120;0121;0122;',
    ],
  ];

  it.each(cases)('%s gives %s', (template, text) => {
    expect(textOf(template, values)).toBe(text);
  });

  it('keeps a macro from everything but its arguments (section 10)', () => {
    const template = '{% set a = 1 %}{% macro m() %}{{ a }}{% endmacro %}{{ m() }}';
    expect(errorIn(template, values)).toMatchObject({ name: 'a' });
    expect(errorIn('{% macro m() %}{{ inputs.n }}{% endmacro %}{{ m() }}', values)).toMatchObject({
      name: 'inputs',
    });
  });

  it('refuses to run over text', () => {
    expect(errorIn("{% for x in 'abc' %}{% endfor %}").code).toBe('expression.type-wrong');
  });

  const wrong: readonly (readonly [template: string, message: string])[] = [
    ['{{ 1', '`{{` is not closed'],
    ['{{ "a }}', 'a text is not closed'],
    ['{% if true %}', '`if` is not closed'],
    ['{% endif %}', '`endif` stands without `if`'],
    ['{% else %}', '`else` stands without `if`'],
    ['{# a', '`{#` is not closed'],
    ['{{ [1,] }}', 'an expression is expected where `]` stands'],
    ['{{ [1,,2] }}', 'an expression is expected where `,` stands'],
    ["{{ {'a': 1}['a'] }}", 'a map that is written out cannot be read from directly'],
    ['{{ a b }}', 'the end is expected where `b` stands'],
    ['{{ }}', 'an expression is expected where the end stands'],
    ['{{ 99999999999999999999 }}', '`99999999999999999999` is too large for a whole number'],
    ['{{ a # b }}', 'unexpected character `#`'],
    ['{{ (1] }}', 'unexpected `]`'],
    ['{% raw %}\nx{% endraw %}', '`raw` is not closed on its line'],
    ['{% include "x" %}', 'the tag `include` is not part of the language'],
    ['{% autoescape %}', 'the tag `autoescape` is not part of the language'],
    ['{% fro x in y %}', 'the tag `fro` is unknown'],
    ['{% set true = 1 %}', '`true` cannot be the name of a variable'],
  ];

  it.each(wrong)('%s is refused: %s', (template, message) => {
    expect(errorIn(template, values)).toMatchObject({ code: 'expression.syntax-wrong', message });
  });

  it('says what to use instead of removed filters, and proposes known ones', () => {
    expect(errorIn("{{ 'a' | escape }}")).toMatchObject({
      code: 'expression.filter-unknown',
      message: 'the filter `escape` is not part of the language',
    });
    expect(errorIn("{{ 'a' | uper }}").help).toBe('did you mean `upper`?');
    expect(errorIn('{{ fromjson("1") }}').help).toBe('did you mean `fromJson`?');
  });

  it('says which arguments there are', () => {
    expect(errorIn("{{ 'a' | upper(1) }}").code).toBe('expression.argument-wrong');
    expect(errorIn("{{ 'a' | abbreviate }}").message).toContain('needs the argument `length`');
    expect(errorIn("{{ 'a' | abbreviate(lenght=3) }}").help).toBe('did you mean `length`?');
    expect(errorIn("{{ 'a' | abbreviate(3, length=3) }}").message).toContain('twice');
  });
});

describe('printing', () => {
  const printed: readonly (readonly [value: Value, text: string])[] = [
    [new Double(13), '13.0'],
    [42.42, '42.42'],
    [new Double(1e8), '1.0E8'],
    [0.000_01, '1.0E-5'],
    [0.001, '0.001'],
    [new Double(9_999_999), '9999999.0'],
    [new Double(10_000_000), '1.0E7'],
    [1.234e-7, '1.234E-7'],
    [new Double(-0), '-0.0'],
    [new Double(Number.NaN), 'NaN'],
    [9_007_199_254_740_993n, '9007199254740993'],
    [true, 'true'],
    [Temporal.ZonedDateTime.from('2013-09-08T16:19:00+02:00[+02:00]'), '2013-09-08T16:19+02:00'],
    [
      Temporal.ZonedDateTime.from('2013-09-08T16:19:05.12+02:00[Europe/Paris]'),
      '2013-09-08T16:19:05.120+02:00[Europe/Paris]',
    ],
    [Temporal.Instant.from('2024-01-31T12:00:00Z'), '2024-01-31T12:00:00Z'],
    [Temporal.PlainDateTime.from('2024-01-31T12:00:00'), '2024-01-31T12:00'],
    [Temporal.PlainTime.from('12:30:01'), '12:30:01'],
    [Temporal.PlainDate.from('2024-01-31'), '2024-01-31'],
    [Temporal.Duration.from('PT5S'), 'PT5S'],
    [Temporal.Duration.from('P1DT1M'), 'PT24H1M'],
    [Temporal.Duration.from('PT0.25S'), 'PT0.25S'],
  ];

  it.each(printed)('%o prints %s (section 9.5)', (value, text) => {
    expect(textOf('{{ v }}', { v: value })).toBe(text);
  });

  it('prints maps and lists as JSON without null entries of maps (section 9.5)', () => {
    expect(textOf('{{ map }}', values)).toBe('{"a":1,"c":[null,{"e":2}]}');
    const time = Temporal.ZonedDateTime.from('2013-09-08T16:19:00+02:00[Europe/Paris]');
    expect(textOf('{{ [v, 1.0, 1.5] }}', { v: time })).toBe(
      '["2013-09-08T16:19:00+02:00",1.0,1.5]',
    );
  });
});

describe('rendering', () => {
  it('renders once; `render` until nothing changes (section 9.2)', () => {
    expect(textOf('{{ vars.twice }}', values)).toBe('{{ vars.once }}');
    expect(textOf('{{ render(vars.twice) }}', values)).toBe('Hi Ann');
    expect(textOf('{{ renderOnce(vars.twice) }}', values)).toBe('Hi {{ inputs.name }}');
    expect(textOf('{{ render(vars.twice, recursive=false) }}', values)).toBe(
      'Hi {{ inputs.name }}',
    );
    expect(valueOf('{{ render(5) }}', values)).toBe(5);
    expect(textOf('{{ render(vars) }}', values)).toBe('{"once":"Hi Ann","twice":"Hi Ann"}');
    expect(textOf('{{ render([vars.once]) }}', values)).toBe('["Hi Ann"]');
  });

  it('stops rendering what never comes to rest (section 9.2)', () => {
    const error = errorIn('{{ render(v) }}', { v: '{{ v }}x{{ 1 }}' });
    expect(['expression.loop-limit-reached', 'expression.output-limit-reached']).toContain(
      error.code,
    );
  });

  it('keeps `raw` through nested rendering (section 9.3)', () => {
    expect(textOf('{{ render(v) }}', { v: '{% raw %}{{ x }}{% endraw %}{{ 1 }}' })).toBe(
      '{{ x }}1',
    );
    const twice = { v: '{{ w }}', w: '{% raw %}{{ x }}{% endraw %}' };
    expect(textOf('{{ render(v) }}', twice)).toBe('{{ x }}');
  });

  it('copes with absence inside of `render`', () => {
    expect(textOf("{{ render(v) ?? 'd' }}", { v: '{{ nope }}' })).toBe('d');
  });

  it('keeps the type of a single expression (section 9.7)', () => {
    expect(valueOf('{{ list }}', values)).toBe(values.list);
    expect(valueOf('{{ 1 }}')).toBe(1);
    expect(valueOf('{{ true }}')).toBe(true);
    expect(valueOf('{{ null }}')).toBe(null);
    expect(valueOf('{% set x = 5 %}{{ x }}')).toBe(5);
    expect(valueOf('{{ 1 }}{{ 2 }}')).toBe(3);
    expect(valueOf("{{ 'a' }}{{ 'b' }}")).toBe('ab');
    expect(valueOf('n: {{ 1 }}')).toBe('n: 1');
    expect(valueOf('text')).toBe('text');
  });

  it('prints everything that can be read with `printContext` (section 11)', () => {
    const text = textOf('{{ printContext() }}', { a: 1, b: valueFromJson({ c: [true] }) });
    expect(JSON.parse(text)).toEqual({ a: 1, b: { c: [true] } });
    expect(textOf('{{ fetchContext() }}', { a: 1 })).toContain('"a": 1');
  });

  it('lets the host perform functions of the world, by place and by name', () => {
    const kv = hostFunction(['key', 'namespace'], ({ key = null, namespace = null }) => ({
      value: `${plainText(key)}@${plainText(namespace)}`,
      marks: plainMarks,
    }));
    const context = contextOf({}, { functions: { kv } });
    const render = (source: string): unknown => renderTemplate(source, context);
    expect(render("{{ kv('a') }}")).toMatchObject({ value: 'a@null' });
    expect(render("{{ kv('a', namespace='n') }}")).toMatchObject({ value: 'a@n' });
    expect(errorIn("{{ kv('a', 'b', 'c') }}", {}, context).code).toBe('expression.argument-wrong');
    expect(errorIn("{{ kv(kee='a') }}", {}, context).help).toBe('did you mean `key`?');
    expect(errorIn("{{ vk('a') }}", {}, context)).toMatchObject({
      code: 'expression.function-unknown',
      name: 'vk',
      help: 'did you mean `kv`?',
    });
  });
});
