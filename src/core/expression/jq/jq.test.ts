/** jq programs: the part of the language that flows use (language facts, section 11). */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Double, type Value } from '../../value/index.ts';
import { Stop } from '../stop.ts';
import { valueFromJson, errorIn } from '../testing.ts';
import { jsonText } from '../values/value-text.ts';
import { runJq } from './jq-run.ts';

const never = (): void => undefined;

function run(program: string, input: Value): string {
  return runJq(program, input, never)
    .map((value) => jsonText(value, false))
    .join(' ');
}

const data = valueFromJson({
  name: 'x',
  list: [3, 1, 2],
  rows: [
    { id: 1, kind: 'a', v: 10 },
    { id: 2, kind: 'b', v: 30 },
    { id: 3, kind: 'a', v: 20 },
  ],
  deep: { a: { b: null } },
});

const cases: readonly (readonly [program: string, input: Value, output: string])[] = [
  ['.', 1, '1'],
  ['.name', data, '"x"'],
  ['."name", .["name"], .deep.a, .deep["a"].b', data, '"x" "x" {"b":null} null'],
  ['.list[0], .list[-1], .list[1:], .list[:-1]', data, '3 2 [1,2] [3,1]'],
  ['.list[]', data, '3 1 2'],
  ['.rows[].id', data, '1 2 3'],
  ['.missing, .missing.more, .missing[0]?', data, 'null null null'],
  ['.name.x?', data, ''],
  ['[.rows[] | select(.v > 15) | .id]', data, '[2,3]'],
  ['.rows | map(.v) | add', data, '60'],
  ['.rows | map({key: .kind, value: .v}) | from_entries', data, '{"a":20,"b":30}'],
  [
    '{name, n: (.list | length), "k-\\(.name)": 1, (.name): 2}',
    data,
    '{"name":"x","n":3,"k-x":1,"x":2}',
  ],
  ['{a: .list[]} | .a', data, '3 1 2'],
  ['.rows | sort_by(.v) | .[].id', data, '1 3 2'],
  ['.rows | group_by(.kind) | map(length)', data, '[2,1]'],
  ['.rows | unique_by(.kind) | map(.id)', data, '[1,2]'],
  ['.rows | min_by(.v).id, max_by(.v).id', data, '1 2'],
  ['.list | sort, unique, min, max, reverse, first, last', data, '[1,2,3] [1,2,3] 1 3 [2,1,3] 3 2'],
  ['.deep | keys, to_entries', data, '["a"] [{"key":"a","value":{"b":null}}]'],
  ['with_entries(.value |= . + 1)', valueFromJson({ a: 1, b: 2 }), '{"a":2,"b":3}'],
  ['.a // "d", (.b // empty), .c // .a // 1', valueFromJson({ a: null, b: false }), '"d" 1'],
  [
    '[.[] | if . > 2 then "big" elif . > 1 then "mid" else "small" end]',
    [1, 2, 3],
    '["small","mid","big"]',
  ],
  ['reduce .[] as $x (0; . + $x)', [1, 2, 3], '6'],
  ['[foreach .[] as $x (0; . + $x; [$x, .])]', [1, 2], '[[1,1],[2,3]]'],
  ['. as [$a, {b: $c}] | $a + $c', valueFromJson([1, { b: 2 }]), '3'],
  ['. as {name: $n, $list} | [$n, ($list | length)]', data, '["x",3]'],
  ['def inc(f): f + 1; def twice: inc(.) | inc(.); 5 | twice', null, '7'],
  ['def f($n): if $n == 0 then "end" else f($n - 1) end; f(3)', null, '"end"'],
  ['[.. | numbers]', valueFromJson({ a: 1, b: [2, { c: 3 }] }), '[1,2,3]'],
  ['[recurse(if . < 3 then . + 1 else empty end)]', 0, '[0,1,2,3]'],
  ['[limit(3; repeat(. * 2))]', 1, '[1,2,4]'],
  [
    'first(range(10; 20)), [range(3)], [range(0; 10; 4)], nth(2; range(9))',
    null,
    '10 [0,1,2] [0,4,8] 2',
  ],
  [
    '[.[] | tostring], [.[] | type]',
    valueFromJson([1, 'a', null, true, [], {}]),
    '["1","a","null","true","[]","{}"] ["number","string","null","boolean","array","object"]',
  ],
  ['.[0] | tonumber + 1', ['41'], '42'],
  ['split(","), (split(",") | join("-")), ascii_upcase, length', 'a,b', '["a","b"] "a-b" "A,B" 3'],
  [
    'test("B"), test("B"; "i"), [match("b").offset], [scan("[a-z]")]',
    'a,b',
    'false true [2] ["a","b"]',
  ],
  [
    'capture("(?<x>[a-z]+)(?<n>[0-9]+)"), sub("[0-9]+"; "#"), gsub("(?<d>[0-9])"; "<\\(.d)>")',
    'ab12',
    '{"x":"ab","n":"12"} "ab#" "ab<1><2>"',
  ],
  [
    'startswith("a"), endswith("x"), ltrimstr("a"), rtrimstr("c"), contains("b"), index("b")',
    'abc',
    'true false "bc" "ab" true 1',
  ],
  [
    'has("a"), has("z"), (keys_unsorted), contains({a: 1}), ([.[] | in([0, 1])])',
    valueFromJson({ a: 1 }),
    'true false ["a"] true [true]',
  ],
  [
    'any(. > 2), all(. > 0), (map(. > 1) | any, all), flatten',
    [1, 2, 3],
    'true true true false [1,2,3]',
  ],
  ['del(.a), del(.b, .a), delpaths([["a"]])', valueFromJson({ a: 1, b: 2 }), '{"b":2} {} {"b":2}'],
  ['del(.[0, 2])', [1, 2, 3], '[2]'],
  [
    'del(.[1:3]), del(.[-1]), del(.[9]), del(.[] | select(. > 1))',
    [1, 2, 3, 4],
    '[1,4] [1,2,3] [1,2,3,4] [1]',
  ],
  [
    'del(.a[0].x, .a[1], .b.c)',
    valueFromJson({ a: [{ x: 1, y: 2 }, 3], b: null }),
    '{"a":[{"y":2}],"b":null}',
  ],
  [
    '.a = 5, .a += 1, (.b.c |= "x"), (.l[1] = 9)',
    valueFromJson({ a: 1 }),
    '{"a":5} {"a":2} {"a":1,"b":{"c":"x"}} {"a":1,"l":[null,9]}',
  ],
  ['(.[] | select(. > 1)) |= . * 10', [1, 2, 3], '[1,20,30]'],
  [
    '[paths], [leaf_paths], path(.a[0])',
    valueFromJson({ a: [1] }),
    '[["a"],["a",0]] [["a",0]] ["a",0]',
  ],
  ['getpath(["a", 0]), setpath(["b"]; 2)', valueFromJson({ a: [1] }), '1 {"a":[1],"b":2}'],
  [
    'try error("x") catch ., (try error({a: 1}) catch .a), [.[] | tonumber?]',
    valueFromJson(['1', 'x']),
    '"x" 1 [1]',
  ],
  ['[label $f | .[] | if . > 1 then ., break $f else . end]', [1, 2, 3], '[1,2]'],
  [
    '@csv, @tsv, @json, (.[1] | @html, @uri, @sh, @base64), @text',
    valueFromJson([1, "a'<b>"]),
    '"1,\\"a\'<b>\\"" "1\\ta\'<b>" "[1,\\"a\'<b>\\"]" "a&#39;&lt;b&gt;" "a%27%3Cb%3E" "\'a\'\\\\\'\'<b>\'" "YSc8Yj4=" "[1,\\"a\'<b>\\"]"',
  ],
  ['@base64 "x\\(.)y", @json "v=\\(.)"', 'a', '"xYQ==y" "v=\\"a\\""'],
  ['tojson, (tojson | fromjson)', valueFromJson({ a: [1.5] }), '"{\\"a\\":[1.5]}" {"a":[1.5]}'],
  ['walk(if type == "number" then . + 1 else . end)', valueFromJson([1, { a: 2 }]), '[2,{"a":3}]'],
  ['transpose, (map(add))', valueFromJson([[1, 2], [3]]), '[[1,3],[2,null]] [3,3]'],
  ['map_values(. + 1), (to_entries | map(.key))', valueFromJson({ a: 1 }), '{"a":2} ["a"]'],
  [
    '[.[] | floor, ceil, round, abs], (4 | sqrt), pow(2; 10)',
    [-1.5, 2.4],
    '[-2,-1,-2,1.5,2,3,2,2.4] 2 1024',
  ],
  ['0 | todate, ("2024-01-31T00:00:00Z" | fromdate)', null, '"1970-01-01T00:00:00Z" 1706659200'],
  [
    '{"a": {"b": 1}} * {"a": {"c": 2}}, ([1, 2, 1] - [1]), ("ab" * 2), ("a,b" / ",")',
    null,
    '{"a":{"b":1,"c":2}} [2] "abab" ["a","b"]',
  ],
  ['6 / 2, 7 / 2, 7 % 3, -7 % 3, 1 + 1.5, null + 1', null, '3 3.5 1 -1 2.5 1'],
  ['[1, "a", null, true, [0], {}] | sort', null, '[null,true,1,"a",[0],{}]'],
  ['1, 2 as $x | $x', 5, '1 2'],
  ['not, (null | not), (true and false), (false or true)', 1, 'false true false true'],
  ['until(. > 100; . * 2), [while(. < 20; . * 2)]', 5, '160 [5,10]'],
  [
    '[splits(", *")], ascii_downcase, explode, (explode | implode), ([.[:1]])',
    'A, b',
    '["A","b"] "a, b" [65,44,32,98] "A, b" ["A"]',
  ],
  ['# a note\n.name # more', data, '"x"'],
];

