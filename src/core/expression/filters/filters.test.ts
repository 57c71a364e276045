/** The filters of the language (language facts, sections 10 and 11). */
import { describe, expect, it } from 'vitest';
import { Double, marksOf, plainMarks, provenanceOf, type Value } from '../../value/index.ts';
import { renderTemplate } from '../evaluate.ts';
import {
  contextOf,
  valueFromJson,
  errorIn,
  hostFunction,
  textOf,
  valueIn,
  valueOf,
} from '../testing.ts';
import { joinedText } from '../values/value-text.ts';

const zoned = Temporal.ZonedDateTime.from('2013-09-08T16:19:12.123456+01:00[+01:00]');

const values: Readonly<Record<string, Value>> = {
  list: [3, 1, 2],
  words: ['b', 'a', 'c'],
  map: valueFromJson({ a: 1, b: null, c: { d: [1, 2.5, 'x'] } }),
  nested: valueFromJson([[1, 2], [3], 4, [[5]]]),
  nothing: null,
  zoned,
  local: zoned.toPlainDateTime(),
  instant: zoned.toInstant(),
};

type Case = readonly [template: string, text: string];

function check(title: string, cases: readonly Case[]): void {
  describe(title, () => {
    it.each(cases)('%s gives %j', (template, text) => {
      expect(textOf(template, values)).toBe(text);
    });
  });
}

check('filters over text', [
  ["{{ 'Hello world' | abbreviate(8) }}", 'Hello...'],
  ["{{ 'Hello' | abbreviate(8) }}", 'Hello'],
  ["{{ 'hello world' | capitalize }}|{{ ' x' | capitalize }}", 'Hello world| X'],
  ["{{ 'hello wORLD' | title }}", 'Hello WORLD'],
  ["{{ 'aB' | upper }}{{ 'aB' | lower }}{{ ' x ' | trim }}", 'ABabx'],
  ["{{ 'héllo ✓' | base64encode }}", 'aMOpbGxvIOKckw=='],
  ["{{ 'aMOpbGxvIOKckw==' | base64decode }}", 'héllo ✓'],
  ["{{ 'a b&c/é~*' | urlencode }}", 'a+b%26c%2F%C3%A9%7E*'],
  ["{{ 'a+b%26c%2F%C3%A9' | urldecode }}", 'a b&c/é'],
  ["{{ 'a,b;c' | split('[,;]') }}", '["a","b","c"]'],
  ["{{ 'a.b.c' | split('\\.', 2) }}", '["a","b.c"]'],
  ["{{ 'a,b,,' | split(',') }}", '["a","b"]'],
  ["{{ 'abc' | split('') }}", '["a","b","c"]'],
  ["{{ 'I like this' | replace({'this': 'that', 'I': 'you'}) }}", 'you like that'],
  ["{{ 'a1b22' | replace({'([0-9]+)': '<$1>'}, regexp=true) }}", 'a<1>b<22>'],
  ["{{ 'x' | string ~ (1.0 | string) }}", 'x1.0'],
  ["{{ 'Tést  it! now_' | slugify }}", 'test-it-now'],
  ["{{ 'a\r\nb\nc\rd' | nl2br }}", 'a<br />b<br />c<br />d'],
  ["{{ '%s is %05.1f%%, %d' | format('x', 3.14159, 42) }}", 'x is 003.1%, 42'],
  ["{{ '%-5s|%5s|%,d|%x' | format('a', 'b', 1234567, 255) }}", 'a    |    b|1,234,567|ff'],
  ["{{ 'a/b/c' | substringBefore('/') }} {{ 'a/b/c' | substringAfter('/') }}", 'a b/c'],
  ["{{ 'a/b/c' | substringBeforeLast('/') }} {{ 'a/b/c' | substringAfterLast('/') }}", 'a/b c'],
  // Without the separator: the whole text before, nothing after (section 11).
  ["[{{ 'abc' | substringBefore('/') }}] [{{ 'abc' | substringAfter('/') }}]", '[abc] []'],
  ["{{ 'abc' | startsWith('ab') }}{{ 'abc' | endsWith('x') }}", 'truefalse'],
  ["{{ 'ab12' | regexMatch('[0-9]+') }}{{ 'ab' | regexMatch('[0-9]') }}", 'truefalse'],
  ["{{ 'hello world' | regexReplace('(w)orld', '$1ind') }}", 'hello wind'],
  ["{{ 'order-12345-done' | regexExtract('([a-z]+)-([0-9]+)', 2) }}", '12345'],
  ["[{{ 'abc' | regexExtract('[0-9]') }}]", '[]'],
  [
    "{{ \"L'eau\" | escapeChar('single') }} {{ \"L'eau\" | escapeChar('shell') }}",
    "L\\'eau L'\\''eau",
  ],
  ["{{ 'say \"x\"' | escapeChar('double') }}", 'say \\"x\\"'],
  ["{{ [\"a'b\"] | escapeChar('single') | first }}", "a\\'b"],
  ["{{ 'first\nsecond\r\nthird' | indent(2) }}", 'first\n  second\r\n  third'],
  ["{{ 'first\nsecond' | indent(1, '>> ') }}", 'first\n>> second'],
  ["{{ 'a\nb' | nindent(2) }}", '\n  a\n  b'],
  ["{{ '' | indent(2) }}{{ 1 | indent(2) }}", '1'],
]);

