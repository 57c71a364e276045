/**
 * The four things done with templates: compile, render to text, evaluate to a value, render a whole
 * value. Each ends as a value with its marks, as an error, or as a wish to be asked again.
 *
 * INVARIANT: whatever the text of a template is, these functions return; they do not throw for it.
 */
import { Failure } from '../failure/index.ts';
import {
  flatten,
  isList,
  isMap,
  emptyMap,
  joinProvenance,
  type Marks,
  marksOf,
  marksOfParts,
  plain,
  plainMarks,
  type Provenance,
  type Value,
} from '../value/index.ts';
import type {
  Compilation,
  Evaluation,
  ExpressionHost,
  ExpressionLimits,
  Scope,
  Template,
} from './contract.ts';
import { Frame, type PrintedPart } from './evaluation/frame.ts';
import { HostCalls } from './evaluation/host-calls.ts';
import { Program } from './evaluation/program.ts';
import { Stop, Wait } from './stop.ts';
import { compiledOf, errorOf, exhaustion } from './template-cache.ts';
import { calculate, isNumeric, type Numeric } from './values/numbers.ts';
import { printedText } from './values/value-text.ts';
import { renderNested } from './evaluation/render-nested.ts';

/** What an evaluation needs besides the template. */
export interface EvaluationContext {
  readonly scope: Scope;
  readonly host: ExpressionHost;
  readonly limits: ExpressionLimits;
  /** Answers of host functions from earlier tries of the same evaluation. */
  readonly hostCalls?: HostCalls;
}

/** Bounds that fit everything but deliberate abuse; without a clock, so time is not checked. */
export const defaultExpressionLimits: ExpressionLimits = Object.freeze({
  loopsMax: 100_000,
  outputCharactersMax: 10_000_000,
  depthMax: 50,
  timeMs: 5_000,
  elapsedMs: () => 0,
});

/** A host without functions. */
export const emptyExpressionHost: ExpressionHost = Object.freeze({ functions: new Map() });

/** Compiles a template. */
export function compileTemplate(source: string): Compilation {
  return compiledOf(source);
}

/** Returns the stop for a name whose value exists and cannot be read, or null when `error` is none. */
function unreadable(error: unknown): Stop | null {
  if (!(error instanceof Failure)) return null;
  return new Stop('expression.failed', error.message, { help: error.help, cause: error });
}

function evaluationOf(
  template: Template | string,
  context: EvaluationContext,
  run: (program: Program, frame: Frame) => Evaluation,
): Evaluation {
  const source = typeof template === 'string' ? template : template.source;
  let program: Program;
  if (template instanceof Program) program = template;
  else {
    const compiled = compiledOf(source);
    if (!compiled.ok) return { outcome: 'error', error: compiled.error };
    program = compiled.template;
  }
  const { scope, host, limits, hostCalls } = context;
  const frame = new Frame(program, scope, host, limits, hostCalls ?? null, renderNested);
  try {
    return run(program, frame);
  } catch (error) {
    if (error instanceof Wait) return { outcome: 'pending', until: error.until };
    const stop = error instanceof Stop ? error : (unreadable(error) ?? exhaustion(error));
    if (stop === null) throw error;
    return { outcome: 'error', error: errorOf(stop, source, frame.at) };
  }
}

/** Renders a template to text. Text without `{` is returned as it is. */
export function renderTemplate(
  template: Template | string,
  context: EvaluationContext,
): Evaluation<string> {
  if (typeof template === 'string' && !template.includes('{')) {
    return { outcome: 'value', value: template, marks: plainMarks };
  }
  return evaluationOf(template, context, writeAll) as Evaluation<string>;
}

function writeAll(program: Program, frame: Frame): Evaluation<string> {
  for (const step of program.steps) step(frame);
  const { text, tone, segments } = frame;
  if (segments === null || segments.length === 0) {
    return { outcome: 'value', value: text, marks: marksOf(tone) };
  }
  return { outcome: 'value', value: text, marks: marksOf(tone), segments };
}

/**
 * Evaluates a template to a value: a template that is one expression keeps its type, several numbers
 * are added, everything else is text.
 */
export function evaluateTemplate(
  template: Template | string,
  context: EvaluationContext,
): Evaluation {
  if (typeof template === 'string' && !template.includes('{')) {
    return { outcome: 'value', value: template, marks: plainMarks };
  }
  return evaluationOf(template, context, (program, frame) => {
    const parts: PrintedPart[] = [];
    frame.parts = parts;
    for (const step of program.steps) step(frame);
    return { outcome: 'value', ...combined(parts, frame.tone) };
  });
}

function combined(
  parts: readonly PrintedPart[],
  tone: Provenance,
): { readonly value: Value; readonly marks: Marks } {
  const [first] = parts;
  if (first !== undefined && parts.length === 1) {
    const { marks } = first;
    if (tone === plain) return first;
    const own = joinProvenance(marks.own, tone);
    return {
      value: first.value,
      marks: marks.parts === undefined ? marksOf(own) : { own, parts: marks.parts },
    };
  }
  const all = parts.reduce((sum, part) => joinProvenance(sum, flatten(part.marks)), tone);
  return { value: joinedValue(parts.map((part) => part.value)), marks: marksOf(all) };
}

