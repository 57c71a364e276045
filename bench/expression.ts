/**
 * Workload: expressions. Renders small templates over unmarked and marked data, and prints what the
 * marks cost where nothing is marked: the same template with and without asking the scope for marks,
 * measured in turns in one run. Prints renders per second beside the ratio.
 */
import {
  compileTemplate,
  defaultExpressionLimits,
  emptyExpressionHost,
  type EvaluationContext,
  renderTemplate,
  type Scope,
  type Template,
} from '../src/core/expression/index.ts';
import {
  type Marks,
  marksOf,
  plainMarks,
  provenanceOf,
  type Value,
} from '../src/core/value/index.ts';

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

function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[numbers.length >> 1] ?? Number.NaN;
}

/** What is measured of one template. */
export interface ExpressionResult {
  readonly template: string;
  readonly rendersPerSecond: number;
  /** Time with marks asked for and none found, by time without asking. */
  readonly unmarkedRatio: number;
  /** Time with everything marked, by time without asking. */
  readonly markedRatio: number;
}

/** Measures each template in turns. */
export function run(rounds = 21, count = 20_000): readonly ExpressionResult[] {
  return Object.entries(templates).map(([name, source]) => {
    const compiled = compileTemplate(source);
    if (!compiled.ok) throw new Error(compiled.error.message);
    const times = { without: [] as number[], unmarked: [] as number[], marked: [] as number[] };
    for (let round = 0; round < rounds + 3; round += 1) {
      for (const key of ['without', 'unmarked', 'marked'] as const) {
        const time = measure(compiled.template, contexts[key], count);
        // The first rounds warm the engine up.
        if (round >= 3) times[key].push(time);
      }
    }
    const base = median(times.without);
    return {
      template: name,
      rendersPerSecond: Math.round(1e9 / median(times.unmarked)),
      unmarkedRatio: median(times.unmarked) / base,
      markedRatio: median(times.marked) / base,
    };
  });
}

if (import.meta.main) {
  for (const result of run()) {
    console.log(
      `expression ${result.template.padEnd(10)} ${String(result.rendersPerSecond).padStart(9)} renders/s` +
        `  unmarked/without ${result.unmarkedRatio.toFixed(3)} (budget < 1.10)` +
        `  marked/without ${result.markedRatio.toFixed(2)}`,
    );
  }
  if (length === 0) throw new Error('nothing was rendered');
}