check('filters over lists and maps', [
  ['{{ list | first }}{{ list | last }}{{ "abc" | first }}{{ "abc" | last }}', '32ac'],
  ['{{ list | length }}{{ "abcd" | length }}{{ map | length }}{{ nothing | length }}', '3430'],
  ["{{ words | join(',') }}{{ [1, null, true] | join('-') }}", 'b,a,c1--true'],
  [
    '{{ list | sort }}{{ list | rsort }}{{ words | sort | reverse }}',
    '[1,2,3][3,2,1]["c","b","a"]',
  ],
  ['{{ "abcdef" | slice(1, 3) }}{{ list | slice(1) }}', 'bc[1,2]'],
  ['{{ list | merge([9]) }}{{ {"a": 1} | merge({"b": 2}) }}', '[3,1,2,9]{"a":1,"b":2}'],
  ['{{ [1, 2, 3, 4, 5] | chunk(2) }}', '[[1,2],[3,4],[5]]'],
  ['{{ map | keys }}{{ list | keys }}{{ {"a": 1, "b": 2} | values }}', '["a","b","c"][0,1,2][1,2]'],
  ['{{ nested | flatten }}', '[1,2,3,4,[5]]'],
  ['{{ [1, 1.0, "1", [1], [1.0], {"a": 1}, {"a": 1}] | distinct }}', '[1,"1",[1],{"a":1}]'],
  [
    "{{ nothing | default('d') }}{{ '' | default('e') }}{{ [] | default('f') }}{{ 0 | default('g') }}",
    'def0',
  ],
  ["{{ missing.deep | default('d') }}", 'd'],
  // Most filters give null for null (section 10).
  ["[{{ nothing | upper }}{{ nothing | sort }}{{ nothing | date }}{{ nothing | jq('.') }}]", '[]'],
]);

check('filters over numbers', [
  ['{{ -5 | abs }}{{ -1.5 | abs }}', '51.5'],
  ["{{ 1234567.891 | numberFormat('#,##0.00') }}", '1,234,567.89'],
  [
    "{{ 3.5 | numberFormat('0') }} {{ 2.5 | numberFormat('0') }} {{ -0.5 | numberFormat('0.0') }}",
    '4 2 -0.5',
  ],
  [
    "{{ 0.256 | numberFormat('0.0%') }} {{ 5 | numberFormat('000') }} {{ 0.5 | numberFormat('#.##') }}",
    '25.6% 005 .5',
  ],
  [
    "{{ 12345 | numberFormat('0.###E0') }} {{ -5 | numberFormat('0;(0)') }} {{ 5 | numberFormat(\"'#'0\") }}",
    '1.234E4 (5) #5',
  ],
  ['{{ 1234.5678 | numberFormat }}', '1,234.568'],
  [
    "{{ '12' | number }} {{ '12.3' | number }} {{ '12' | number('DOUBLE') }} {{ '99999999999999999999' | number('BIGINTEGER') }}",
    '12 12.3 12.0 99999999999999999999',
  ],
]);