function joinedValue(values: readonly Value[]): Value {
  if (values.length > 0 && values.every(isNumeric)) {
    return (values as readonly Numeric[]).reduce<Value>(
      (sum, one) => calculate('+', sum as Numeric, one),
      0,
    );
  }
  return values.map(printedText).join('');
}

/** How the texts inside a value are treated. */
export type RenderMode = 'text' | 'typed';

/**
 * Renders a value: texts as templates, maps in keys and values, lists in elements; everything else is
 * left as it is. With `typed`, a text that is one expression keeps the type of its result.
 */
export function renderValue(
  value: Value,
  context: EvaluationContext,
  mode: RenderMode = 'text',
): Evaluation {
  if (typeof value === 'string') {
    return mode === 'typed' ? evaluateTemplate(value, context) : renderTemplate(value, context);
  }
  const hostCalls = context.hostCalls ?? new HostCalls();
  hostCalls.restart();
  const renderer = new ValueRenderer({ ...context, hostCalls }, mode);
  return renderer.render(value, 0);
}

const valueDepthMax = 200;

class ValueRenderer {
  private readonly context: EvaluationContext & { readonly hostCalls: HostCalls };
  private readonly mode: RenderMode;

  constructor(context: EvaluationContext & { readonly hostCalls: HostCalls }, mode: RenderMode) {
    this.context = context;
    this.mode = mode;
  }

  render(value: Value, depth: number): Evaluation {
    if (typeof value === 'string') return this.renderText(value);
    if (depth > valueDepthMax) return { outcome: 'error', error: tooDeepError };
    if (isList(value)) return this.renderList(value, depth);
    return isMap(value)
      ? this.renderMap(value, depth)
      : { outcome: 'value', value, marks: plainMarks };
  }

  private renderText(text: string): Evaluation {
    if (!text.includes('{')) return { outcome: 'value', value: text, marks: plainMarks };
    const context = { ...this.context, hostCalls: this.context.hostCalls.next() };
    return this.mode === 'typed' ? evaluateTemplate(text, context) : renderTemplate(text, context);
  }

  private renderList(list: readonly Value[], depth: number): Evaluation {
    const values: Value[] = [];
    const parts: [string, Marks][] = [];
    for (const one of list) {
      const rendered = this.render(one, depth + 1);
      if (rendered.outcome !== 'value') return rendered;
      if (rendered.marks !== plainMarks) parts.push([String(values.length), rendered.marks]);
      values.push(rendered.value);
    }
    return {
      outcome: 'value',
      value: values,
      marks: parts.length === 0 ? plainMarks : marksOfParts(parts),
    };
  }

  private renderMap(map: { readonly [key: string]: Value }, depth: number): Evaluation {
    const values = emptyMap();
    const parts: [string, Marks][] = [];
    let shape = plain;
    for (const key of Object.keys(map)) {
      const name = this.renderText(key);
      if (name.outcome !== 'value') return name;
      const entry = this.render(map[key] as Value, depth + 1);
      if (entry.outcome !== 'value') return entry;
      if (name.marks !== plainMarks) shape = joinProvenance(shape, flatten(name.marks));
      const text = printedText(name.value);
      if (entry.marks !== plainMarks) parts.push([text, entry.marks]);
      values[text] = entry.value;
    }
    return { outcome: 'value', value: values, marks: marksOfParts(parts, shape) };
  }
}

const tooDeepError = {
  code: 'expression.depth-limit-reached',
  message: 'the value to render is nested too deeply',
  help: `lists and maps may be nested ${valueDepthMax} deep`,
  position: { line: 1, column: 1 },
} as const;

/** An evaluation that has ended. */
export type Settled<T extends Value = Value> = Exclude<Evaluation<T>, { outcome: 'pending' }>;

/** Repeats `evaluate` with the answers of its host calls until it does not have to wait any more. */
async function settle<T extends Value>(
  context: EvaluationContext,
  evaluate: (context: EvaluationContext) => Evaluation<T>,
): Promise<Settled<T>> {
  const hostCalls = context.hostCalls ?? new HostCalls();
  for (;;) {
    const result = evaluate({ ...context, hostCalls });
    if (result.outcome !== 'pending') return result;
    await result.until;
  }
}

/** Renders a template to text, waiting for the host where needed. */
export function renderSettled(
  template: Template | string,
  context: EvaluationContext,
): Promise<Settled<string>> {
  return settle(context, (one) => renderTemplate(template, one));
}

/** Evaluates a template to a value, waiting for the host where needed. */
export function evaluateSettled(
  template: Template | string,
  context: EvaluationContext,
): Promise<Settled> {
  return settle(context, (one) => evaluateTemplate(template, one));
}

/** Renders a value, waiting for the host where needed. */
export function renderValueSettled(
  value: Value,
  context: EvaluationContext,
  mode: RenderMode = 'text',
): Promise<Settled> {
  return settle(context, (one) => renderValue(value, one, mode));
}
