/**
 * A world for one task type under test: a real `TaskContext` over parts in memory that honour the
 * ports' rules, a real temporary folder, real processes, and a real network that ends at loopback.
 *
 * INVARIANT: every effect a task has in this world is noted; what it reads is joined into what it
 * writes and returns, as the worker does it.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import { createSmtpMailer } from '../../src/adapters/smtp/smtp-mailer.ts';
import { createAddressGuard } from '../../src/adapters/system/system-address-guard.ts';
import { isTruthyText } from '../../src/core/expression/index.ts';
import { Failure } from '../../src/core/failure/index.ts';
import {
  flatten,
  joinMarks,
  joinProvenance,
  type Marked,
  mapOf,
  type Provenance,
  plain,
  type Value,
  toPlain,
  type ValueMap,
} from '../../src/core/value/index.ts';
import type { AnyTaskDefinition, EffectTarget, TaskDefinition } from '../../src/ports/task.ts';
import type {
  ExecutionChange,
  LogLevel,
  Metric,
  TaskContext,
} from '../../src/ports/task-context.ts';
import { type WorldExecution, worldExecutionControl } from './world-executions.ts';
import {
  type StoredFiles,
  type StoredPairs,
  type WorldEyes,
  worldExecutionFiles,
  worldKeyValues,
  worldNamespaceFiles,
} from './world-files.ts';
import { worldProcesses } from './world-processes.ts';
import { renderInWorld } from './world-template.ts';

/** Something a task did outside. */
export interface ObservedEffect {
  readonly target: EffectTarget;
  readonly mode: 'read' | 'write';
  readonly what: string;
}

/** What a world starts with. */
export interface TaskWorldOptions {
  /** Names that templates may read. */
  readonly variables?: Readonly<Record<string, Value>>;
  readonly namespace?: string;
  readonly flowId?: string;
  readonly taskId?: string;
  /** The value of the enclosing loop. */
  readonly loopValue?: Value;
  readonly executions?: readonly WorldExecution[];
  /** Triggers that there are: `namespace/flow/trigger`. */
  readonly triggers?: readonly string[];
  /** Where the input of the task comes from. */
  readonly inputProvenance?: Provenance;
  /** Types that `runTask` may run. */
  readonly taskTypes?: readonly AnyTaskDefinition[];
  readonly now?: string;
  /** The installation's mail server and sender. */
  readonly mail?: { readonly url?: string; readonly from?: string };
  /** Which parts of text properties come from outside; all of them where the input does when absent. */
  readonly outsideParts?: TaskContext['outsideParts'];
}

/** A world for one task type under test. */
export interface TaskWorld {
  readonly context: TaskContext;
  readonly logs: readonly { readonly level: LogLevel; readonly message: string }[];
  readonly metrics: readonly Metric[];
  readonly changes: readonly ExecutionChange[];
  /** Why the task run shall end in WARNING. */
  readonly warnings: readonly string[];
  /** What it says it has spent, one report after another. */
  readonly spent: readonly Parameters<TaskContext['spent']>[0][];
  /** What `keepOutputs` was given, later entries over earlier ones. */
  readonly keptOutputs: ValueMap;
  readonly effects: readonly ObservedEffect[];
  readonly executions: readonly WorldExecution[];
  /** Triggers that are switched off. */
  readonly disabledTriggers: ReadonlySet<string>;
  /** The input's provenance joined with that of everything read. */
  seen(): Provenance;
  /** Parses `properties` as rendered properties, runs the task and gives its checked output. */
  run<I, O>(definition: TaskDefinition<I, O>, properties?: unknown): Promise<O>;
  /** Stores a file of the execution without counting as an effect; gives its URI. */
  addFile(name: string, content: string | Uint8Array, provenance?: Provenance): string;
  addNamespaceFile(
    path: string,
    content: string | Uint8Array,
    more?: { readonly namespace?: string; readonly provenance?: Provenance },
  ): string;
  /** Returns the text of a stored file, by URI. */
  textOf(uri: string): string;
  /** Where a stored file comes from. */
  provenanceOf(uri: string): Provenance;
  /** Returns the name and provenance of everything stored. */
  stored(): readonly { readonly name: string; readonly provenance: Provenance }[];
  /** Aborts the task run. */
  cancel(): void;
  /** Returns everything that is stored and everything asked of others, for comparison. */
  snapshot(): unknown;
  /** Lets the world's clock pass. */
  passTime(milliseconds: number): void;
}

