/**
 * A task whose properties say which other task it runs: the other one is known before anything happens, so
 * it is decided about, waits for people and spends like any task of the flow. What runs is what was decided
 * about, and nothing else.
 */
import type { Task, TypeCatalogue } from '../../core/flow/index.ts';
import { Failure } from '../../core/failure/index.ts';
import {
  encodeValue,
  joinProvenance,
  marksOf,
  plainText,
  type ValueMap,
} from '../../core/value/index.ts';
import type { TaskDefinition } from '../../ports/task.ts';
import type { TaskContext } from '../../ports/task-context.ts';
import { joinUses } from '../approvals/index.ts';
import { asValue } from './as-value.ts';
import { effectKindOf } from './intended-effect.ts';
import { type Allowed, passDoor, type Passed, type PreparedRun } from './pass-door.ts';
import { checkInput } from './render-properties.ts';
import { maySpend, spendsOf } from './run-spends.ts';
import type { Pass, TaskBench } from './task-bench.ts';

/** Finds task types. */
export interface InnerTypes {
  readonly catalogue: TypeCatalogue;
  load(type: string): Promise<TaskDefinition | undefined>;
}

function isSame(one: ValueMap, other: ValueMap): boolean {
  const { id: _one, ...first } = one;
  const { id: _other, ...second } = other;
  return encodeValue({ ...first }) === encodeValue({ ...second });
}

async function prepare(
  types: InnerTypes,
  { prepared: outer, gathered }: Allowed,
  spec: ValueMap,
  bench: TaskBench,
): Promise<PreparedRun> {
  const { id: _id, type, ...properties } = spec;
  const found = typeof type === 'string' ? types.catalogue.find(type) : undefined;
  const definition = found === undefined ? undefined : await types.load(found.entry.type);
  if (found === undefined || definition === undefined || definition.inner !== undefined) {
    throw new Failure(
      'task.type-missing',
      `the task type \`${plainText(type ?? null)}\` is not known or starts other tasks`,
    );
  }
  const checked = checkInput(definition, properties);
  if (!checked.ok) throw new Failure('task.input-invalid', checked.error.message);
  const { input, raw } = checked;
  definition.check?.(input, bench.context);
  const models = definition.effect.modelsFor?.(input) ?? [];
  if (models.length > 0) bench.useModels(models);
  const task: Task = { ...outer.task, type: definition.type, properties };
  const spends = maySpend(task, definition)
    ? await spendsOf(task, definition, input, bench.evaluation())
    : undefined;
  if (spends !== undefined && 'message' in spends) {
    throw new Failure('task.input-invalid', bench.mask.hide(spends.message));
  }
  return {
    task,
    entry: found.entry,
    definition,
    effect: effectKindOf(definition, input),
    input,
    raw,
    // All of it was said by one text.
    marks: marksOf(joinProvenance(bench.seen(), bench.run.control)),
    // Whoever waits with it waits with what it was made of.
    volatile: gathered.volatile,
    held: undefined,
    spends,
  };
}

function joinPasses(outer: Pass, inner: Pass): Pass {
  const uses = [outer.use, inner.use].filter((use) => use !== undefined);
  const [first] = uses;
  return first === undefined ? inner : { ...inner, use: uses.reduce(joinUses, first) };
}

/** Decides about the task that an allowed one runs. */
export async function passInner(
  types: InnerTypes,
  outer: Allowed,
  spec: ValueMap,
  bench: TaskBench,
): Promise<Passed> {
  const before = bench.seen();
  const prepared = await prepare(types, outer, spec, bench);
  const passed = await passDoor(prepared, bench, before);
  if ('refusal' in passed) return passed;
  bench.inner = { spec, definition: prepared.definition, input: passed.prepared.input };
  return { ...passed, pass: joinPasses(outer.pass, passed.pass) };
}

/** Runs the task inside another one that was decided about before. */
export async function runInner(
  spec: ValueMap,
  context: TaskContext,
  { inner }: Pick<TaskBench, 'inner'>,
): Promise<ValueMap> {
  if (inner === undefined || !isSame(inner.spec, spec)) {
    throw new Failure(
      'policy.denied',
      'nobody has decided about the task that is to be run inside',
      {
        help: 'a task type says with `inner` which task it runs',
      },
    );
  }
  return asValue((await inner.definition.run(inner.input, context)) ?? {}) as ValueMap;
}
