/**
 * Task types whose effects can be seen from outside the system: each hands what it does to an `Outside`
 * that survives the process, with what names it (execution, task run, attempt, idempotency key). One
 * for each kind of effect that matters after a crash.
 */
import { z } from 'zod';
import { catalogueEntry } from '../../scripts/generate/catalogue-entry.ts';
import { createTaskRegistry, readTypeCatalogue } from '../../src/app/type-catalogue.ts';
import { Failure } from '../../src/core/failure/index.ts';
import { createTypeCatalogue, type TypeCatalogue } from '../../src/core/flow/index.ts';
import { plainText } from '../../src/core/value/index.ts';
import { type AnyTaskDefinition, defineTask, type OutputProvenance } from '../../src/ports/task.ts';
import type { TaskContext } from '../../src/ports/task-context.ts';
import type { TaskRegistry } from '../../src/ports/task-registry.ts';

/** Something that a task does outside. */
export interface Effect {
  /** `book` may be repeated under its key, `send` may not be repeated, `look` changes nothing. */
  readonly kind: 'book' | 'send' | 'look';
  readonly executionId: string;
  readonly taskRunId: string;
  readonly taskId: string;
  /** The loop value, empty outside of loops. */
  readonly value: string;
  /** From 1. */
  readonly attempt: number;
  readonly key: string;
}

/** What is outside of the system and outlives its processes. */
export interface Outside {
  /** Takes an effect; resolves when its answer has come back. */
  take(effect: Effect): Promise<void>;
  /** Tells whether `effect` shall fail after it was taken. */
  refuses(effect: Effect, failures: number): boolean;
  /** Whether what it says is taken for trusted, which it is not. */
  readonly isTrusted?: boolean;
}

function effectOf(kind: Effect['kind'], context: TaskContext): Effect {
  const { taskRun } = context;
  return {
    kind,
    executionId: context.execution.id,
    taskRunId: taskRun.id,
    taskId: taskRun.taskId,
    value: taskRun.value === undefined ? '' : plainText(taskRun.value),
    attempt: taskRun.attemptsBefore + 1,
    key: context.idempotencyKey,
  };
}

const input = z.strictObject({
  failures: z.coerce.number().int().optional().describe('How many attempts fail.'),
  takes: z.coerce.number().int().optional().describe('Milliseconds that it takes.'),
});
const output = z.strictObject({ word: z.string().describe('What the outside says.') });

function provenanceOf(kind: Effect['kind'], { isTrusted = false }: Outside): OutputProvenance {
  if (kind !== 'look') return 'join';
  return isTrusted ? 'trusted' : 'outside';
}

function outsideTask(
  type: string,
  kind: Effect['kind'],
  effect: 'read' | 'idempotent' | 'external',
  outside: Outside,
): AnyTaskDefinition {
  return defineTask({
    type,
    summary: 'Stands for a task with an effect outside.',
    input,
    output,
    effect: { kind: effect, touches: ['network'] },
    provenance: { output: provenanceOf(kind, outside) },
    failures: ['task.failed'],
    examples: [],
    async run({ failures = 0, takes = 0 }, context) {
      const happening = effectOf(kind, context);
      if (takes > 0) await context.sleep(takes);
      await outside.take(happening);
      if (outside.refuses(happening, failures)) throw new Failure('task.failed', 'refused outside');
      return { word: `${kind}-${happening.taskId}` };
    },
  }) as AnyTaskDefinition;
}

/** The same for every outside: the entries say nothing of what a task does. */
let catalogue: TypeCatalogue | undefined;
const registry = createTaskRegistry();

/**
 * Loads the task types of the product that `flows` name, before the world begins: how long the machine
 * reads code is nothing that follows from a seed.
 */
export async function loadTypesOf(flows: readonly string[]): Promise<void> {
  const types = flows.flatMap((source) => [...source.matchAll(/\btype: ([\w.]+)/g)]);
  await Promise.all(types.map(([, type = '']) => registry.load(type)));
}

/** The task types of the product and those with effects in `outside`. */
export function taskTypesWith(outside: Outside): {
  readonly registry: TaskRegistry;
  readonly catalogue: TypeCatalogue;
} {
  const more = [
    outsideTask('sim.Book', 'book', 'idempotent', outside),
    outsideTask('sim.Send', 'send', 'external', outside),
    outsideTask('sim.Look', 'look', 'read', outside),
  ];
  const own = (type: string) => more.find((one) => one.type === type);
  catalogue ??= createTypeCatalogue([...readTypeCatalogue().all(), ...more.map(catalogueEntry)]);
  return {
    registry: {
      loaded: (type) => own(type) ?? registry.loaded(type),
      load: async (type) => own(type) ?? registry.load(type),
    },
    catalogue,
  };
}