function toBytes(content: Uint8Array | string): Uint8Array {
  return typeof content === 'string' ? new TextEncoder().encode(content) : content;
}

function textOf(value: Value): string {
  const plainly = toPlain(value);
  return typeof plainly === 'string' ? plainly : JSON.stringify(plainly);
}

function isLoopback(url: URL): boolean {
  return url.hostname === 'localhost' || /^127\.|^\[::1\]$/.test(url.hostname);
}

function loopbackFetch(note: (mode: 'read' | 'write', what: string) => void): typeof fetch {
  return async (target, init) => {
    const request = new Request(target, init);
    const mode = request.method === 'GET' || request.method === 'HEAD' ? 'read' : 'write';
    note(mode, `${request.method} ${request.url}`);
    if (!isLoopback(new URL(request.url))) {
      throw new Failure('http.address-refused', `\`${new URL(request.url).host}\` is not loopback`);
    }
    return fetch(target, init);
  };
}

/** Returns `properties` of `definition` rendered the way the worker renders them. */
async function renderProperties(
  definition: TaskDefinition,
  properties: ValueMap,
  context: TaskContext,
): Promise<ValueMap> {
  const rendered: Record<string, Value> = {};
  for (const [name, value] of Object.entries(properties)) {
    const how = definition.rendering?.[name] ?? 'text';
    if (how === 'raw') rendered[name] = value;
    else if (how === 'typed' && typeof value === 'string') {
      rendered[name] = (await context.evaluate(value)).value;
    } else rendered[name] = (await context.render(value)).value;
  }
  return mapOf(rendered);
}

