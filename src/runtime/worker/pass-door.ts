/**
 * Between rendering and doing: what an attempt is about to do is decided, and whatever it renders itself
 * is rendered here, so that what is decided about is what is done.
 */
import type { Task, TypeEntry } from '../../core/flow/index.ts';
import { assert } from '../../core/failure/index.ts';
import {
  classesHeld,
  emptyMap,
  type Marks,
  marksOf,
  marksOfParts,
  maskValue,
  plainMarks,
  type Provenance,
  type ValueMap,
} from '../../core/value/index.ts';
import type { EffectKind, TaskDefinition } from '../../ports/task.ts';
import type { Passage, RunRequest } from '../approvals/index.ts';
import { provenanceOfScope } from '../rendering/index.ts';
import { asValue } from './as-value.ts';
import { effectKindOf, intendedEffect, shownArguments } from './intended-effect.ts';
import { filesProblem, maskProperties, maskRendered } from './mask-arguments.ts';
import { checkInput, type RenderedRaw, renderRaw, rendersItself } from './render-properties.ts';
import { marksWithoutOwnSecrets, withoutDeclaredSecrets } from './seen-arguments.ts';
import { reserveSpends, spendingFacts } from './reserve-spends.ts';
import { joinFacts, type RunSpends, spendsName } from './run-spends.ts';
import type { Pass, TaskBench } from './task-bench.ts';

/** Names of properties that say where something goes or what is done. */
const addressName =
  /^(?:uri|url|hosts?|endpoint|to|cc|bcc|from|replyTo|recipients?|account|iban|channel|topic|queue|bucket|path|files?|folder|directory|destination|target|sql|quer(?:y|ies)|statement|script|commands?|(?:before|after)Commands|code|template|prompt|namespace|flowId|executionId|key|method|headers|\w+(?:Uri|Url|Host|Path|Sql|Query|Script|Commands?|Template|Prompt))$/;

/** Returns what tells which arguments of `definition` address something. */
function addressLikeIn(definition: TaskDefinition): (name: string) => boolean {
  const { addressLike, rendering = {} } = definition;
  if (addressLike !== undefined) return (name) => addressLike.includes(name);
  return (name) => rendering[name] === 'raw' || addressName.test(name);
}

/** What an attempt was prepared with. */
export interface PreparedRun {
  readonly task: Task;
  readonly entry: TypeEntry;
  readonly definition: TaskDefinition;
  readonly effect: EffectKind;
  readonly input: unknown;
  /** The properties before they were checked. */
  readonly raw: ValueMap;
  readonly marks: Marks;
  readonly volatile: ValueMap | undefined;
  readonly held: ValueMap | undefined;
  /** What it spends, where somebody says so. */
  readonly spends: RunSpends | undefined;
}

interface Gathered {
  readonly arguments: ValueMap;
  readonly marks: Marks;
  readonly raw: RenderedRaw;
  readonly volatile: ValueMap;
}

/** Gathers the arguments of an attempt, those included that the task renders itself. */
async function gather(prepared: PreparedRun, bench: TaskBench): Promise<Gathered> {
  const { task, entry, held } = prepared;
  return withRaw(prepared, await renderRaw(task, entry, bench.evaluation(), held), bench);
}

function withRaw(
  prepared: PreparedRun,
  raw: RenderedRaw,
  bench: TaskBench,
  masked: readonly string[] = [],
): Gathered {
  const { task, marks, spends } = prepared;
  const given = Object.assign(emptyMap(), asValue(prepared.input) as ValueMap);
  const volatile = Object.assign(emptyMap(), prepared.volatile);
  const parts = new Map(marks.parts ?? []);
  for (const { name, value, marks: own, isVolatile } of raw.rendered) {
    given[name] = value;
    if (own !== plainMarks) parts.set(name, own);
    if (isVolatile) volatile[name] = value;
  }
  if (raw.unrendered.length > 0) {
    // What they will say is not known here; that they can only say what may be read is.
    const own = marksOf(provenanceOfScope(bench.evaluation().scope));
    for (const name of raw.unrendered) if (own !== plainMarks) parts.set(name, own);
  }
  if (spends !== undefined && task.governance?.spends !== undefined) {
    const shown = maskValue(spends.shown, spends.marks, masked);
    given[spendsName] = shown.value;
    if (shown.marks !== plainMarks) parts.set(spendsName, shown.marks);
    if (spends.isVolatile) volatile[spendsName] = spends.shown;
  }
  return { arguments: given, raw, volatile, marks: marksOfParts(parts, marks.own) };
}

/** An attempt with data of some classes masked, or why it cannot be. */
type MaskedRun =
  | { readonly prepared: PreparedRun; readonly gathered: Gathered }
  | { readonly problem: string };

