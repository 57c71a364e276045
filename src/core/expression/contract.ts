/**
 * What an expression is to the rest of the system: text compiled once, evaluated against a scope and a
 * host, giving a value with its marks. The scope holds names (`inputs`, `outputs`, …), resolved only
 * when asked for; the host performs the functions that need the world (`now`, `kv`, `read`, …).
 *
 * INVARIANT: evaluation has no effects and no clock; what it needs of the world comes from the host.
 */
import type { Marked, Marks, Provenance, Value } from '../value/index.ts';

/** Where in a template something stands; both start at 1. */
export interface TemplatePosition {
  readonly line: number;
  readonly column: number;
}

/** What is wrong with a template, or went wrong while it was evaluated. */
export interface ExpressionError {
  readonly code:
    | 'expression.syntax-wrong'
    | 'expression.name-unknown'
    | 'expression.function-unknown'
    | 'expression.filter-unknown'
    | 'expression.test-unknown'
    | 'expression.type-wrong'
    | 'expression.argument-wrong'
    | 'expression.failed'
    | 'expression.loop-limit-reached'
    | 'expression.output-limit-reached'
    | 'expression.depth-limit-reached'
    | 'expression.time-limit-reached';
  readonly message: string;
  readonly help: string;
  readonly position: TemplatePosition;
  /** The unknown name, where there is one. */
  readonly name?: string;
  /** The failure of a host function that ended the evaluation. */
  readonly cause?: unknown;
}

/** A path of names that a template reads, as far as it is written out: `outputs.extract.uri`, `inputs['a b']`. */
export interface TemplateReference {
  /** The names, from the root on; ends before the first part that is computed. */
  readonly path: readonly string[];
  readonly position: TemplatePosition;
  /** True when the template itself copes with absence: `??`, `is defined`, `default`. */
  readonly isGuarded: boolean;
}

/** A compiled template. */
export interface Template {
  readonly source: string;
  /** True when there is nothing to evaluate. */
  readonly isLiteral: boolean;
  /** What the template reads of its scope; names that it sets itself are left out. */
  readonly references: readonly TemplateReference[];
  /** Names of functions that it calls. */
  readonly functions: readonly string[];
}

/** The names that a template may read. */
export interface Scope {
  /** Returns the value of `name`, or undefined when there is none. Called once per use; expected to be cheap. */
  value(name: string): Value | undefined;
  /** Returns the marks of `name`. */
  marks(name: string): Marks;
  /** Returns every name, for `printContext()`. */
  names(): readonly string[];
}

/** A function that needs the world. */
export interface HostFunction {
  /** Names of its parameters, in order; all may be named by the caller. */
  readonly parameters: readonly string[];
  /**
   * Returns the result, now or later; throws a `Failure` or gives a rejected promise when it cannot.
   * `marks` holds the marks of each argument, joined with what decided that the call takes place.
   */
  call(
    args: Readonly<Record<string, Value | undefined>>,
    marks: Readonly<Record<string, Marks>>,
  ): Marked | Promise<Marked>;
}

/** The world as expressions see it. */
export interface ExpressionHost {
  readonly functions: ReadonlyMap<string, HostFunction>;
  /** Told each marked value that a template prints, before it is part of a text. */
  readonly printed?: (value: Value, own: Provenance) => void;
  /** The zone of dates without one, as an IANA name or offset; UTC when absent. */
  readonly timeZone?: string;
}

/** Bounds of one evaluation. */
export interface ExpressionLimits {
  readonly loopsMax: number;
  readonly outputCharactersMax: number;
  readonly depthMax: number;
  /** The longest time of one evaluation; needs `elapsedMs` to be checked. */
  readonly timeMs: number;
  /** Reads a clock that only ever grows; handed in because core has none. */
  readonly elapsedMs: () => number;
}

/** A part of a rendered text that is not the author's own, and where it comes from. */
export interface TextSegment {
  readonly start: number;
  readonly end: number;
  readonly own: Provenance;
}

/** How an evaluation ended. `pending` asks to evaluate again once the promise has settled. */
export type Evaluation<T extends Value = Value> =
  | {
      readonly outcome: 'value';
      readonly value: T;
      readonly marks: Marks;
      /** Of a rendered text: its marked parts in order; absent when nothing is marked. */
      readonly segments?: readonly TextSegment[];
    }
  | { readonly outcome: 'error'; readonly error: ExpressionError }
  | { readonly outcome: 'pending'; readonly until: Promise<unknown> };

/** The result of compiling. */
export type Compilation =
  | { readonly ok: true; readonly template: Template }
  | { readonly ok: false; readonly error: ExpressionError };
