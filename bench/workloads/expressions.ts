/**
 * V2: expressions. Small templates over unmarked and marked values, and what the marks cost where nothing
 * is marked: the same template with and without asking the scope for marks, measured in turns.
 */
import {
  compileTemplate,
  defaultExpressionLimits,
  emptyExpressionHost,
  type EvaluationContext,
  renderTemplate,
  type Scope,
  type Template,
} from '../../src/core/expression/index.ts';
import {
  type Marks,
  marksOf,
  plainMarks,
  provenanceOf,
  type Value,
} from '../../src/core/value/index.ts';
import { median, type Measure } from '../measure.ts';
import { scaled, type Workload } from '../workload.ts';

const values: Readonly<Record<string, Value>> = {
  inputs: { name: 'Ann', count: 3, tags: ['new', 'vip'] },
  outputs: { a: { value: 'ready' }, rows: [{ id: 1 }, { id: 2 }, { id: 3 }, { id: 4 }] },
};

const templates = {
  small: 'Hello {{ inputs.name }}, {{ outputs.a.value | upper }}',
  condition: "{% if inputs.count > 2 and inputs.name != 'Bob' %}{{ inputs.count * 2 }}{% endif %}",
  loop: "{% for row in outputs.rows %}{{ loop.index }}: {{ row.id ~ '-' ~ inputs.name }}\n{% endfor %}",
};

/** Names whose marks are never asked for: what an evaluator without marks would do at best. */
function scope(marksOfName: ((name: string) => Marks) | null): Scope {
  const value = (name: string): Value | undefined =>
    Object.hasOwn(values, name) ? values[name] : undefined;
  const names = (): readonly string[] => Object.keys(values);
  return { value, names, marks: marksOfName ?? (() => plainMarks) };
}

const marksByName = new Map<string, Marks>(Object.keys(values).map((name) => [name, plainMarks]));
const outside = marksOf(
  provenanceOf({ trust: 'untrusted', classes: [{ name: 'personal', subject: 'customer:1' }] }),
);

function contextOf(marks: ((name: string) => Marks) | null): EvaluationContext {
  return { scope: scope(marks), host: emptyExpressionHost, limits: defaultExpressionLimits };
}

const contexts = {
  without: contextOf(null),
  unmarked: contextOf((name) => marksByName.get(name) ?? plainMarks),
  marked: contextOf(() => outside),
};

let length = 0;

/** Returns the nanoseconds of one render. */
function measure(template: Template, context: EvaluationContext, count: number): number {
  const start = process.hrtime.bigint();
  for (let i = 0; i < count; i += 1) {
    const result = renderTemplate(template, context);
    // Reading a character makes the engine join the parts of the text, as every user of it would.
    if (result.outcome === 'value') length += result.value.charCodeAt(0);
  }
  return Number(process.hrtime.bigint() - start) / count;
}

/** The rounds that bring the engine to its full speed. */
const warmingRounds = 3;

/** Measures the template `source` in turns. */
function measureTemplate(name: string, source: string, rounds: number, count: number): Measure[] {
  const compiled = compileTemplate(source);
  if (!compiled.ok) throw new Error(compiled.error.message);
  const times = { without: [] as number[], unmarked: [] as number[], marked: [] as number[] };
  for (let round = 0; round < rounds + warmingRounds; round += 1) {
    for (const key of ['without', 'unmarked', 'marked'] as const) {
      const time = measure(compiled.template, contexts[key], count);
      if (round >= warmingRounds) times[key].push(time);
    }
  }
  const base = median(times.without);
  return (['unmarked', 'marked'] as const).map((key) => ({
    what: `template \`${name}\` over ${key} values`,
    value: 1e9 / median(times[key]),
    unit: '/s',
    ratio: median(times[key]) / base,
    to: 'the time without marks',
    ...(key === 'unmarked' && { budget: { max: 1.1 } }),
  }));
}

/** V2. */
export const expressions: Workload = {
  id: 'V2',
  title: 'what marks cost an expression',
  async run({ size }) {
    const [rounds, count] = [size.rounds * 4 + 1, scaled(size, 20_000, 100)];
    const measures = Object.entries(templates).flatMap(([name, source]) =>
      measureTemplate(name, source, rounds, count),
    );
    if (length === 0) throw new Error('nothing was rendered');
    return measures;
  },
};
