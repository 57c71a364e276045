/**
 * What every task type must keep, whoever wrote it: it refuses what it does not know, gives what it
 * declares, touches only what it declares, stops when told, hides its secrets, and shows itself in
 * examples that are flows.
 */
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { compileTemplate } from '../../src/core/expression/index.ts';
import { catalogue, Failure, type FailureCode } from '../../src/core/failure/index.ts';
import { covers, provenanceOf } from '../../src/core/value/index.ts';
import type {
  AnyTaskDefinition,
  FlowableDefinition,
  TaskDefinition,
} from '../../src/ports/task.ts';
import { runExample } from '../support/run-example.ts';
import { createTaskWorld, type TaskWorld, type TaskWorldOptions } from '../support/task-world.ts';

type Properties = Readonly<Record<string, unknown>>;

/** Properties after rendering, or what makes them in a world. */
export type Prepared = Properties | ((world: TaskWorld) => Properties | Promise<Properties>);

/** What the contract needs to know of a task type to try it. */
export interface TaskContractOptions {
  /** Properties a run succeeds with (or fails with `alwaysFails`). */
  readonly valid: Prepared;
  /** The code a valid run ends with, for types that exist to fail. */
  readonly alwaysFails?: FailureCode;
  readonly world?: TaskWorldOptions;
  /** Properties with which a run waits until it is ended; needed where a type waits for others. */
  readonly waiting?: Prepared;
  /** Runs that fail, each with the code it ends with. */
  readonly failing?: readonly {
    readonly title: string;
    readonly properties: Prepared;
    readonly code: FailureCode;
  }[];
}

interface ObjectSchema {
  readonly properties?: Readonly<Record<string, { readonly description?: string }>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: unknown;
}

function schemaOf(type: z.ZodType, io: 'input' | 'output'): ObjectSchema {
  return z.toJSONSchema(type, { io, unrepresentable: 'any' }) as ObjectSchema;
}

async function prepare(prepared: Prepared, world: TaskWorld): Promise<Properties> {
  return typeof prepared === 'function' ? prepared(world) : prepared;
}

function typeFromPath(path: string): string {
  return path.replaceAll('-', '').toLowerCase();
}

interface ExampleTask {
  readonly id: string;
  readonly type: string;
}

/** Keys whose lists look like tasks but hold inputs, outputs or triggers. */
const otherLists = ['inputs', 'outputs', 'onResume', 'triggers'];

/** Returns every task written anywhere in `node`. */
function tasksIn(node: unknown): ExampleTask[] {
  if (Array.isArray(node)) return node.flatMap(tasksIn);
  if (node === null || typeof node !== 'object') return [];
  const own =
    'id' in node && 'type' in node && typeof node.id === 'string' && typeof node.type === 'string'
      ? [{ id: node.id, type: node.type }]
      : [];
  const inner = Object.entries(node).filter(([key]) => !otherLists.includes(key));
  return [...own, ...inner.flatMap(([, value]) => tasksIn(value))];
}

/** Returns every text in `node`. */
function textsIn(node: unknown): string[] {
  if (typeof node === 'string') return [node];
  return node === null || typeof node !== 'object' ? [] : Object.values(node).flatMap(textsIn);
}

function readSecret(properties: unknown, path: string): unknown {
  let current = properties;
  for (const key of path.split('.')) {
    if (current === null || typeof current !== 'object') return undefined;
    current = (current as Record<string, unknown>)[key];
  }
  return current;
}

function textOfError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const more = error instanceof Failure ? JSON.stringify([error.help, error.details]) : '';
  return `${error.message} ${more} ${error.cause === undefined ? '' : textOfError(error.cause)}`;
}

async function outcomeOf(
  definition: TaskDefinition,
  world: TaskWorld,
  properties: Properties,
): Promise<{ readonly output?: unknown; readonly error?: unknown }> {
  try {
    return { output: await world.run(definition, properties) };
  } catch (error) {
    return { error };
  }
}

function checkExamples(definition: AnyTaskDefinition): void {
  test('has at least one example', () => {
    expect(definition.examples.length).toBeGreaterThan(0);
  });
  for (const example of definition.examples) {
    test(`the example "${example.title}" is a flow that uses the type, and its templates compile`, async () => {
      const flow = parse(example.flow) as { id?: unknown; namespace?: unknown; tasks?: unknown };
      expect(flow.id).toMatch(/^[a-zA-Z0-9][\w.-]*$/);
      expect(flow.namespace).toMatch(/^[a-z0-9][a-z0-9._-]*$/);
      for (const text of textsIn(flow))
        expect(compileTemplate(text), text).toHaveProperty('ok', true);
      const tasks = tasksIn(flow);
      const types = tasks.map((task) => task.type.replace(/^io\.kestra\.plugin\./, ''));
      expect(types).toContain(definition.type);
      const ids = tasks.map((task) => task.id);
      expect(new Set(ids).size).toBe(ids.length);
      for (const id of Object.keys(example.outputs ?? {})) expect(ids).toContain(id);
      if (example.isIllustration !== true) await runExample(example);
    });
  }
}

