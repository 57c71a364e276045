/**
 * The properties of a task as its type wants them: rendered, turned into the declared types, checked.
 * What can be decided once per task (which properties hold templates at all) is decided once.
 */
import type { EvaluationContext } from '../../core/expression/index.ts';
import { HostCalls, renderValue, renderValueSettled } from '../../core/expression/index.ts';
import type { ErrorNote } from '../../core/engine/index.ts';
import type { Task, TypeEntry } from '../../core/flow/index.ts';
import {
  emptyMap,
  encodeValue,
  flatten,
  isList,
  isMap,
  joinProvenance,
  type Marks,
  marksOfParts,
  plain,
  plainMarks,
  type Provenance,
  type Value,
  type ValueMap,
} from '../../core/value/index.ts';
import type { TaskDefinition } from '../../ports/task.ts';
import { noteOf } from '../rendering/index.ts';
import { coerceRendered } from './coerce-rendered.ts';

/** Properties ready for a task type, or why they are not. */
export type PreparedInput =
  | {
      readonly ok: true;
      readonly input: unknown;
      readonly provenance: Provenance;
      /** The same by property. */
      readonly marks: Marks;
      /** Values that another rendering would not give again: they hold a time, or chance. */
      readonly volatile?: ValueMap;
      /** The properties before they were checked. */
      readonly raw: ValueMap;
    }
  | { readonly ok: false; readonly error: ErrorNote };

interface PropertyPlan {
  readonly name: string;
  readonly value: Value;
  readonly mode: 'text' | 'typed' | 'raw';
  readonly isTemplate: boolean;
  readonly isVolatile: boolean;
}

const plans = new WeakMap<Task, readonly PropertyPlan[]>();

function holdsTemplate(value: Value): boolean {
  if (typeof value === 'string') return value.includes('{');
  if (isList(value)) return value.some(holdsTemplate);
  if (!isMap(value)) return false;
  return Object.entries(value).some(([key, one]) => key.includes('{') || holdsTemplate(one));
}

const chance = /\b(?:now|uuid|id|ksuid|nanoId|randomInt|randomPort)\s*\(/;

/** Tells whether another rendering of `value` may give something else: it holds a time, or chance. */
export function holdsChance(value: Value): boolean {
  if (typeof value === 'string') return value.includes('{') && chance.test(value);
  if (isList(value)) return value.some(holdsChance);
  return isMap(value) && Object.entries(value).flat().some(holdsChance);
}

function planOf(task: Task, entry: TypeEntry): readonly PropertyPlan[] {
  const known = plans.get(task);
  if (known !== undefined) return known;
  const plan = Object.entries(task.properties)
    .filter(([name]) => !entry.ignoredProperties.includes(name))
    .map(([name, value]) => {
      const mode = Object.hasOwn(entry.rendering, name)
        ? (entry.rendering[name] ?? 'text')
        : 'text';
      const isTemplate = mode !== 'raw' && holdsTemplate(value);
      return { name, value, mode, isTemplate, isVolatile: holdsChance(value) };
    });
  plans.set(task, plan);
  return plan;
}

/** Renders one value. */
export async function renderOne(
  context: EvaluationContext,
  plan: Pick<PropertyPlan, 'value' | 'mode'>,
): Promise<Rendered> {
  const mode = plan.mode === 'typed' ? 'typed' : 'text';
  const remembering = { ...context, hostCalls: new HostCalls() };
  const first = renderValue(plan.value, remembering, mode);
  const result =
    first.outcome === 'pending' ? await renderValueSettled(plan.value, remembering, mode) : first;
  if (result.outcome === 'error') return { ok: false, error: noteOf(result.error) };
  return { ok: true, value: result.value, marks: result.marks };
}

type Rendered =
  | { readonly ok: true; readonly value: Value; readonly marks: Marks }
  | { readonly ok: false; readonly error: ErrorNote };

/** Returns the part of `schema` that describes the property `name`. */
function propertySchema(entry: TypeEntry, name: string) {
  const { properties } = entry.schema;
  return properties !== undefined && Object.hasOwn(properties, name) ? properties[name] : undefined;
}

/** Returns `raw` checked by the input schema of `definition`. */
export function checkInput(definition: TaskDefinition, raw: ValueMap): PreparedInput {
  // What is checked is a plain object: a schema may look at its prototype.
  const parsed = definition.input.safeParse({ ...raw });
  if (parsed.success) {
    return { ok: true, input: parsed.data, provenance: plain, marks: plainMarks, raw };
  }
  const [issue] = parsed.error.issues;
  const path = issue?.path.join('.') ?? '';
  return {
    ok: false,
    error: {
      message: `property ${path === '' ? '' : `\`${path}\` `}of \`${definition.type}\` is not valid: ${issue?.message ?? 'unknown reason'}`,
      code: 'task.input-invalid',
    },
  };
}

