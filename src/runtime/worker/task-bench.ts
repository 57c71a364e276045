/**
 * Where an attempt takes place: the context a task type is given, and what gathers while it runs (what
 * it has read, kept, changed and seen of secrets).
 */
import type { EvaluationContext } from '../../core/expression/index.ts';
import { isTruthyText } from '../../core/expression/index.ts';
import type { Change, Execution, TaskRun } from '../../core/engine/index.ts';
import { Failure } from '../../core/failure/index.ts';
import {
  plainText,
  emptyMap,
  flatten,
  joinProvenance,
  plain,
  type Provenance,
  type Value,
  type ValueMap,
} from '../../core/value/index.ts';
import type { Clock } from '../../ports/clock.ts';
import type { ExecutionFiles } from '../../ports/execution-files.ts';
import type { KeyValues } from '../../ports/key-values.ts';
import type { NamespaceFiles } from '../../ports/namespace-files.ts';
import type { ProcessRunner } from '../../ports/process-runner.ts';
import {
  type ExecutionControl,
  type LogLevel,
  logLevels,
  type Metric,
  type TaskContext,
} from '../../ports/task-context.ts';
import { render } from '../rendering/index.ts';
import type { OutputCache } from './output-cache.ts';
import { provenFiles, provenNamespaceFiles, provenPairs } from './proven-access.ts';
import { createSecretMask, type SecretMask } from './secret-mask.ts';

/** What a bench is made of. */
export interface BenchParts {
  readonly execution: Execution;
  readonly run: TaskRun;
  readonly clock: Clock;
  readonly processes: ProcessRunner;
  readonly fetch: typeof globalThis.fetch;
  readonly executions: ExecutionControl;
  files(): ExecutionFiles;
  namespaceFiles(namespace: string): NamespaceFiles;
  keyValues(namespace: string): KeyValues;
  /** Returns what is needed to render; secrets that are used are told to `reveal`. */
  evaluation(reveal: (secret: string) => void, more?: ValueMap): EvaluationContext;
  workingFolder(): Promise<string>;
  /** Called when the attempt is over. */
  cleanUp(): Promise<void>;
  writeLog(level: LogLevel, message: string): void;
  writeMetric(metric: Metric): void;
  runInner(spec: ValueMap, context: TaskContext): Promise<ValueMap>;
  /** Outputs of earlier runs, for a task that may reuse them. */
  readonly outputCache: OutputCache | undefined;
  digest(text: string): string;
}

/** What stops an attempt. A class, because accessors of an object made anew for each attempt cost more than the rest of it. */
export class Stop {
  readonly #controller = new AbortController();
  readonly #acts = new Set<() => void>();
  #reason: Error | undefined;
  #hasTimedOut = false;

  /** The same for those who take a signal of the platform. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Why it was asked to stop, once it was. */
  get reason(): Error | undefined {
    return this.#reason;
  }

  get hasTimedOut(): boolean {
    return this.#hasTimedOut;
  }

