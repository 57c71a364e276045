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
    }
  | { readonly ok: false; readonly error: ErrorNote };

interface PropertyPlan {
  readonly name: string;
  readonly value: Value;
  readonly mode: 'text' | 'typed' | 'raw';
  readonly isTemplate: boolean;
}

const plans = new WeakMap<Task, readonly PropertyPlan[]>();

function holdsTemplate(value: Value): boolean {
  if (typeof value === 'string') return value.includes('{');
  if (isList(value)) return value.some(holdsTemplate);
  if (!isMap(value)) return false;
  return Object.entries(value).some(([key, one]) => key.includes('{') || holdsTemplate(one));
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
      return { name, value, mode, isTemplate: mode !== 'raw' && holdsTemplate(value) };
    });
  plans.set(task, plan);
  return plan;
}

async function renderOne(context: EvaluationContext, plan: PropertyPlan): Promise<Rendered> {
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
export function checkInput(definition: TaskDefinition, raw: unknown): PreparedInput {
  const parsed = definition.input.safeParse(raw);
  if (parsed.success) return { ok: true, input: parsed.data, provenance: plain, marks: plainMarks };
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

/** Renders, types and checks the properties of `task`. */
export async function prepareInput(
  task: Task,
  entry: TypeEntry,
  definition: TaskDefinition,
  context: EvaluationContext,
): Promise<PreparedInput> {
  const raw: ValueMap = emptyMap();
  let provenance = plain;
  let parts: [string, Marks][] | undefined;
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
  }
  const checked = checkInput(definition, { ...raw });
  if (!checked.ok || parts === undefined) return checked;
  return { ...checked, provenance, marks: marksOfParts(parts) };
}

/** Properties that a task renders itself, as they render here. */
export interface RenderedRaw {
  readonly rendered: readonly {
    readonly name: string;
    readonly value: Value;
    readonly marks: Marks;
  }[];
  /** For those that cannot be rendered here (they read names that only the task gives): all they may read. */
  readonly read: readonly Value[];
}

/** Returns what the properties say that `task` renders itself. */
export async function renderRaw(
  task: Task,
  entry: TypeEntry,
  evaluation: EvaluationContext,
): Promise<RenderedRaw> {
  const rendered: { name: string; value: Value; marks: Marks }[] = [];
  const read: Value[] = [];
  for (const plan of planOf(task, entry)) {
    if (plan.mode !== 'raw' || !holdsTemplate(plan.value)) continue;
    const result = await renderOne(evaluation, { ...plan, mode: 'text' });
    if (result.ok) rendered.push({ name: plan.name, value: result.value, marks: result.marks });
    else read.push(...everythingRead(evaluation));
  }
  return { rendered, read };
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
