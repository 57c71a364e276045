/**
 * Rendering for one execution: templates of its flow against its names, with the functions that need
 * the world. Secrets that a template uses are remembered, so that logs can hide them.
 */
import {
  defaultExpressionLimits,
  type EvaluationContext,
  type ExpressionError,
  type ExpressionHost,
  type ExpressionLimits,
  HostCalls,
  type HostFunction,
  renderValue,
  renderValueSettled,
  type Scope,
} from '../../core/expression/index.ts';
import type { ErrorNote, Execution, OuterNames, TaskRun } from '../../core/engine/index.ts';
import { scopeFor } from '../../core/engine/index.ts';
import {
  flatten,
  joinProvenance,
  type Marks,
  plain,
  type Provenance,
  type Value,
  type ValueMap,
} from '../../core/value/index.ts';
import type { Cipher } from '../../ports/cipher.ts';
import type { Clock } from '../../ports/clock.ts';
import { unseal } from './sealed-values.ts';

/** What rendering needs of the system. */
export interface RenderParts {
  readonly clock: Clock;
  readonly cipher: Cipher;
  readonly outer: OuterNames;
}

/** Something rendered, or why it could not be. */
export type RenderResult =
  | { readonly ok: true; readonly value: Value; readonly marks: Marks }
  | { readonly ok: false; readonly error: ErrorNote };

/** What a rendering is for. */
export interface RenderTarget {
  readonly execution: Execution;
  readonly run: TaskRun | null;
  readonly around: readonly Execution[];
  readonly functions: ReadonlyMap<string, HostFunction>;
  /** Told each secret that is used. */
  readonly reveal: (secret: string) => void;
  readonly more?: ValueMap;
}

/** Returns the bounds of an evaluation, with a clock. */
export function limitsFor(clock: Clock): ExpressionLimits {
  return { ...defaultExpressionLimits, elapsedMs: () => clock.elapsedMs() };
}

/** Returns the join of everything that a template may read in `scope`. */
export function provenanceOfScope(scope: Scope): Provenance {
  let joint = plain;
  for (const name of scope.names()) joint = joinProvenance(joint, flatten(scope.marks(name)));
  return joint;
}

/** Returns `error` as a note on an execution or a run. */
export function noteOf(error: ExpressionError): ErrorNote {
  return { message: error.message, code: error.code };
}

/** Returns what is needed to evaluate the templates of `target`. */
export function contextFor(parts: RenderParts, target: RenderTarget): EvaluationContext {
  const scope = scopeFor({
    execution: target.execution,
    run: target.run,
    outer: parts.outer,
    around: target.around,
    ...(target.more !== undefined && { more: target.more }),
  });
  const host: ExpressionHost = { functions: target.functions };
  const hasSecrets = target.execution.flow.inputs.some((input) => input.type === 'SECRET');
  return {
    scope: hasSecrets ? withReadableSecrets(scope, parts.cipher, target.reveal) : scope,
    host,
    limits: limitsFor(parts.clock),
  };
}

function withReadableSecrets(
  scope: Scope,
  cipher: Cipher,
  reveal: (secret: string) => void,
): Scope {
  return {
    ...scope,
    value: (name) => {
      const value = scope.value(name);
      return name === 'inputs' && value !== undefined ? unseal(value, cipher, reveal) : value;
    },
  };
}

/**
 * Renders `value` and calls `done` with the result: at once where nothing has to be waited for, which
 * keeps a step of an execution in one turn of the event loop.
 */
export function renderThen(
  context: EvaluationContext,
  value: Value,
  mode: 'text' | 'typed',
  done: (result: RenderResult) => void,
): 'done' | 'later' {
  // What the host answers is remembered, so that trying again does not ask it twice.
  const remembering = { ...context, hostCalls: new HostCalls() };
  const first = renderValue(value, remembering, mode);
  if (first.outcome === 'pending') {
    void renderAgain(remembering, value, mode).then(done);
    return 'later';
  }
  done(
    first.outcome === 'value'
      ? { ok: true, value: first.value, marks: first.marks }
      : { ok: false, error: noteOf(first.error) },
  );
  return 'done';
}

async function renderAgain(
  context: EvaluationContext,
  value: Value,
  mode: 'text' | 'typed',
): Promise<RenderResult> {
  const result = await renderValueSettled(value, context, mode);
  return result.outcome === 'value'
    ? { ok: true, value: result.value, marks: result.marks }
    : { ok: false, error: noteOf(result.error) };
}

/** Renders `value`, waiting where needed. */
export function render(
  context: EvaluationContext,
  value: Value,
  mode: 'text' | 'typed',
): Promise<RenderResult> {
  return new Promise((resolve) => {
    renderThen(context, value, mode, resolve);
  });
}