/** Renders, types and checks the properties of `task`; those in `held` have their value already. */
export async function prepareInput(
  task: Task,
  entry: TypeEntry,
  definition: TaskDefinition,
  context: EvaluationContext,
  held?: ValueMap,
): Promise<PreparedInput> {
  const raw: ValueMap = emptyMap();
  let provenance = plain;
  let parts: [string, Marks][] | undefined;
  let volatile: ValueMap | undefined;
  for (const plan of planOf(task, entry)) {
    if (!plan.isTemplate) {
      raw[plan.name] =
        plan.mode === 'raw'
          ? plan.value
          : coerceRendered(plan.value, propertySchema(entry, plan.name));
      continue;
    }
    const rendered = await renderOne(context, plan);
    if (!rendered.ok) return rendered;
    if (rendered.marks !== plainMarks) {
      provenance = joinProvenance(provenance, flatten(rendered.marks));
      (parts ??= []).push([plan.name, rendered.marks]);
    }
    raw[plan.name] =
      plan.mode === 'typed'
        ? rendered.value
        : coerceRendered(rendered.value, propertySchema(entry, plan.name));
    if (!plan.isVolatile) continue;
    if (held !== undefined && Object.hasOwn(held, plan.name))
      raw[plan.name] = held[plan.name] ?? null;
    (volatile ??= emptyMap())[plan.name] = raw[plan.name] ?? null;
  }
  const checked = checkInput(definition, raw);
  if (!checked.ok) return checked;
  const more = volatile === undefined ? {} : { volatile };
  if (parts === undefined) return { ...checked, ...more };
  return { ...checked, provenance, marks: marksOfParts(parts), ...more };
}

/** Returns the properties of `task` that are rendered to text, as they stand in the flow. */
export function textsOf(task: Task, entry: TypeEntry): ValueMap {
  const texts = emptyMap();
  for (const { name, value, mode } of planOf(task, entry)) if (mode === 'text') texts[name] = value;
  return texts;
}

/** Properties that a task renders itself, as they render here. */
export interface RenderedRaw {
  readonly rendered: readonly {
    readonly name: string;
    /** As it stands in the flow. */
    readonly template: Value;
    readonly value: Value;
    readonly marks: Marks;
    readonly isVolatile: boolean;
  }[];
  /** For those that cannot be rendered here (they read names that only the task gives): all they may read. */
  readonly read: readonly Value[];
  /** The names of those. */
  readonly unrendered: readonly string[];
}

/** Tells whether `task` has templates that it renders itself. */
export function rendersItself(task: Task, entry: TypeEntry): boolean {
  return planOf(task, entry).some(({ mode, value }) => mode === 'raw' && holdsTemplate(value));
}

/** Returns what the properties say that `task` renders itself. */
export async function renderRaw(
  task: Task,
  entry: TypeEntry,
  evaluation: EvaluationContext,
  held?: ValueMap,
): Promise<RenderedRaw> {
  const rendered: RenderedRaw['rendered'][number][] = [];
  const read: Value[] = [];
  const unrendered: string[] = [];
  for (const plan of planOf(task, entry)) {
    if (plan.mode !== 'raw' || !holdsTemplate(plan.value)) continue;
    const result = await renderOne(evaluation, { ...plan, mode: 'text' });
    const { name, value: template, isVolatile } = plan;
    if (result.ok) {
      const kept = isVolatile && held !== undefined && Object.hasOwn(held, name);
      const value = kept ? (held[name] ?? null) : result.value;
      rendered.push({ name, template, value, marks: result.marks, isVolatile });
    } else {
      unrendered.push(name);
      read.push(...everythingRead(evaluation));
    }
  }
  return { rendered, read, unrendered };
}

/** Returns what the properties of `task` say, as text: the same for two runs that would do the same. */
export async function propertiesText(
  task: Task,
  entry: TypeEntry,
  prepared: Value,
  evaluation: EvaluationContext,
): Promise<string> {
  const { rendered, read } = await renderRaw(task, entry, evaluation);
  return encodeValue([
    task.id,
    task.type,
    prepared,
    ...rendered.map(({ value }) => value),
    ...read,
  ]);
}

const readNames = ['inputs', 'outputs', 'vars', 'taskrun', 'trigger', 'item', 'labels'];

function everythingRead({ scope }: EvaluationContext): Value[] {
  return readNames.map((name) => scope.value(name) ?? null);
}