function checkProperties(definition: AnyTaskDefinition, prepared: Prepared, world = {}): void {
  const schema = schemaOf(definition.input, 'input');

  test('describes every property and every output', () => {
    for (const side of [schema, schemaOf(definition.output, 'output')]) {
      for (const [name, property] of Object.entries(side.properties ?? {})) {
        expect(property.description ?? '', `description of ${name}`).not.toBe('');
      }
    }
    expect(definition.summary).toMatch(/^[A-Z].*\.$/);
  });

  test('accepts the properties it is tried with', async () => {
    const valid = await prepare(prepared, createTaskWorld(world));
    expect(definition.input.safeParse(valid).error?.issues ?? []).toEqual([]);
  });

  test('refuses a property it does not know', async () => {
    const valid = await prepare(prepared, createTaskWorld(world));
    const result = definition.input.safeParse({ ...valid, notAProperty: 'x' });
    expect(result.error?.issues.map((issue) => issue.code)).toContain('unrecognized_keys');
  });

  for (const name of schema.required ?? []) {
    test(`refuses to go without \`${name}\``, async () => {
      const { [name]: _, ...rest } = await prepare(prepared, createTaskWorld(world));
      const result = definition.input.safeParse(rest);
      expect(result.error?.issues.some((issue) => issue.path[0] === name)).toBe(true);
    });
  }

  test('renders only properties it has, and resolves aliases to them', () => {
    const known = Object.keys(schema.properties ?? {});
    expect(known).toEqual(expect.arrayContaining(Object.keys(definition.rendering ?? {})));
    const canonical = Object.values(definition.propertyAliases ?? {}).map(
      (path) => path.split('.')[0],
    );
    expect(known).toEqual(expect.arrayContaining(canonical));
    expect(Object.keys(definition.propertyAliases ?? {})).toEqual(
      expect.arrayContaining([...(definition.lenientAliases ?? [])]),
    );
  });
}

/** Declares the tests that every flowable type passes. */
export function flowableContract(
  definition: FlowableDefinition,
  options: { readonly valid: Properties },
): void {
  describe(`${definition.type} keeps the contract of flowable types`, () => {
    checkProperties(definition, options.valid);
    checkExamples(definition);
  });
}

function checkEffects(definition: TaskDefinition, options: TaskContractOptions): void {
  test('touches only what it declares', async () => {
    const world = createTaskWorld(options.world);
    const properties = await prepare(options.valid, world);
    const prepared = world.effects.length;
    await outcomeOf(definition, world, properties);
    const effects = world.effects.slice(prepared);
    for (const effect of effects) {
      expect(definition.effect.touches, effect.what).toContain(effect.target);
    }
    const { kind } = definition.effect;
    if (kind === 'none') expect(effects).toEqual([]);
    if (kind === 'read') {
      const changed = effects.filter(
        ({ mode, what }) => mode === 'write' && !what.includes('/executions/'),
      );
      expect(changed).toEqual([]);
    }
  });

  if (definition.effect.kind === 'idempotent') {
    test('has one effect however often it runs with the same idempotency key', async () => {
      const world = createTaskWorld(options.world);
      const properties = await prepare(options.valid, world);
      await outcomeOf(definition, world, properties);
      const once = world.snapshot();
      await outcomeOf(definition, world, properties);
      expect(world.snapshot()).toEqual(once);
    });
  }

  const waits = definition.effect.touches.some((target) =>
    ['network', 'process', 'database', 'model'].includes(target),
  );
  if (options.waiting !== undefined || (waits && options.alwaysFails === undefined)) {
    test('stops promptly when it is ended', async () => {
      const world = createTaskWorld(options.world);
      if (options.waiting === undefined) throw new Error('the contract needs `waiting` properties');
      const running = outcomeOf(definition, world, await prepare(options.waiting, world));
      const early = await Promise.race([
        running,
        new Promise<'waiting'>((resolve) => {
          setTimeout(() => resolve('waiting'), 150);
        }),
      ]);
      expect(early).toBe('waiting');
      const endedAt = performance.now();
      world.cancel();
      const { error } = await running;
      expect(error).toBeInstanceOf(Error);
      expect(performance.now() - endedAt).toBeLessThan(2_000);
    });
  }
}

