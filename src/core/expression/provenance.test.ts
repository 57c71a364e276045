/**
 * Provenance through expressions: rules 1 to 8 and 12 of the security facts, section 1.4. Each template
 * is rendered with one marked source; what it influenced carries its class, everything else does not.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  covers,
  flatten,
  type Marks,
  marksAt,
  marksOf,
  marksOfParts,
  plain,
  plainMarks,
  provenanceOf,
  type Value,
} from '../value/index.ts';
import {
  type EvaluationContext,
  evaluateTemplate,
  renderTemplate,
  renderValue,
} from './evaluate.ts';
import { contextOf, valueFromJson, errorIn, hostFunction } from './testing.ts';

const secret = provenanceOf({
  trust: 'untrusted',
  classes: [{ name: 'personal', subject: 'c:1' }],
});
const other = provenanceOf({
  trust: 'constrained',
  bits: 1,
  classes: [{ name: 'payment', subject: null }],
});

const values: Readonly<Record<string, Value>> = {
  plainText: 'p',
  mail: valueFromJson({ body: 'hello', id: 7, tags: ['a', 'b'] }),
  flag: true,
  choice: 'a',
  shaped: valueFromJson(['x', 'y']),
  table: valueFromJson({ a: 1, b: 2 }),
  outputs: valueFromJson({ done: { value: 'v' } }),
};

const marks: Readonly<Record<string, Marks>> = {
  mail: marksOfParts([['body', marksOf(secret)]]),
  flag: marksOf(secret),
  choice: marksOf(secret),
  // Only how many items there are is marked, not the items.
  shaped: marksOf(secret),
  outputs: marksOfParts([['maybe', marksOf(secret)]]),
};

const context: EvaluationContext = contextOf(values, { marks });

function classesOf(source: string, at: EvaluationContext = context): readonly string[] {
  const result = renderTemplate(source, at);
  if (result.outcome !== 'value') throw new Error(JSON.stringify(result));
  return flatten(result.marks).classes.map((one) => one.name);
}

function marksOfValue(source: string): Marks {
  const result = evaluateTemplate(source, context);
  if (result.outcome !== 'value') throw new Error(JSON.stringify(result));
  return result.marks;
}

describe('rule 1: literals are trusted and have no class', () => {
  it('leaves a template without marked data unmarked, by identity', () => {
    for (const source of ['a', "{{ 'a' ~ 1 }}", '{{ plainText | upper }}', '{{ mail.id + 1 }}']) {
      const result = evaluateTemplate(source, context);
      expect(result).toMatchObject({ outcome: 'value' });
      expect(result.outcome === 'value' && result.marks).toBe(plainMarks);
    }
  });
});

describe('rule 2: operators, filters and functions join their arguments', () => {
  it.each([
    "{{ mail.body ~ 'x' }}",
    "{{ 'x' + mail.body }}",
    '{{ mail.body == plainText }}',
    "{{ mail.body contains 'h' }}",
    '{{ mail.body | upper | trim }}',
    "{{ 'x' | replace({'x': mail.body}) }}",
    '{{ plainText | default(mail.body) ~ mail.body }}',
    '{{ max(1, mail.body | length) }}',
    '{{ mail.body.toUpperCase() }}',
    "{{ 'abc'.indexOf(mail.body) }}",
    '{{ "n: #{mail.body}" }}',
    '{{ [mail.body] | join }}',
    "{{ {'k': mail.body} | toJson }}",
    '{{ mail | jq(".id") }}',
    '{{ not mail.body }}',
    '{{ mail.body is empty }}',
    '{{ 1..(mail.body | length) }}',
    '{% filter upper %}{{ mail.body }}{% endfilter %}',
    '{% macro m(a) %}{{ a }}{% endmacro %}{{ m(mail.body) }}',
    '{% block b %}{{ mail.body }}{% endblock %}',
    '{{ mail }}',
    '{{ printContext() }}',
  ])('%s is marked', (source) => {
    expect(classesOf(source)).toEqual(['personal']);
  });

  it('keeps segments of the text, so that only what came from outside is looked at', () => {
    const segmentsOf = (source: string): readonly unknown[] => {
      const result = renderTemplate(source, context);
      if (result.outcome !== 'value') throw new Error('no value');
      return (result.segments ?? []).map(({ start, end, own }) => [
        result.value.slice(start, end),
        own.trust,
      ]);
    };
    expect(segmentsOf('Dear {{ plainText }}, {{ mail.body }}! {{ mail.body | upper }}')).toEqual([
      ['hello', 'untrusted'],
      ['HELLO', 'untrusted'],
    ]);
    expect(segmentsOf('a{% if flag %}b{{ plainText }}{% endif %}c')).toEqual([
      ['b', 'untrusted'],
      ['p', 'untrusted'],
    ]);
    expect(segmentsOf('{% filter upper %}a{{ mail.body }}{% endfilter %}')).toEqual([
      ['AHELLO', 'untrusted'],
    ]);
    expect(segmentsOf('a {{ plainText }}')).toEqual([]);
  });

  it('keeps the outputs of other rounds of a loop apart', () => {
    const at = contextOf(
      {
        outputs: valueFromJson({ t: { a: { v: 1 }, b: { v: 2 } } }),
        taskrun: valueFromJson({ value: 'a' }),
      },
      {
        marks: {
          outputs: marksOfParts([['t', marksOfParts([['b', marksOf(secret)]])]]),
        },
      },
    );
    expect(classesOf('{{ currentEachOutput(outputs.t).v }}', at)).toEqual([]);
    expect(classesOf('{{ outputs.t.b.v }}', at)).toEqual(['personal']);
  });

  it('joins two sources', () => {
    const both = contextOf(
      { a: 'x', b: 'y' },
      { marks: { a: marksOf(secret), b: marksOf(other) } },
    );
    const result = renderTemplate('{{ a }}-{{ b }}', both);
    const own = result.outcome === 'value' ? flatten(result.marks) : plain;
    expect(own.trust).toBe('untrusted');
    expect(own.classes.map((one) => one.name)).toEqual(['payment', 'personal']);
  });
});

describe('rule 3: containers keep the marks of their parts', () => {
  it('leaves other parts alone', () => {
    expect(classesOf('{{ mail.id }}')).toEqual([]);
    expect(classesOf('{{ mail.tags[0] }}')).toEqual([]);
    expect(classesOf('{{ mail | length }}{{ mail | keys }}')).toEqual([]);
  });

  it('keeps the tree of what is read whole', () => {
    const tree = marksOfValue('{{ mail }}');
    expect(tree).toBe(marks['mail']);
    expect(marksAt(tree, 'id')).toBe(plainMarks);
  });

  it('builds trees for lists and maps that are written out', () => {
    const list = marksOfValue('{{ [1, mail.body] }}');
    expect(flatten(marksAt(list, 0))).toEqual(plain);
    expect(flatten(marksAt(list, 1)).classes).toHaveLength(1);
    const map = marksOfValue("{{ {'a': mail.body, 'b': 2} }}");
    expect(flatten(marksAt(map, 'b'))).toEqual(plain);
    expect(flatten(marksAt(map, 'a')).classes).toHaveLength(1);
    const keyed = marksOfValue('{{ {choice: 1} }}');
    expect(keyed.own.classes).toHaveLength(1);
  });

  it('gives each part the marks of the shape', () => {
    expect(classesOf('{{ shaped[0] }}')).toEqual(['personal']);
    expect(classesOf('{{ shaped | length }}')).toEqual(['personal']);
    expect(classesOf('{{ shaped | first }}')).toEqual(['personal']);
  });
});

describe('rule 4: selection joins with what selects', () => {
  it.each([
    '{{ table[choice] }}',
    "{{ table[choice] ?? 'd' }}",
    '{{ mail.tags[choice | length] }}',
  ])('%s is marked', (source) => {
    expect(classesOf(source)).toEqual(['personal']);
  });
});

describe('rule 5: branches mark what runs and what is skipped because of them', () => {
  it.each([
    "{{ flag ? 'a' : 'b' }}",
    '{% if flag %}a{% else %}b{% endif %}',
    '{% if not flag %}a{% endif %}',
    '{% if false %}x{% elseif flag %}a{% endif %}',
    '{% set x = 1 %}{% if flag %}{% set x = 2 %}{% endif %}{{ x }}',
    '{{ flag and plainText }}',
    '{{ flag or plainText }}',
    "{{ outputs.maybe ?? 'default' }}",
    "{{ outputs.maybe.value ?? 'default' }}",
    "{{ outputs.maybe.value | default('d') }}",
    '{{ outputs.maybe is defined }}',
    "{{ (outputs.maybe | upper) ?? 'd' }}",
    "{{ (flag ? nope : 1) ?? 'd' }}",
  ])('%s is marked', (source) => {
    expect(classesOf(source)).toEqual(['personal']);
  });

  it('does not mark what stands beside the absence', () => {
    expect(classesOf("{{ outputs.done.value ?? 'd' }}")).toEqual([]);
    expect(classesOf("{{ outputs.never ?? 'd' }}")).toEqual([]);
  });

  it('marks a variable that a branch might have set, also when it did not', () => {
    const template = '{% if not flag %}{% set x = 1 %}{% endif %}';
    const calls: Marks[] = [];
    const note = {
      parameters: ['v'],
      call: (_: unknown, given: Readonly<Record<string, Marks>>) => {
        calls.push(given['v'] ?? plainMarks);
        return { value: 'ok', marks: plainMarks };
      },
    };
    const at = contextOf(values, { marks, functions: { note } });
    renderTemplate(`${template}{{ note(x ?? 'unset') }}`, at);
    expect(calls.map((one) => flatten(one).classes.length)).toEqual([1]);
  });

  it('tells a host function under which condition it is called', () => {
    const seen: Marks[] = [];
    const spy = {
      parameters: ['v'],
      call: (_: unknown, given: Readonly<Record<string, Marks>>) => {
        seen.push(given['v'] ?? plainMarks);
        return { value: 'r', marks: plainMarks };
      },
    };
    const at = contextOf(values, { marks, functions: { spy } });
    for (const source of [
      "{% if flag %}{{ spy('x') }}{% endif %}",
      "{{ flag ? spy('x') : 1 }}",
      "{{ flag and spy('x') }}",
      "{{ outputs.maybe ?? spy('x') }}",
      "{{ spy('x') }}",
    ]) {
      renderTemplate(source, at);
    }
    expect(seen.map((one) => flatten(one).classes.length)).toEqual([1, 1, 1, 1, 0]);
  });
});

describe('rule 6: loops mark by the shape of what they run over', () => {
  it.each([
    '{% for x in shaped %}i{% endfor %}',
    '{% for x in shaped %}{% else %}none{% endfor %}',
    '{% set n = 0 %}{% for x in shaped %}{% set n = n + 1 %}{% endfor %}{{ n }}',
    '{% for x in [mail.body] %}{{ x }}{% endfor %}',
    '{% for e in mail %}{{ e.value }}{% endfor %}',
  ])('%s is marked', (source) => {
    expect(classesOf(source)).toEqual(['personal']);
  });

  it('leaves items alone whose marks differ', () => {
    expect(classesOf('{% for x in [1, mail.id] %}{{ x }}{% endfor %}')).toEqual([]);
    expect(classesOf("{% for e in {'a': mail.body, 'b': 1} %}{{ e.key }}{% endfor %}")).toEqual([]);
  });
});

describe('rules 7 and 8: what comes from the host is never weaker than its arguments', () => {
  const functions = {
    kv: hostFunction(['key'], () => ({ value: 'stored', marks: marksOf(other) })),
    id: hostFunction(['v'], () => ({ value: 'x', marks: plainMarks })),
  };
  const at = contextOf(values, { marks, functions });

  it('joins the marks of the answer with those of the arguments', () => {
    expect(classesOf("{{ kv('k') }}", at)).toEqual(['payment']);
    expect(classesOf('{{ kv(mail.body) }}', at)).toEqual(['payment', 'personal']);
    expect(classesOf('{{ id(mail.body) }}', at)).toEqual(['personal']);
    expect(classesOf('{{ id(mail.id) }}', at)).toEqual([]);
  });
});

describe('template injection (security facts, section 7)', () => {
  it('renders no text from outside as a template', () => {
    const outside = contextOf(
      { t: '{{ plainText }}', plainText: 'p', u: 'no template' },
      { marks: { t: marksOf(secret), u: marksOf(secret) } },
    );
    expect(errorIn('{{ render(t) }}', {}, outside).message).toContain('text from outside');
    expect(errorIn('{{ renderOnce(t) }}', {}, outside).message).toContain('text from outside');
    expect(errorIn("{{ render('{{ t }}') }}", {}, outside).message).toContain('text from outside');
    expect(classesOf('{{ render(u) }}', outside)).toEqual(['personal']);
    expect(classesOf('{{ t }}', outside)).toEqual(['personal']);
  });

  it('treats a value that contains a template as text', () => {
    const at = contextOf({ t: '{{ plainText }}' });
    expect(renderTemplate('{{ t }}', at)).toMatchObject({ value: '{{ plainText }}' });
  });
});

describe('rendered values', () => {
  it('marks each part, and the shape by its keys', () => {
    const result = renderValue(
      valueFromJson({ a: '{{ mail.body }}', b: ['x', '{{ mail.id }}'], c: 1 }),
      context,
    );
    if (result.outcome !== 'value') throw new Error('no value');
    expect(result.value).toEqual(valueFromJson({ a: 'hello', b: ['x', '7'], c: 1 }));
    expect(flatten(marksAt(result.marks, 'a')).classes).toHaveLength(1);
    expect(marksAt(result.marks, 'b')).toBe(plainMarks);
    const keyed = renderValue(valueFromJson({ '{{ choice }}': 1 }), context);
    expect(keyed.outcome === 'value' && keyed.marks.own.classes).toHaveLength(1);
  });
});

describe('any expression', () => {
  const atom = fc.constantFrom(
    'mail.body',
    'flag',
    'choice',
    'plainText',
    "'x'",
    '1',
    'mail.id',
    'nope',
  );
  const expression = fc.letrec<{ e: string }>((tie) => ({
    e: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      atom,
      fc
        .tuple(tie('e'), fc.constantFrom('~', '==', '+', '??', 'and', 'or'), tie('e'))
        .map(([a, o, b]) => `(${a} ${o} ${b})`),
      fc
        .tuple(tie('e'), fc.constantFrom('upper', 'length', 'string', 'toJson'))
        .map(([a, f]) => `(${a} | ${f})`),
      fc.tuple(tie('e'), tie('e'), tie('e')).map(([a, b, c]) => `(${a} ? ${b} : ${c})`),
      fc.tuple(tie('e'), tie('e')).map(([a, b]) => `([${a}, ${b}] | first)`),
    ),
  })).e;

  it('gives a result that depends on the marked data only with its marks (non-interference)', () => {
    const variants: Readonly<Record<string, Value>>[] = [
      values,
      {
        ...values,
        mail: valueFromJson({ body: 'other', id: 7, tags: ['a', 'b'] }),
        flag: false,
        choice: 'b',
      },
    ];
    fc.assert(
      fc.property(expression, (source) => {
        const [first, second] = variants.map((one) =>
          renderTemplate(`{{ ${source} }}`, contextOf(one, { marks })),
        );
        if (first?.outcome !== 'value' || second?.outcome !== 'value') return;
        if (first.value !== second.value) expect(covers(flatten(first.marks), secret)).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });
});