  ask(reason: Error): void {
    if (this.#reason !== undefined) return;
    this.#reason = reason;
    this.#controller.abort(reason);
    for (const act of this.#acts) act();
  }

  timeOut(): void {
    this.#hasTimedOut = true;
    this.ask(new Failure('task.timed-out', 'the task ran longer than its timeout'));
  }

  /** Has `act` called when it is asked to stop, at once if it was already; gives how to take that back. */
  whenAsked(act: () => void): () => void {
    if (this.#reason === undefined) this.#acts.add(act);
    else act();
    return () => void this.#acts.delete(act);
  }
}

/** Where an attempt takes place. */
export interface TaskBench {
  readonly context: TaskContext;
  /** Returns what is needed to render for the attempt, made at the first call. */
  evaluation(): EvaluationContext;
  readonly mask: SecretMask;
  readonly stop: Stop;
  /** Joins `provenance` into what the attempt has seen. */
  see(provenance: Provenance): void;
  seen(): Provenance;
  keptOutputs(): ValueMap;
  changes(): readonly Change[];
  warning(): string | undefined;
  readonly outputCache: OutputCache | undefined;
  digest(text: string): string;
  close(): Promise<void>;
}

function levelAtLeast(level: LogLevel, least: string | undefined): boolean {
  const from = logLevels.indexOf((least ?? 'TRACE').toUpperCase() as LogLevel);
  return from < 0 || logLevels.indexOf(level) >= from;
}

/** Returns a bench for one attempt. */
export function createBench(parts: BenchParts): TaskBench {
  const { execution, run } = parts;
  const { flow } = execution;
  const mask = createSecretMask();
  const stop = new Stop();
  const changes: Change[] = [];
  const kept = emptyMap();
  let seen = joinProvenance(run.control, flatten(run.valueMarks));
  let warning: string | undefined;
  const see = (provenance: Provenance): void => {
    if (provenance !== plain) seen = joinProvenance(seen, provenance);
  };
  const evaluationWith = (more?: ValueMap): EvaluationContext =>
    parts.evaluation((secret) => mask.add(secret), more);
  const rendered = async (value: Value, mode: 'text' | 'typed', more?: ValueMap) => {
    const result = await render(evaluationWith(more), value, mode);
    if (!result.ok) throw new Failure('expression.failed', result.error.message);
    see(flatten(result.marks));
    return { value: result.value, marks: result.marks };
  };
  const watch = { see, seen: () => seen };
  // Most attempts read no file, and many render nothing: both are made when they are asked for.
  let evaluation: EvaluationContext | undefined;
  let files: ExecutionFiles | undefined;
  const context: TaskContext = {
    signal: stop.signal,
    tenant: execution.tenant,
    flow: { namespace: flow.namespace, id: flow.id, revision: execution.revision },
    execution: { id: execution.id },
    taskRun: {
      id: run.id,
      taskId: run.task.id,
      attemptsBefore: Math.max(0, run.attempts.length - 1),
      ...(run.value !== undefined && { value: run.value }),
      ...(run.iteration !== undefined && { iteration: run.iteration }),
    },
    idempotencyKey: run.id,
    log(level, message) {
      if (levelAtLeast(level, run.task.logLevel)) parts.writeLog(level, mask.hide(message));
    },
    metric: (metric) => parts.writeMetric(metric),
    keepOutputs: (outputs) => void Object.assign(kept, outputs),
    change: (change) => void changes.push(change),
    endWithWarning(reason) {
      warning = reason;
      context.log('WARN', reason);
    },
    render: (value, more) => rendered(value, 'text', more),
    evaluate: (template, more) => rendered(template, 'typed', more),
    isTruthy: (value) =>
      value !== null && isTruthyText(typeof value === 'string' ? value : plainText(value)),
    workingFolder: () => parts.workingFolder(),
    get files() {
      return (files ??= provenFiles(parts.files(), watch));
    },
    namespaceFiles: (namespace) => provenNamespaceFiles(parts.namespaceFiles(namespace), watch),
    keyValues: (namespace) => provenPairs(parts.keyValues(namespace), watch),
    processes: parts.processes,
    fetch: parts.fetch,
    executions: parts.executions,
    now: () => Temporal.Instant.fromEpochMilliseconds(parts.clock.now()).toString(),
    sleep: (milliseconds) => sleep(parts.clock, milliseconds, stop.signal),
    runTask: (task) => parts.runInner(task, context),
  };
  return {
    context,
    evaluation: () => (evaluation ??= evaluationWith()),
    mask,
    stop,
    see,
    seen: () => seen,
    keptOutputs: () => kept,
    changes: () => changes,
    warning: () => warning,
    outputCache: parts.outputCache,
    digest: (text) => parts.digest(text),
    close: () => parts.cleanUp(),
  };
}

function sleep(clock: Clock, milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) {
      reject(signal.reason as Error);
      return;
    }
    const takeBack = clock.wakeAt(clock.now() + milliseconds, () => {
      signal.removeEventListener('abort', stop);
      resolve();
    });
    const stop = (): void => {
      takeBack();
      reject(signal.reason as Error);
    };
    signal.addEventListener('abort', stop, { once: true });
  });
}
