/**
 * The filters and the functions that need nothing of the world, point by point, for the compatibility
 * page (language facts, sections 10 and 11). Each test cites the row of the page that it proves.
 */
import { describe, expect, it } from 'vitest';
import { errorIn, textOf, valueFromJson } from './testing.ts';

const values = {
  list: [3, 1, 2],
  map: valueFromJson({ a: 1, b: null }),
  nothing: null,
  day: '2024-01-31',
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

proves('[filters.text] texts', [
  [
    "{{ 'Hello world' | abbreviate(8) }}{{ 'ab' | capitalize }}{{ 'ab cd' | title }}",
    'Hello...AbAb Cd',
  ],
  ["{{ ' aB ' | trim | upper }}{{ 'aB' | lower }}{{ 'a,b' | split(',') }}", 'ABab["a","b"]'],
  [
    "{{ 'a b&c' | urlencode }} {{ 'a+b' | urldecode }} {{ 'é' | base64encode | base64decode }}",
    'a+b%26c a b é',
  ],
  [
    "{{ 'Tést it!' | slugify }} {{ 'abc' | startsWith('a') }} {{ 'abc' | endsWith('a') }}",
    'test-it true false',
  ],
  [
    "{{ 'a/b/c' | substringBefore('/') }}{{ 'a/b/c' | substringAfterLast('/') }}{{ 'abc' | substringAfter('/') }}",
    'ac',
  ],
  ["{{ '%s: %d' | format('x', 3) }}{{ 'a\nb' | nl2br }}", 'x: 3a<br />b'],
]);

proves('[filters.replace] `replace` by a map, as text or with patterns', [
  ["{{ 'I like it' | replace({'I': 'you'}) }}", 'you like it'],
  ["{{ 'a1b22' | replace({'([0-9]+)': '<$1>'}, regexp=true) }}", 'a<1>b<22>'],
  [
    "{{ 'ab12' | regexMatch('[0-9]+') }} {{ 'a-1' | regexReplace('-(.)', '$1') }} {{ 'x-7' | regexExtract('[0-9]') }}",
    'true a1 7',
  ],
]);

proves('[filters.escape] `escapeChar` for quotes and shells, also inside lists and maps', [
  ["{{ \"a'b\" | escapeChar('single') }} {{ \"a'b\" | escapeChar('shell') }}", "a\\'b a'\\''b"],
  ["{{ {'k': \"a'b\"} | escapeChar('single') }}", '{"k":"a\\\\\'b"}'],
]);

proves('[filters.indent] `indent` all lines but the first, `nindent` all after a line break', [
  ["{{ 'a\nb' | indent(2) }}|{{ 'a\nb' | nindent(1, '>') }}", 'a\n  b|\n>a\n>b'],
]);

proves('[filters.lists] lists and maps', [
  [
    '{{ list | sort }}{{ list | rsort }}{{ list | reverse }}{{ list | first }}{{ list | last }}',
    '[1,2,3][3,2,1][2,1,3]32',
  ],
  [
    "{{ list | join('-') }}{{ list | length }}{{ list | slice(1, 2) }}{{ list | merge([4]) }}",
    '3-1-23[1][3,1,2,4]',
  ],
  [
    "{{ list | chunk(2) }}{{ [[1, [2]], 3] | flatten }}{{ [1, 1, '1'] | distinct }}",
    '[[3,1],[2]][1,[2],3][1,"1"]',
  ],
  ["{{ map | keys }}{{ list | keys }}{{ {'k': 7} | values }}", '["a","b"][0,1,2][7]'],
]);

proves(
  '[filters.numbers] `abs`, `numberFormat`, `number` with a type',
  [
    ["{{ -1.5 | abs }} {{ 1234.5 | numberFormat('#,##0.00') }}", '1.5 1,234.50'],
    [
      "{{ '12' | number }} {{ '12.3' | number }} {{ '12' | number('DOUBLE') }} {{ '7' | number('LONG') }}",
      '12 12.3 12.0 7',
    ],
    [
      "{{ '99999999999999999999' | number('BIGINTEGER') }} {{ '1.25' | number('BIGDECIMAL') }}",
      '99999999999999999999 1.25',
    ],
  ],
  ["{{ 'x' | number }}", '{{ 5 | number }}'],
);

proves(
  '[filters.default] `default` for what is empty or undefined; most filters give null for null',
  [
    ["{{ x.y | default('d') }}{{ '' | default('d') }}{{ 0 | default('d') }}", 'dd0'],
    ['[{{ nothing | upper }}{{ nothing | sort }}{{ nothing | date }}]', '[]'],
  ],
);

proves('[filters.date] `date` with formats, zones, input formats and locales', [
  [
    "{{ '2013-09-08T17:19:12+02:00' | date('yyyy-MM-dd HH:mm', timeZone='Europe/Paris') }}",
    '2013-09-08 17:19',
  ],
  [
    "{{ 1378653552 | date('iso_sec', 'UTC') }} {{ day | date('sql_seq', 'UTC') }}",
    '2013-09-08T15:19:12Z 2024-01-31 00:00:00',
  ],
  ["{{ '31.01.2024' | date('iso_local_date', existingFormat='dd.MM.yyyy') }}", '2024-01-31'],
  [
    "{{ day | date('EEEE', locale='de') }} {{ day | date('rfc_1123_date_time', 'UTC') }}",
    'Mittwoch Wed, 31 Jan 2024 00:00:00 GMT',
  ],
]);

proves('[filters.date-add] `dateAdd` by units in capitals', [
  [
    "{{ day | dateAdd(1, 'MONTHS', 'iso_local_date') }} {{ day | dateAdd(-1, 'DAYS', 'iso_local_date') }}",
    '2024-02-29 2024-01-30',
  ],
]);

proves('[filters.timestamp] `timestamp`, milli, micro and nano', [
  [
    "{{ '1970-01-02T00:00:00Z' | timestamp }} {{ '1970-01-01T00:00:01Z' | timestampMilli }}",
    '86400 1000',
  ],
  [
    "{{ '1970-01-01T00:00:01Z' | timestampMicro }} {{ '1970-01-01T00:00:01Z' | timestampNano }}",
    '1000000 1000000000',
  ],
]);

proves(
  '[filters.jq] `jq` gives the list of results and reads text as JSON',
  [
    ["{{ '{\"a\": [1, 2.5]}' | jq('.a[]') }}{{ map | jq('.a') | first }}", '[1,2.5]1'],
    ["{{ {'rows': [{'n': 2}, {'n': 5}]} | jq('[.rows[] | select(.n > 3) | .n] | add') }}", '[5]'],
  ],
  ["{{ map | jq('.a[') }}"],
);

proves('[filters.json] `toJson`, `json`, `yaml`, `toIon`, and back', [
  ["{{ map | toJson }}{{ 'a' | json }}", '{"a":1}"a"'],
  ["{{ ['a', 1] | yaml }}", ' - a\n - 1\n'],
  ["{{ {'a': 1.0} | toIon }}", '{a:1.0e0}'],
  ["{{ fromJson('{\"a\": 13.0}').a }}{{ json('[7]')[0] }}{{ fromJson(null) }}", '13.07'],
  ["{{ fromIon('{a: 1} {a: 2}', allRows=true) }}", '[{"a":1},{"a":2}]'],
]);

proves('[filters.hashes] `md5`, `sha1`, `sha256`, `sha512`', [
  [
    "{{ '' | md5 }} {{ 'abc' | sha1 }}",
    'd41d8cd98f00b204e9800998ecf8427e a9993e364706816aba3e25717850c26c9cd0d89d',
  ],
  ["{{ 'abc' | sha256 | slice(0, 8) }} {{ 'abc' | sha512 | slice(0, 8) }}", 'ba7816bf ddaf35a1'],
]);

proves('[filters.class-name] `className` gives the name of a Java class', [
  ["{{ 1 | className }} {{ 'x' | className }}", 'java.lang.Long java.lang.String'],
]);

proves(
  '[filters.removed] `escape` and `raw` are gone, `numberformat` has its newer name',
  [],
  ["{{ 'x' | escape }}", "{{ 'x' | raw }}", '{{ 1 | numberformat }}'],
);

proves('[functions.numbers] `max`, `min` and `range`, both ends included', [
  [
    "{{ max(1, 5) }}{{ min(2, 1.5) }}{{ range(1, 3) }}{{ range(0, 10, 5) }}{{ range('a', 'c') }}",
    '51.5[1,2,3][0,5,10]["a","b","c"]',
  ],
]);

proves('[functions.dates] questions about dates', [
  [
    "{{ isWeekend('2025-01-04') }} {{ dayOfWeek('2025-01-06') }} {{ dayOfMonth('2025-01-06') }} {{ monthOfYear('2025-03-10') }} {{ hourOfDay('2025-01-06T14:30:00Z') }}",
    'true MONDAY 6 3 14',
  ],
  [
    "{{ isDayWeekInMonth('2025-01-06', 'MONDAY', 'FIRST') }} {{ isLastWorkingDay('2025-01-31') }}",
    'true true',
  ],
  [
    "{{ isDateBefore('2025-01-01', '2025-01-02') }} {{ isDateAfter('2025-01-01', '2025-01-02') }} {{ isDateBetween('2025-06-01', '2025-01-01', '2025-12-31') }}",
    'true false true',
  ],
]);
