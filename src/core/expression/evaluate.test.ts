/** Waiting for the host, whole values, limits and references of templates. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Failure } from '../failure/index.ts';
import { plainMarks, type Value } from '../value/index.ts';
import {
  compileTemplate,
  evaluateSettled,
  renderSettled,
  renderTemplate,
  renderValue,
  renderValueSettled,
} from './evaluate.ts';
import { HostCalls } from './evaluation/host-calls.ts';
import { contextOf, valueFromJson, errorIn, hostFunction } from './testing.ts';
import { isTruthyText } from './values/truth.ts';
import { joinedText } from './values/value-text.ts';

function later(value: Value): Promise<{ value: Value; marks: typeof plainMarks }> {
  return Promise.resolve({ value, marks: plainMarks });
}

describe('host functions that answer later', () => {
  it('is pending until the answer is there, and asks each call once', async () => {
    const asked: string[] = [];
    const read = hostFunction(['path'], ({ path }) => {
      asked.push(joinedText(path ?? null));
      return later(`<${joinedText(path ?? null)}>`);
    });
    const context = contextOf({}, { functions: { read } });
    const source = "{{ read('a') }}{{ read('b') }}{{ read('a') }}";
    const hostCalls = new HostCalls();
    const first = renderTemplate(source, { ...context, hostCalls });
    expect(first.outcome).toBe('pending');
    await expect(renderSettled(source, context)).resolves.toMatchObject({ value: '<a><b><a>' });
    expect(asked).toEqual(['a', 'a', 'b', 'a']);
  });

  it('keeps what was answered at once, such as a random id', async () => {
    let count = 0;
    const uuid = hostFunction([], () => {
      count += 1;
      return { value: count, marks: plainMarks };
    });
    const slow = hostFunction([], () => later('s'));
    const context = contextOf({}, { functions: { uuid, slow } });
    const result = await evaluateSettled('{{ uuid() }}{{ slow() }}{{ uuid() }}', context);
    expect(result).toMatchObject({ value: '1s2' });
    expect(count).toBe(2);
  });

  it('keeps the answers of each text of a value apart', async () => {
    const read = hostFunction(['path'], ({ path }) => later(`<${joinedText(path ?? null)}>`));
    const context = contextOf({}, { functions: { read } });
    const value = valueFromJson({ a: "{{ read('1') }}", b: ["{{ read('2') }}", 3] });
    const result = await renderValueSettled(value, context);
    expect(result).toMatchObject({ value: valueFromJson({ a: '<1>', b: ['<2>', 3] }) });
  });

  it('turns a failure into an error with its message and help', async () => {
    const failure = new Failure('kv.not-found', 'there is no key `a`');
    const kv = hostFunction(['key'], () => Promise.reject(failure));
    const now = hostFunction(['key'], () => {
      throw failure;
    });
    const context = contextOf({}, { functions: { kv, kvNow: now } });
    for (const source of ["{{ kv('a') }}", "{{ kvNow('a') ?? 'd' }}"]) {
      const result = await renderSettled(source, context);
      expect(result).toMatchObject({
        outcome: 'error',
        error: {
          code: 'expression.failed',
          message: expect.stringContaining('failed: there is no key `a`') as string,
          help: failure.help,
          cause: failure,
        },
      });
    }
  });

  it('tells nothing of an exception of the host', async () => {
    const broken = hostFunction([], () => {
      throw new TypeError('x is not a function');
    });
    const result = await renderSettled('{{ broken() }}', contextOf({}, { functions: { broken } }));
    expect(result).toMatchObject({ error: { message: 'the function `broken` failed' } });
  });
});

describe('whole values', () => {
  it('renders keys, values and elements, and leaves other types alone (section 9.8)', () => {
    const day = Temporal.PlainDate.from('2024-01-31');
    const value = {
      ...(valueFromJson({ '{{ k }}': ['{{ n }}', 5, true, null], plain: 'x' }) as object),
      day,
    };
    const result = renderValue(value as Value, contextOf({ k: 'key', n: 1 }));
    expect(result).toMatchObject({
      value: valueFromJson({ key: ['1', 5, true, null], plain: 'x', day }),
    });
  });

  it('keeps types when asked to', () => {
    const result = renderValue(
      valueFromJson({ a: '{{ n }}', b: '{{ l }}' }),
      contextOf({ n: 1, l: [1] }),
      'typed',
    );
    expect(result).toMatchObject({ value: valueFromJson({ a: 1, b: [1] }) });
  });

  it('ends with the first error', () => {
    expect(renderValue(['ok', '{{ nope }}'], contextOf())).toMatchObject({
      outcome: 'error',
      error: { name: 'nope' },
    });
  });
});

describe('truth of rendered text', () => {
  it('knows five false texts (section 6, `If`)', () => {
    for (const text of ['', '0', '-0', 'false', null]) expect(isTruthyText(text)).toBe(false);
    for (const text of ['False', ' ', '[]', '0.0', 'no', 'null'])
      expect(isTruthyText(text)).toBe(true);
  });
});

describe('limits', () => {
  const limited = (limits: Parameters<typeof contextOf>[1]): ReturnType<typeof contextOf> =>
    contextOf({ big: Array.from({ length: 50 }, (_, index) => index) }, limits);

  it('ends loops that run too often', () => {
    const context = limited({ limits: { loopsMax: 100 } });
    const nested = '{% for a in big %}{% for b in big %}x{% endfor %}{% endfor %}';
    expect(errorIn(nested, {}, context).code).toBe('expression.loop-limit-reached');
    expect(errorIn('{{ 1..1000 }}', {}, context).code).toBe('expression.loop-limit-reached');
    expect(errorIn('{{ range(0, 9999999999) }}', {}, context).code).toBe(
      'expression.loop-limit-reached',
    );
  });

  it('ends what writes or builds too much', () => {
    const context = limited({ limits: { outputCharactersMax: 1000 } });
    const doubling =
      '{% set s = "0123456789" %}{% for i in 1..30 %}{% set s = s ~ s %}{% endfor %}';
    const list = '{% set s = [1] %}{% for i in 1..30 %}{% set s = s + s %}{% endfor %}';
    const text = '{% for i in 1..1000 %}0123456789{% endfor %}{{ 1 }}';
    for (const source of [doubling, list, text]) {
      expect(errorIn(source, {}, context).code).toBe('expression.output-limit-reached');
    }
  });

  it('ends macros, blocks and renderings that call themselves', () => {
    const recursive = '{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}';
    expect(errorIn(recursive).code).toBe('expression.depth-limit-reached');
    const block = "{% block b %}{{ block('b') }}{% endblock %}";
    expect(errorIn(block).code).toBe('expression.depth-limit-reached');
    const rendering = contextOf({ v: '{{ render(v) }}' });
    expect(errorIn('{{ render(v) }}', {}, rendering).code).toBe('expression.depth-limit-reached');
  });

  it('refuses nesting that no parser should follow', () => {
    for (const source of [
      `{{ ${'('.repeat(10_000)}1${')'.repeat(10_000)} }}`,
      `{{ ${'['.repeat(10_000)}${']'.repeat(10_000)} }}`,
      `{{ 1${' + 1'.repeat(10_000)} }}`,
      `{{ ${'not '.repeat(10_000)}true }}`,
      `{{ a${'.b'.repeat(10_000)} }}`,
      `{{ 1${' | abs'.repeat(10_000)} }}`,
      `{{ ${'true ? 1 : '.repeat(10_000)}1 }}`,
      `${'{% if true %}'.repeat(10_000)}${'{% endif %}'.repeat(10_000)}`,
    ]) {
      expect(errorIn(source).code).toBe('expression.depth-limit-reached');
    }
  });

  it('joins thousands of texts in one expression', () => {
    expect(renderTemplate(`{{ 'a'${" ~ 'a'".repeat(5000)} }}`, contextOf())).toMatchObject({
      value: 'a'.repeat(5001),
    });
  });

  it('ends what takes too long', () => {
    let clock = 0;
    const context = contextOf(
      {},
      { limits: { timeMs: 50, elapsedMs: () => (clock += 10), loopsMax: 1_000_000 } },
    );
    const source = '{% for a in 1..100000 %}{% endfor %}';
    expect(errorIn(source, {}, context).code).toBe('expression.time-limit-reached');
  });

  it('matches regular expressions in linear time', () => {
    const context = contextOf({ t: 'a'.repeat(20_000) });
    for (const pattern of ['(a+)+$', '(a|a)*b', '(a|aa)+$', '(.*)*x', 'a*a*a*a*a*b', '((a*)*)*b']) {
      const start = performance.now();
      const source = `{{ t | regexReplace('${pattern}!', 'x') | length }}`;
      expect(renderTemplate(source, context)).toMatchObject({ value: '20000' });
      expect(performance.now() - start).toBeLessThan(5000);
    }
    expect(errorIn(`{{ t | regexMatch('${'a'.repeat(3000)}') }}`, {}, context).code).toBe(
      'expression.argument-wrong',
    );
  });

  it('compiles unfinished tags of any length in linear time', () => {
    const start = performance.now();
    for (const part of [
      '{% raw %}',
      '{{',
      '{%',
      '{#',
      "{{ '",
      '{% verbatim %}',
      '{% if x %}',
      '{{ "#{',
    ]) {
      expect(compileTemplate(part.repeat(100_000)).ok).toBe(false);
    }
    expect(compileTemplate(`{{ a }}\n`.repeat(50_000)).ok).toBe(true);
    expect(performance.now() - start).toBeLessThan(10_000);
  });
});

describe('references and functions of a template', () => {
  const referencesOf = (source: string): readonly string[] => {
    const compiled = compileTemplate(source);
    if (!compiled.ok) throw new Error(compiled.error.message);
    return compiled.template.references.map(
      ({ path, isGuarded }) => path.join('.') + (isGuarded ? '?' : ''),
    );
  };

  const cases: readonly (readonly [template: string, references: readonly string[]])[] = [
    ["{{ outputs.a['b c'].uri }}", ['outputs.a.b c.uri']],
    ['{{ outputs.list[0].x }}', ['outputs.list.0.x']],
    ['{{ outputs.a[inputs.key].b }}', ['inputs.key', 'outputs.a']],
    ['{{ inputs.name | upper ~ vars.x }}', ['inputs.name', 'vars.x']],
    ["{{ inputs.a ?? inputs.b ?? 'c' }}", ['inputs.a?', 'inputs.b?']],
    ['{{ inputs.a | default(inputs.b) }}', ['inputs.a?', 'inputs.b']],
    ['{{ inputs.a is defined }}', ['inputs.a?']],
    [
      '{% if inputs.a is defined %}{{ inputs.a.b }}{% else %}{{ inputs.a }}{% endif %}',
      ['inputs.a?', 'inputs.a.b?', 'inputs.a'],
    ],
    [
      '{% if inputs.a is not defined %}{{ inputs.a }}{% else %}{{ inputs.a }}{% endif %}',
      ['inputs.a?', 'inputs.a', 'inputs.a?'],
    ],
    ['{{ inputs.a is defined and inputs.a.b > 1 }}', ['inputs.a?', 'inputs.a.b?']],
    ['{{ inputs.a is defined ? inputs.a : 1 }}', ['inputs.a?', 'inputs.a?']],
    [
      '{% for x in inputs.list %}{{ x.y }}{{ loop.index }}{{ z }}{% endfor %}{{ x }}',
      ['inputs.list', 'z', 'x'],
    ],
    ['{{ a }}{% set a = inputs.b %}{{ a }}', ['a', 'inputs.b']],
    ['{% macro m(p) %}{{ p }}{{ q }}{% endmacro %}{{ m(inputs.a) }}', ['inputs.a']],
    ['{{ "n #{inputs.a}" }}', ['inputs.a']],
    ['{{ outputs.a.size() }}', ['outputs.a']],
    ['{% filter replace({"a": inputs.b}) %}{{ vars.c }}{% endfilter %}', ['inputs.b', 'vars.c']],
    ['{% raw %}{{ x }}{% endraw %}', []],
  ];

  it.each(cases)('%s reads %j', (source, references) => {
    expect(referencesOf(source)).toEqual(references);
  });

  it('names the functions that are called, macros left out', () => {
    const compiled = compileTemplate(
      "{% macro m() %}{{ uuid() }}{% endmacro %}{{ m() }}{{ kv('a') }}{{ inputs.f | fileRead }}{{ now() }}",
    );
    expect(compiled.ok && [...compiled.template.functions].sort()).toEqual([
      'kv',
      'now',
      'read',
      'uuid',
    ]);
  });

  it('gives positions of references', () => {
    const compiled = compileTemplate('a\n  {{ inputs.name }}');
    expect(compiled.ok && compiled.template.references[0]?.position).toEqual({
      line: 2,
      column: 6,
    });
  });

  it('knows templates that are nothing but text', () => {
    for (const [source, isLiteral] of [
      ['text', true],
      ['{ text }', true],
      ['{# only a note #}text', true],
      ['{{ 1 }}', false],
    ] as const) {
      const compiled = compileTemplate(source);
      expect(compiled.ok && compiled.template.isLiteral).toBe(isLiteral);
    }
  });
});

describe('any text', () => {
  const fragment = fc.constantFrom(
    '{{',
    '}}',
    '{%',
    '%}',
    '{#',
    '#}',
    '-',
    ' ',
    '\n',
    'if',
    'else',
    'endif',
    'for',
    'in',
    'endfor',
    'set',
    '=',
    'a',
    'b.c',
    '1',
    '.5',
    "'x'",
    '"',
    "'",
    '#{',
    '}',
    '{',
    '[',
    ']',
    '(',
    ')',
    ',',
    ':',
    '|',
    '~',
    '..',
    '??',
    '?',
    'is',
    'not',
    'defined',
    'and',
    'upper',
    'default',
    'jq',
    "jq('.a')",
    'range(1,9)',
    'render(a)',
    'macro',
    'm(x)',
    'endmacro',
    'filter',
    'endfilter',
    'block',
    'endblock',
    'raw',
    'endraw',
    'verbatim',
    'endverbatim',
    'constructor',
    '__proto__',
    'loop',
    'null',
    'true',
    '+',
    '*',
    '/',
    '%',
    '==',
  );
  const context = contextOf(
    { a: valueFromJson({ b: [1, 'x', null] }), x: '{{ a }}', s: 'text' },
    { limits: { loopsMax: 1000, outputCharactersMax: 10_000, depthMax: 10 } },
  );

  function settle(source: string): void {
    const result = renderTemplate(source, context);
    if (result.outcome === 'error') {
      expect(result.error.message).toMatch(/^[^\n]+$/);
      expect(result.error.message).not.toMatch(
        /undefined|TypeError|RangeError|\[object|is not a function/,
      );
      expect(result.error.position.line).toBeGreaterThan(0);
    } else expect(result.outcome).toBe('value');
  }

  it('never throws and never hangs', () => {
    fc.assert(fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), settle), {
      numRuns: 1000,
    });
    fc.assert(
      fc.property(
        fc.array(fragment, { maxLength: 40 }).map((parts) => parts.join(' ')),
        settle,
      ),
      { numRuns: 4000 },
    );
    fc.assert(
      fc.property(
        fc.array(fragment, { maxLength: 25 }).map((parts) => `{{ ${parts.join(' ')} }}`),
        settle,
      ),
      { numRuns: 4000 },
    );
  });

  it('never gives a result that the values and the language do not have', () => {
    const name = fc.constantFrom('a', 's', 'x', 'n', "'t'", '1', '[1]', "{'k': 1}", 'null', 'true');
    const key = fc.constantFrom(
      'constructor',
      '__proto__',
      'prototype',
      'valueOf',
      'b',
      '0',
      'length',
      'call',
      'apply',
      'bind',
    );
    fc.assert(
      fc.property(
        name,
        fc.array(key, { minLength: 1, maxLength: 4 }),
        fc.boolean(),
        (root, keys, isDotted) => {
          const path = keys
            .map((one) => (isDotted && !/^\d/.test(one) ? `.${one}` : `['${one}']`))
            .join('');
          const result = renderTemplate(`{% set v = ${root} %}{{ v${path} }}`, context);
          if (result.outcome === 'value')
            expect(result.value).not.toMatch(/function|native|class /);
        },
      ),
      { numRuns: 1000 },
    );
  });
});
