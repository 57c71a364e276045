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
import type { Flow } from '../../core/flow/index.ts';
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
import { holdsCredential, holdsSealed, revealMade, unseal } from './sealed-values.ts';

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
  /** True where it reads values of an execution of another flow, which may have sealed some. */
  readonly readsOthers?: boolean;
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
  const host: ExpressionHost = {
    functions: target.functions,
    printed: (value, { classes }) => {
      if (holdsCredential(classes)) revealMade(value, target.reveal);
    },
  };
  const isReadable = target.readsOthers !== true && !mayHoldSecrets(target.execution);
  return {
    scope: isReadable ? scope : withReadableSecrets(scope, parts.cipher, target.reveal),
    host,
    limits: limitsFor(parts.clock),
  };
}

const mentionsSecrets = new WeakMap<Flow, boolean>();
const holdingMaps = new WeakMap<object, boolean>();

/** Tells whether something that templates of `execution` read may be sealed. */
function mayHoldSecrets({ flow, inputs, trigger, item }: Execution): boolean {
  let mentions = mentionsSecrets.get(flow);
  if (mentions === undefined) {
    // Secrets of its own, or outputs of executions that may have some.
    mentions = /secret|credential|subflow|foreachitem/i.test(flow.source);
    mentionsSecrets.set(flow, mentions);
  }
  return mentions || [inputs, trigger, item].some((given) => given !== undefined && holds(given));
}

/** What an execution was given never changes, so that it is looked through once. */
function holds(given: ValueMap): boolean {
  let isHolding = holdingMaps.get(given);
  if (isHolding === undefined) {
    isHolding = holdsSealed(given);
    holdingMaps.set(given, isHolding);
  }
  return isHolding;
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
      return value === undefined ? undefined : unseal(value, cipher, reveal);
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