check('filters over dates', [
  ["{{ zoned | date(format='iso', timeZone='Europe/Paris') }}", '2013-09-08T17:19:12.123456+02:00'],
  ["{{ instant | date('iso_sec', 'Europe/Paris') }}", '2013-09-08T17:19:12+02:00'],
  [
    "{{ local | date('yyyy-MM-dd HH:mm:ss.SSSSSSXXX', timeZone='UTC') }}",
    '2013-09-08 16:19:12.123456Z',
  ],
  ['{{ zoned | date }}', '2013-09-08T15:19:12.123456Z'],
  ["{{ 'July 24, 2001' | date('yyyy-MM-dd', existingFormat='MMMM dd, yyyy') }}", '2001-07-24'],
  [
    "{{ '2013-09-08T17:19:12+02:00' | date(timeZone='Europe/Paris') }}",
    '2013-09-08T17:19:12.000000+02:00',
  ],
  [
    "{{ '2013-09-08T17:19:12' | date(timeZone='Europe/Paris') }}",
    '2013-09-08T17:19:12.000000+02:00',
  ],
  ["{{ '2013-09-08' | date(timeZone='Europe/Paris') }}", '2013-09-08T00:00:00.000000+02:00'],
  ['{{ 1378653552 | date }}', '2013-09-08T15:19:12.000000Z'],
  [
    "{{ 'Tue, 08 Feb 2022 19:38:26 GMT' | date(existingFormat='rfc_1123_date_time') }}",
    '2022-02-08T19:38:26.000000Z',
  ],
  ["{{ zoned | date('rfc_1123_date_time') }}", 'Sun, 8 Sep 2013 15:19:12 GMT'],
  [
    "{{ zoned | date('sql') }} {{ zoned | date('sql_seq') }}",
    '2013-09-08 15:19:12.123456 2013-09-08 15:19:12',
  ],
  [
    "{{ zoned | date('iso_date_time', 'Europe/Paris') }}",
    '2013-09-08T17:19:12.123456+02:00[Europe/Paris]',
  ],
  [
    "{{ zoned | date('iso_date') }} {{ zoned | date('iso_time') }} {{ zoned | date('iso_local_date') }}",
    '2013-09-08Z 15:19:12.123456Z 2013-09-08',
  ],
  [
    "{{ zoned | date('iso_instant') }} {{ zoned | date('iso_ordinal_date') }} {{ zoned | date('iso_week_date') }}",
    '2013-09-08T15:19:12.123456Z 2013-251Z 2013-W36-7Z',
  ],
  ['{{ zoned | date("EEEE d MMMM yyyy \'at\' h:mm a") }}', 'Sunday 8 September 2013 at 3:19 PM'],
  ["{{ zoned | date('EEE dd MMM yy', locale='fr') }}", 'dim. 08 sept. 13'],
  [
    "{{ zoned | date('D QQQ SSS n VV xx O', 'Europe/Paris') }}",
    '251 Q3 123 123456000 Europe/Paris +0200 GMT+2',
  ],
  [
    "{{ '31/01/2024 08:05' | date('iso_local_date_time', existingFormat='dd/MM/yyyy HH:mm') }}",
    '2024-01-31T08:05:00',
  ],
  ["{{ '20240131' | date('yyyy', existingFormat='yyyyMMdd') }}", '2024'],
  [
    "{{ zoned | dateAdd(-1, 'DAYS', timeZone='Europe/Paris') }}",
    '2013-09-07T17:19:12.123456+02:00',
  ],
  ["{{ '2024-01-31' | dateAdd(1, 'MONTHS', 'iso_local_date') }}", '2024-02-29'],
  ['{{ zoned | timestamp }} {{ zoned | timestampMilli }}', '1378653552 1378653552123'],
  [
    '{{ zoned | timestampMicro }} {{ zoned | timestampNano }}',
    '1378653552123456 1378653552123456000',
  ],
]);