function checkProvenance(definition: TaskDefinition, options: TaskContractOptions): void {
  test('declares the provenance of outputs that it has', () => {
    const outputs = Object.keys(schemaOf(definition.output, 'output').properties ?? {});
    const { output, fields = {} } = definition.provenance;
    expect(outputs).toEqual(expect.arrayContaining(Object.keys(fields)));
    const comesFromOutside = definition.effect.touches.some((target) =>
      ['network', 'model'].includes(target),
    );
    if (comesFromOutside && outputs.length > 0) {
      expect([output, ...Object.values(fields)]).toContain('outside');
    }
  });

  test('writes nothing that is less marked than its input', async () => {
    const inputProvenance = provenanceOf({
      trust: 'untrusted',
      classes: [{ name: 'personal.email', subject: 'customer:812' }],
    });
    const world = createTaskWorld({ ...options.world, inputProvenance });
    const properties = await prepare(options.valid, world);
    const before = new Set(world.stored().map(({ name }) => name));
    await outcomeOf(definition, world, properties);
    for (const { name, provenance } of world.stored()) {
      if (!before.has(name)) expect(covers(provenance, inputProvenance), name).toBe(true);
    }
  });
}

function checkSecrets(definition: TaskDefinition, options: TaskContractOptions): void {
  const paths = definition.secrets ?? [];
  if (paths.length === 0) return;
  test('shows its secrets nowhere', async () => {
    const attempts = [options.valid, ...(options.failing ?? []).map((one) => one.properties)];
    let tried = 0;
    for (const prepared of attempts) {
      const world = createTaskWorld(options.world);
      const properties = await prepare(prepared, world);
      const secrets = paths
        .map((path) => readSecret(properties, path))
        .filter((secret): secret is string => typeof secret === 'string' && secret !== '');
      tried += secrets.length;
      const { output, error } = await outcomeOf(definition, world, properties);
      const shown = JSON.stringify([output, world.logs, world.metrics, world.keptOutputs]);
      for (const secret of secrets) expect(`${shown} ${textOfError(error)}`).not.toContain(secret);
    }
    expect(tried, 'secrets given in the tried properties').toBeGreaterThan(0);
  });
}

function checkFailures(definition: TaskDefinition, options: TaskContractOptions): void {
  test('ends only with failures of the catalogue', () => {
    for (const code of definition.failures) expect(Object.keys(catalogue)).toContain(code);
  });
  for (const { title, properties, code } of options.failing ?? []) {
    test(`ends with ${code} ${title}`, async () => {
      const world = createTaskWorld(options.world);
      const { error } = await outcomeOf(definition, world, await prepare(properties, world));
      expect(error).toBeInstanceOf(Failure);
      expect((error as Failure).code).toBe(code);
      expect((error as Failure).message).toMatch(/^[^A-Z\n].*[^.]$/);
      expect(definition.failures).toContain(code);
    });
  }
}

/** Declares the tests that every runnable type passes. */
export function taskContract<I, O>(
  typed: TaskDefinition<I, O>,
  options: TaskContractOptions,
): void {
  const definition = typed as TaskDefinition;
  describe(`${definition.type} keeps the task contract`, () => {
    test('has a type that names its place', () => {
      const { testPath = '' } = expect.getState();
      const place = testPath.replace(/^.*\/src\/tasks\//, '').replace(/\.test\.ts$/, '');
      expect(typeFromPath(definition.type)).toBe(typeFromPath(place.replaceAll('/', '.')));
    });

    test('gives outputs that match its schema', async () => {
      const world = createTaskWorld(options.world);
      const properties = await prepare(options.valid, world);
      const input = definition.input.parse(properties);
      if (options.alwaysFails === undefined) {
        const output = await definition.run(input, world.context);
        expect(definition.output.safeParse(output).error?.issues ?? []).toEqual([]);
      } else {
        await expect(definition.run(input, world.context)).rejects.toMatchObject({
          code: options.alwaysFails,
        });
        expect(definition.failures).toContain(options.alwaysFails);
      }
    });

    checkProperties(definition, options.valid, options.world);
    checkEffects(definition, options);
    checkProvenance(definition, options);
    checkSecrets(definition, options);
    checkFailures(definition, options);
    checkExamples(definition);
  });
}
