/**
 * Between rendering and doing: what an attempt is about to do is decided, and whatever it renders itself
 * is rendered here, so that what is decided about is what is done.
 */
import type { Task, TypeEntry } from '../../core/flow/index.ts';
import {
  emptyMap,
  joinProvenance,
  type Marks,
  marksOf,
  marksOfParts,
  plainMarks,
  type ValueMap,
} from '../../core/value/index.ts';
import type { EffectKind, TaskDefinition } from '../../ports/task.ts';
import type { Passage, RunRequest } from '../approvals/index.ts';
import { provenanceOfScope } from '../rendering/index.ts';
import { intendedEffect, shownArguments } from './intended-effect.ts';
import { type RenderedRaw, renderRaw, rendersItself } from './render-properties.ts';
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
  /** The same as a value of the language. */
  readonly given: ValueMap;
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
  const { task, entry, marks, held, spends } = prepared;
  const given = Object.assign(emptyMap(), prepared.given);
  const raw = await renderRaw(task, entry, bench.evaluation(), held);
  const volatile = Object.assign(emptyMap(), prepared.volatile);
  const parts = new Map(marks.parts ?? []);
  for (const { name, template, value, marks: own, isVolatile } of raw.rendered) {
    given[name] = value;
    if (own !== plainMarks) parts.set(name, own);
    if (isVolatile) volatile[name] = value;
    bench.handOver(template, { value, marks: own });
  }
  if (raw.unrendered.length > 0) {
    // What they will say is not known here; that they can only say what may be read is.
    const own = marksOf(provenanceOfScope(bench.evaluation().scope));
    for (const name of raw.unrendered) if (own !== plainMarks) parts.set(name, own);
  }
  if (spends !== undefined && task.governance?.spends !== undefined) {
    given[spendsName] = spends.shown;
    if (spends.marks !== plainMarks) parts.set(spendsName, spends.marks);
    if (spends.isVolatile) volatile[spendsName] = spends.shown;
  }
  return { arguments: given, raw, volatile, marks: marksOfParts(parts, marks.own) };
}

/** Returns what the door is asked about an attempt. */
async function requestOf(
  prepared: Pick<PreparedRun, 'definition' | 'effect' | 'input' | 'task' | 'spends'>,
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
    marks,
    isAddressLike: addressLikeIn(definition),
    facts: spends === undefined ? own : joinFacts(own, await spendingFacts(bench, spends, marks)),
    shown: () => shownArguments(definition, gathered.arguments, marks, hide),
    volatile,
    readFile: (uri) => bench.context.files.read(uri),
  };
}

/** Decides about an attempt, and writes down what it is about to do outside; what is not let through is given back. */
export async function passDoor(
  prepared: PreparedRun,
  bench: TaskBench,
): Promise<Exclude<Passage, Pass> | undefined> {
  const { task, definition, effect } = prepared;
  const { door } = bench;
  const known = knownDecision(prepared, bench);
  if (known !== undefined && effect !== 'external') {
    bench.decision = known;
    return undefined;
  }
  const gathered = await gather(prepared, bench);
  const passage: Passage =
    known === undefined && door !== undefined
      ? await door.ask(await requestOf(prepared, gathered, bench))
      : { kind: 'pass', decision: known ?? 'built-in' };
  if (passage.kind !== 'pass') return passage;
  await setAside(prepared, gathered.marks, bench);
  if (effect !== 'external' && passage.use === undefined) {
    bench.decision = passage.decision;
    return undefined;
  }
  const hide = (text: string): string => bench.mask.hide(text);
  await bench.intend(intendedEffect(task, definition, effect, gathered, hide), passage);
  return undefined;
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
    marks !== plainMarks ||
    spends !== undefined ||
    definition.effect.factsFor !== undefined ||
    rendersItself(task, entry);
  return door.known(run, execution.by, effect, isOpen);
}

/** Decides about a task that another one runs inside its own run. It cannot wait: it has begun. */
export async function passInner(
  inner: Pick<PreparedRun, 'task' | 'definition' | 'effect' | 'input' | 'given' | 'spends'>,
  bench: TaskBench,
): Promise<Passage> {
  const { door } = bench;
  if (door === undefined) return { kind: 'pass', decision: 'built-in' };
  const marks = marksOf(joinProvenance(bench.seen(), bench.run.control));
  const raw: RenderedRaw = { rendered: [], read: [], unrendered: [] };
  const gathered: Gathered = { arguments: inner.given, marks, raw, volatile: emptyMap() };
  return door.ask(await requestOf(inner, gathered, bench));
}