check('digests', [
  ["{{ '' | md5 }}", 'd41d8cd98f00b204e9800998ecf8427e'],
  ["{{ 'abc' | sha1 }}", 'a9993e364706816aba3e25717850c26c9cd0d89d'],
  ["{{ 'abc' | sha256 }}", 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
  [
    "{{ 'abc' | sha512 }}",
    'ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f',
  ],
]);

check('JSON, Ion and YAML', [
  [
    '{{ map | toJson }}{{ "a" | json }}{{ nothing | toJson }}',
    '{"a":1,"c":{"d":[1,2.5,"x"]}}"a"null',
  ],
  [
    '{{ fromJson(\'{"a": [13.0, 13, 1e3, 9007199254740993]}\') }}',
    '{"a":[13.0,13,1000.0,9007199254740993]}',
  ],
  ["{{ fromJson(null) }}{{ json('[1]')[0] }}", '1'],
  ['{{ map | toIon }}', '{a:1,b:null,c:{d:[1,2.5e0,"x"]}}'],
  ["{{ {'a b': 1.0} | toIon }}", "{'a b':1.0e0}"],
  ['{{ fromIon(\'{date: 2024-04-21T23:00:00.000Z, title: "Main", views: 7}\').title }}', 'Main'],
  [
    "{{ fromIon('{a: 1} {a: 2}').a }}{{ fromIon('{a: 1} {a: 2}', allRows=true) }}",
    '1[{"a":1},{"a":2}]',
  ],
  [
    "{{ 'string' | yaml }}{{ 1 | yaml }}{{ 1.123 | yaml }}{{ true | yaml }}",
    'string\n1\n1.123\ntrue\n',
  ],
  ["{{ ['string', 1, 1.123] | yaml }}", ' - string\n - 1\n - 1.123\n'],
  [
    "{{ {'a': {'b': 'x: y', 'c': ['true', '', null]}, 'e': {}} | yaml }}",
    'a:\n  b: "x: y"\n  c:\n   - "true"\n   - ""\n   - null\ne: {}\n',
  ],
  ["{{ {'t': 'l1\nl2\n'} | yaml }}", 't: |\n  l1\n  l2\n'],
]);

check('names of kinds', [
  [
    '{{ 1 | className }} {{ 1.5 | className }} {{ "x" | className }} {{ true | className }}',
    'java.lang.Long java.lang.Double java.lang.String java.lang.Boolean',
  ],
  [
    '{{ zoned | className }} {{ [] | className }} {{ {} | className }}',
    'java.time.ZonedDateTime java.util.ArrayList java.util.LinkedHashMap',
  ],
]);

describe('wrong input', () => {
  const cases: readonly (readonly [template: string, code: string])[] = [
    ['{{ 1 | upper }}', 'expression.type-wrong'],
    ['{{ 1 | sort }}', 'expression.type-wrong'],
    ["{{ [1, 'a'] | sort }}", 'expression.type-wrong'],
    ["{{ 'abc' | slice(2, 9) }}", 'expression.argument-wrong'],
    ["{{ 'x' | escapeChar('foo') }}", 'expression.argument-wrong'],
    ["{{ 'x' | number }}", 'expression.type-wrong'],
    ['{{ 5 | number }}', 'expression.type-wrong'],
    ["{{ '3000000000' | number('INT') }}", 'expression.argument-wrong'],
    ["{{ '!' | base64decode }}", 'expression.type-wrong'],
    ["{{ 'x' | date }}", 'expression.failed'],
    ["{{ '2024-02-30' | date }}", 'expression.failed'],
    ["{{ '2024-01-01' | date('bbb') }}", 'expression.argument-wrong'],
    ["{{ '2024-01-01' | date(timeZone='Mars/One') }}", 'expression.argument-wrong'],
    ["{{ '2024-01-01' | dateAdd(1, 'FORTNIGHTS') }}", 'expression.argument-wrong'],
    ["{{ '2024-01-01' | dateAdd(999999999999, 'YEARS') }}", 'expression.failed'],
    ["{{ fromJson('{') }}", 'expression.failed'],
    ["{{ fromIon('{not: ion') }}", 'expression.failed'],
    ["{{ 'a' | regexMatch('(') }}", 'expression.argument-wrong'],
    ["{{ 'a' | regexMatch('(?=a)') }}", 'expression.argument-wrong'],
    ["{{ 'a' | regexReplace('a', '$1') }}", 'expression.argument-wrong'],
    ["{{ '%d' | format('x') }}", 'expression.argument-wrong'],
    ["{{ '%d' | format }}", 'expression.argument-wrong'],
    ["{{ 1 | numberFormat('a,b') }}", 'expression.argument-wrong'],
    ['{{ [1] | chunk(0) }}', 'expression.argument-wrong'],
  ];

  it.each(cases)('%s ends with %s', (template, code) => {
    expect(errorIn(template, values).code).toBe(code);
  });
});

describe('filters that need the host', () => {
  it('reads a file with `fileRead` as with the function `read` (plugin facts, E4)', () => {
    const read = hostFunction(['path'], ({ path = null }) => ({
      value: `content of ${joinedText(path)}\nend`,
      marks: marksOf(provenanceOf({ trust: 'untrusted' })),
    }));
    const context = contextOf({ f: 'a.txt' }, { functions: { read } });
    const result = renderTemplate('{{ f | fileRead | nl2br }}', context);
    expect(valueIn(result)).toBe('content of a.txt<br />end');
    expect(result.outcome === 'value' && result.marks.own.trust).toBe('untrusted');
    expect(errorIn('{{ f | fileRead }}', { f: 'a' })).toMatchObject({ name: 'read' });
  });

  it('gives the present time of the host by format and zone', () => {
    const now = hostFunction([], () => ({
      value: Temporal.Instant.from('2024-01-31T23:30:00Z'),
      marks: plainMarks,
    }));
    const context = contextOf({}, { functions: { now }, timeZone: 'Europe/Paris' });
    const render = (source: string): string => valueIn(renderTemplate(source, context));
    expect(render('{{ now() }}')).toBe('2024-02-01T00:30:00.000000+01:00');
    expect(render("{{ now(format='yyyy-MM-dd', timeZone='UTC') }}")).toBe('2024-01-31');
    expect(render("{{ now('iso_local_date') }}")).toBe('2024-02-01');
  });

  it('parses YAML with the host', () => {
    const yaml = hostFunction(['yaml'], () => ({
      value: valueFromJson({ a: [1] }),
      marks: plainMarks,
    }));
    const context = contextOf({}, { functions: { yaml } });
    expect(valueIn(renderTemplate("{{ yaml('a: [1]')['a'][0] }}", context))).toBe('1');
    expect(valueIn(renderTemplate('{{ yaml(null) }}', context))).toBe('');
  });
});

describe('types of results', () => {
  it('keeps numbers as they are', () => {
    expect(valueOf("{{ '13.0' | number }}")).toEqual(new Double(13));
    expect(valueOf("{{ fromJson('13.0') }}")).toEqual(new Double(13));
    expect(valueOf('{{ zoned | timestamp }}', values)).toBe(1378653552);
  });
});