describe('jq', () => {
  it.each(cases)('%s', (program, input, output) => {
    expect(run(program, input)).toBe(output);
  });

  it('keeps the kind of numbers (section 11)', () => {
    expect(runJq('.[]', [1, new Double(2), 2.5], never)).toEqual([1, new Double(2), 2.5]);
    expect(runJq('map(. * 2)', [new Double(2)], never)).toEqual([[new Double(4)]]);
  });

  it('leaves its input unchanged', () => {
    const input = valueFromJson({ a: [1] });
    run('.a[0] = 5 | .b = 1 | del(.a)', input);
    expect(input).toEqual(valueFromJson({ a: [1] }));
    const shared =
      '(.a, .a.b, .a.b.c) |= if type == "number" then . + 1 else {b: {c: 1}, x: .} end';
    expect(run(shared, valueFromJson({ a: { b: { c: 0 } } }))).toBe(
      '{"a":{"b":{"b":{"c":1},"x":{"c":1},"c":{"b":{"c":1},"x":null}},"x":{"b":{"c":0}}}}',
    );
  });

  it('reads no names of JavaScript', () => {
    expect(run('.constructor, .__proto__, .["toString"]', valueFromJson({}))).toBe(
      'null null null',
    );
    expect(run('{"__proto__": 1} | keys', null)).toBe('["__proto__"]');
  });

  it.each([
    ['.a', 'the jq program failed: number (1) cannot be indexed with "a"'],
    ['.[]', 'the jq program failed: number (1) cannot be iterated over'],
    ['error("own")', 'the jq program failed: own'],
    ['. / 0', 'the jq program failed: 1 cannot be divided by zero'],
    ['.a.', 'the jq program is wrong: unexpected `.`'],
    ['.a |', 'the jq program is wrong: it ends too early'],
    ['nope', 'jq has no function `nope/0` here'],
    ['$x', 'the jq program is wrong: the variable `$x` is unknown'],
    ['"abc', 'the jq program is wrong: a text is not closed'],
    ['if . then 1', 'the jq program is wrong: it ends too early'],
  ])('%s ends with a sentence', (program, message) => {
    expect(() => run(program, 1)).toThrow(message);
  });

  it('ends programs without end', () => {
    for (const program of ['[repeat(.)]', 'until(false; .)', '[range(1e9)]', '"a" * 1e9']) {
      expect(() => run(program, [1])).toThrow(Stop);
    }
    // A definition that calls itself runs out of stack, which the edge of the folder turns into an error.
    expect(errorIn("{{ 1 | jq('def f: f; f') }}").code).toBe('expression.depth-limit-reached');
  });

  it('never throws anything but a stop for any program', () => {
    const part = fc.constantFrom(
      '.',
      '.a',
      '.[]',
      '[',
      ']',
      '{',
      '}',
      '(',
      ')',
      '|',
      ',',
      ':',
      ';',
      '//',
      '?',
      '..',
      'as',
      '$x',
      'if',
      'then',
      'else',
      'end',
      'reduce',
      'def',
      'f',
      'try',
      'catch',
      '1',
      '"s"',
      '"\\(.)"',
      '+',
      '-',
      '*',
      '/',
      '%',
      '==',
      '<',
      '=',
      '|=',
      'and',
      'or',
      'not',
      'map',
      'select',
      'keys',
      'add',
      '@csv',
      'test("a")',
      'label $o',
      'break $o',
      'error',
      'empty',
      'path(.a)',
      'del(.a)',
      'first',
      'limit(1;',
    );
    fc.assert(
      fc.property(
        fc.array(part, { maxLength: 15 }).map((parts) => parts.join(' ')),
        fc.jsonValue(),
        (program, input) => {
          try {
            runJq(program, valueFromJson(input), never);
          } catch (error) {
            if (!(error instanceof Stop)) throw error;
          }
        },
      ),
      { numRuns: 5000 },
    );
  });
});