/** Masks data of `classes` in everything that an attempt is given. */
async function maskRun(
  prepared: PreparedRun,
  gathered: Gathered,
  classes: readonly string[],
  bench: TaskBench,
): Promise<MaskedRun> {
  const { task, entry, definition, raw, marks } = prepared;
  const evaluation = bench.evaluation();
  const open = gathered.raw.unrendered[0];
  const held = open === undefined ? [] : classesHeld(provenanceOfScope(evaluation.scope), classes);
  if (held[0] !== undefined) {
    return {
      problem: `what \`${open}\` says is known when it runs only, so that it is not masked`,
    };
  }
  const { files } = bench.context;
  const problem = await filesProblem(files, gathered.arguments, gathered.marks, classes);
  if (problem !== undefined) return { problem };
  const masked = await maskProperties(task, entry, { raw, marks }, classes, evaluation);
  const checked = checkInput(definition, masked.raw);
  if (!checked.ok) return { problem: `masked, the task is not valid: ${checked.error.message}` };
  const rendered: RenderedRaw['rendered'][number][] = [];
  for (const one of gathered.raw.rendered) {
    rendered.push({ ...one, ...(await maskRendered(one, one.template, classes, evaluation)) });
  }
  const { input } = checked;
  const effect = effectKindOf(definition, input);
  const changed = { ...prepared, raw: masked.raw, marks: masked.marks, input, effect };
  const rawMasked = { ...gathered.raw, rendered };
  return { prepared: changed, gathered: withRaw(changed, rawMasked, bench, classes) };
}

/** Returns what the door is asked about an attempt. */
async function requestOf(
  prepared: PreparedRun,
  gathered: Gathered,
  bench: TaskBench,
): Promise<RunRequest> {
  const { definition, effect, input, task, spends } = prepared;
  const { raw, marks, volatile } = gathered;
  const bound = Object.assign(emptyMap(), gathered.arguments);
  // Where something cannot be rendered yet, all that it may read is bound.
  if (raw.read.length > 0) bound['…'] = raw.read;
  const hide = (text: string): string => bench.mask.hide(text);
  const own = definition.effect.factsFor?.(input) ?? {};
  return {
    execution: bench.execution,
    run: bench.run,
    type: task.type,
    effect,
    touches: definition.effect.touches,
    argumentNames: Object.keys(gathered.arguments),
    arguments: bound,
    // Its own account is what a connector has secrets for; that a secret leaves is another thing.
    marks: marksWithoutOwnSecrets(definition, marks),
    isAddressLike: addressLikeIn(definition),
    facts: spends === undefined ? own : joinFacts(own, await spendingFacts(bench, spends, marks)),
    shown: () => shownArguments(definition, gathered.arguments, marks, hide),
    volatile,
    readFile: (uri) => bench.context.files.read(uri),
    masked: async (classes) => {
      const masked = await maskRun(prepared, gathered, classes, bench);
      return 'problem' in masked ? masked : requestOf(masked.prepared, masked.gathered, bench);
    },
  };
}

/** An attempt as it was decided about, and what let it through. */
export interface Allowed {
  readonly prepared: PreparedRun;
  readonly gathered: Gathered;
  /** The marks of its arguments before anything was masked. */
  readonly wholeMarks: Marks;
  readonly pass: Pass;
}

/** An attempt that was let through, or why not. */
export type Passed = Allowed | { readonly refusal: Exclude<Passage, Pass> };

/**
 * Decides about an attempt. What it is given afterwards is what was decided about, masked where only that is
 * allowed; `before` is what it had seen before its arguments.
 */
export async function passDoor(
  asked: PreparedRun,
  bench: TaskBench,
  before: Provenance,
): Promise<Passed> {
  const { door } = bench;
  const known = knownDecision(asked, bench);
  const whole = await gather(asked, bench);
  const pass: Passage =
    known === undefined && door !== undefined
      ? await door.ask(await requestOf(asked, whole, bench))
      : { kind: 'pass', decision: known ?? 'built-in' };
  if (pass.kind !== 'pass') return { refusal: pass };
  let prepared = asked;
  let gathered = whole;
  const { masked = [] } = pass;
  if (masked.length > 0) {
    const run = await maskRun(asked, whole, masked, bench);
    assert(!('problem' in run), 'what was let through masked can be masked');
    ({ prepared, gathered } = run);
    bench.keepAway(masked, before);
    bench.see(withoutDeclaredSecrets(asked.definition, prepared.marks));
  }
  for (const { template, value, marks } of gathered.raw.rendered) {
    bench.handOver(template, { value, marks });
  }
  return { prepared, gathered, wholeMarks: whole.marks, pass };
}

/** Sets aside what an allowed attempt spends, and writes down what it is about to do outside. */
export async function beginEffect(
  { prepared, gathered, wholeMarks, pass }: Allowed,
  bench: TaskBench,
): Promise<void> {
  const { task, definition, effect, spends } = prepared;
  // Whom it concerns is counted whether or not the task may know.
  await setAside({ spends, effect }, wholeMarks, bench);
  if (effect !== 'external' && pass.use === undefined) {
    bench.decision = pass.decision;
    return;
  }
  const hide = (text: string): string => bench.mask.hide(text);
  await bench.intend(intendedEffect(task, definition, effect, gathered, hide), pass);
}

/** Sets aside what an allowed attempt is about to spend; throws `budget.exceeded`. */
export async function setAside(
  { spends, effect }: Pick<PreparedRun, 'spends' | 'effect'>,
  marks: Marks,
  bench: TaskBench,
): Promise<void> {
  if (spends !== undefined) bench.reserved = await reserveSpends(bench, spends, marks, effect);
}

/** Returns the decision about an attempt where nothing need be asked. */
export function knownDecision(
  { task, entry, definition, effect, marks, spends }: PreparedRun,
  { door, run, execution }: TaskBench,
): Pass['decision'] | undefined {
  if (door === undefined) return 'built-in';
  const isOpen =
    task !== run.task ||
    marks !== plainMarks ||
    spends !== undefined ||
    definition.effect.factsFor !== undefined ||
    rendersItself(task, entry);
  return door.known(run, execution.by, effect, isOpen);
}