/** Returns a fresh world. Call it inside a test: its folder goes when the test ends. */
export function createTaskWorld(options: TaskWorldOptions = {}): TaskWorld {
  const namespace = options.namespace ?? 'shop.tests';
  const flowId = options.flowId ?? 'flow-under-test';
  const taskId = options.taskId ?? 'subject';
  const names = mapOf({ ...options.variables });
  const stopper = new AbortController();
  const logs: { level: LogLevel; message: string }[] = [];
  const metrics: Metric[] = [];
  const changes: ExecutionChange[] = [];
  const warnings: string[] = [];
  const keptOutputs = mapOf({});
  const effects: ObservedEffect[] = [];
  const files: StoredFiles = new Map();
  const pairs: StoredPairs = new Map();
  const executions: WorldExecution[] = structuredClone([...(options.executions ?? [])]);
  const disabledTriggers = new Set<string>();
  let time = Temporal.Instant.from(options.now ?? '2026-03-02T10:00:00Z');
  let seen = options.inputProvenance ?? plain;
  let folder: Promise<string> | undefined;

  const note = (target: EffectTarget, mode: 'read' | 'write', what: string) =>
    void effects.push({ target, mode, what });
  const eyes: WorldEyes = {
    note,
    see: (provenance) => {
      seen = joinProvenance(seen, provenance);
    },
    seen: () => seen,
    now: () => time.toString(),
    folder: () => {
      folder ??= mkdtemp(join(tmpdir(), 'sluice-task-'));
      return folder;
    },
  };
  onTestFinished(async () => {
    if (folder !== undefined) await rm(await folder, { recursive: true, force: true });
  });
  const executionPrefix = `kestra:///${namespace.replaceAll('.', '/')}/${flowId}/executions/4kZ8sY1f`;
  const scope = (more: ValueMap | undefined) => mapOf({ ...names, ...more });
  const withSeen = ({ value, marks }: Marked) => ({ value, marks: joinMarks(marks, seen) });

  const spent: TaskWorld['spent'][number][] = [];
  const worldMailer = createSmtpMailer({
    ...options.mail,
    ignoreTls: true,
    guard: createAddressGuard(['127.0.0.1', 'localhost']),
  });
  const context: TaskContext = {
    signal: stopper.signal,
    tenant: 'main',
    flow: { namespace, id: flowId, revision: 1 },
    execution: { id: '4kZ8sY1f' },
    taskRun: {
      id: '7bQx2LmP',
      taskId,
      attemptsBefore: 0,
      ...(options.loopValue === undefined ? {} : { value: options.loopValue, iteration: 0 }),
    },
    idempotencyKey: '4kZ8sY1f-7bQx2LmP',
    log: (level, message) => void logs.push({ level, message }),
    metric: (metric) => void metrics.push(metric),
    keepOutputs: (outputs) => void Object.assign(keptOutputs, outputs),
    spent: (amounts) => void spent.push(amounts),
    endWithWarning: (reason) => void warnings.push(reason),
    change: (change) => void changes.push(change),
    render: async (value, more) => withSeen(await renderInWorld(value, scope(more), 'text')),
    evaluate: async (template, more) =>
      withSeen(await renderInWorld(template, scope(more), 'typed')),
    isTruthy: (value) => isTruthyText(value === null ? null : textOf(value)),
    workingFolder: eyes.folder,
    files: worldExecutionFiles(files, eyes, {
      executionPrefix,
      readablePrefixes: [],
      taskPath: `tasks/${taskId}/7bQx2LmP`,
      namespace,
    }),
    namespaceFiles: (of) => worldNamespaceFiles(files, eyes, of),
    keyValues: (of) => worldKeyValues(pairs, eyes, of),
    processes: worldProcesses((program) => note('process', 'write', program)),
    mailer: {
      hasServer: worldMailer.hasServer,
      hasSender: worldMailer.hasSender,
      send: (message, route) => {
        note('network', 'write', `mail to ${route?.server?.host ?? 'the own server'}`);
        return worldMailer.send(message, route);
      },
    },
    outsideParts:
      options.outsideParts ??
      (async (_, text) => (seen.trust === 'trusted' ? [] : [{ start: 0, end: text.length }])),
    fetch: loopbackFetch((mode, what) => note('network', mode, what)),
    executions: {
      ...worldExecutionControl(executions, (mode, what) => note('store', mode, what)),
      async switchTrigger({ namespace: of, flowId: flow, triggerId }, isEnabled) {
        const name = `${of}/${flow}/${triggerId}`;
        note('store', 'write', `switch ${name}`);
        if (options.triggers?.includes(name) !== true) {
          throw new Failure('trigger.not-found', `there is no trigger \`${name}\``);
        }
        if (isEnabled) disabledTriggers.delete(name);
        else disabledTriggers.add(name);
      },
    },
    now: () => time.toString(),
    sleep: async (milliseconds) => {
      stopper.signal.throwIfAborted();
      await wait(milliseconds, undefined, { signal: stopper.signal }).catch(() => {
        throw stopper.signal.reason;
      });
    },
    runTask: async (task) => {
      const { id: _, type, ...properties } = task;
      const definition = (options.taskTypes ?? []).find((one) => one.type === type);
      if (definition?.kind !== 'runnable') {
        throw new Failure(
          'task.type-missing',
          `no task type \`${textOf(type ?? null)}\` in this world`,
        );
      }
      const rendered = await renderProperties(definition, mapOf(properties), context);
      return (await world.run(definition, rendered)) as ValueMap;
    },
  };

  const world: TaskWorld = {
    context,
    logs,
    metrics,
    changes,
    warnings,
    spent,
    keptOutputs,
    effects,
    executions,
    disabledTriggers,
    seen: () => seen,
    run: async (definition, properties = {}) => {
      const input = definition.input.parse(properties);
      return definition.output.parse(await definition.run(input, context));
    },
    addFile: (name, content, provenance = plain) => {
      const uri = `${executionPrefix}/inputs/${name}`;
      files.set(uri, { content: toBytes(content), provenance });
      return uri;
    },
    addNamespaceFile: (path, content, more = {}) => {
      const uri = context.namespaceFiles(more.namespace ?? namespace).uri(path);
      files.set(uri, { content: toBytes(content), provenance: more.provenance ?? plain });
      return uri;
    },
    textOf: (uri) => {
      const found = files.get(uri);
      if (found === undefined) throw new Error(`the world has no file ${uri}`);
      return new TextDecoder().decode(found.content);
    },
    provenanceOf: (uri) => {
      const found = files.get(uri);
      if (found === undefined) throw new Error(`the world has no file ${uri}`);
      return found.provenance;
    },
    stored: () => [
      ...[...files].map(([name, { provenance }]) => ({ name, provenance })),
      ...[...pairs].map(([name, { marked: kept }]) => ({ name, provenance: flatten(kept.marks) })),
    ],
    cancel: () => stopper.abort(new Failure('task.failed', 'the task run was ended')),
    snapshot: () => ({
      files: [...files].map(([uri, { content }]) => [uri, new TextDecoder().decode(content)]),
      pairs: [...pairs].map(([key, pair]) => [key, pair.marked.value, pair.entry.type]),
      executions: structuredClone(executions),
      disabledTriggers: [...disabledTriggers],
    }),
    passTime: (milliseconds) => {
      time = time.add({ milliseconds });
    },
  };
  return world;
}
