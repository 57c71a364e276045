/** What the tests of this folder share: scopes made of plain data, and short ways to render. */
import {
  emptyMap,
  isList,
  isMap,
  type Marked,
  type Marks,
  plainMarks,
  type Value,
} from '../value/index.ts';
import type {
  Evaluation,
  ExpressionError,
  ExpressionLimits,
  HostFunction,
  Scope,
} from './contract.ts';
import {
  defaultExpressionLimits,
  type EvaluationContext,
  evaluateTemplate,
  renderTemplate,
} from './evaluate.ts';

/** Returns a scope that holds `values`, marked by `marks`. */
export function scopeOf(
  values: Readonly<Record<string, Value>>,
  marks: Readonly<Record<string, Marks>> = {},
): Scope {
  return {
    value: (name) => (Object.hasOwn(values, name) ? values[name] : undefined),
    marks: (name) => (Object.hasOwn(marks, name) ? (marks[name] ?? plainMarks) : plainMarks),
    names: () => Object.keys(values),
  };
}

/** Returns a host function that answers with what `call` makes of its arguments. */
export function hostFunction(
  parameters: readonly string[],
  call: (args: Readonly<Record<string, Value | undefined>>) => Marked | Promise<Marked>,
): HostFunction {
  return { parameters, call };
}

/** Returns what an evaluation needs. */
export function contextOf(
  values: Readonly<Record<string, Value>> = {},
  more: {
    readonly marks?: Readonly<Record<string, Marks>>;
    readonly functions?: Readonly<Record<string, HostFunction>>;
    readonly limits?: Partial<ExpressionLimits>;
    readonly timeZone?: string;
  } = {},
): EvaluationContext {
  const functions = new Map(Object.entries(more.functions ?? {}));
  const { timeZone } = more;
  return {
    scope: scopeOf(values, more.marks),
    host: timeZone === undefined ? { functions } : { functions, timeZone },
    limits: { ...defaultExpressionLimits, ...more.limits },
  };
}

/** Returns the text that a template renders to; throws when it does not render. */
export function textOf(source: string, values: Readonly<Record<string, Value>> = {}): string {
  return valueIn(renderTemplate(source, contextOf(values)));
}

/** Returns the value that a template evaluates to; throws when it does not. */
export function valueOf(source: string, values: Readonly<Record<string, Value>> = {}): Value {
  return valueIn(evaluateTemplate(source, contextOf(values)));
}

/** Returns the error that a template ends with; throws when it ends well. */
export function errorIn(
  source: string,
  values: Readonly<Record<string, Value>> = {},
  context: EvaluationContext = contextOf(values),
): ExpressionError {
  const result = renderTemplate(source, context);
  if (result.outcome === 'error') return result.error;
  throw new Error(`\`${source}\` ended as ${result.outcome}`);
}

/** Returns the value of an evaluation; throws when there is none. */
export function valueIn<T extends Value>(result: Evaluation<T>): T {
  if (result.outcome === 'value') return result.value;
  throw new Error(result.outcome === 'error' ? result.error.message : 'the evaluation is pending');
}

/** Returns plain JSON data as a value of the language, with maps that have no prototype. */
export function valueFromJson(value: unknown): Value {
  if (Array.isArray(value)) return value.map(valueFromJson);
  if (!isMap(value) || isList(value)) return value as Value;
  const map = emptyMap();
  for (const key of Object.keys(value)) map[key] = valueFromJson(value[key]);
  return map;
}
