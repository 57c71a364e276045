/**
 * Where an attempt takes place: the context a task type is given, and what gathers while it runs (what
 * it has read, kept, changed and seen of secrets).
 */
import type { EvaluationContext } from '../../core/expression/index.ts';
import { isTruthyText } from '../../core/expression/index.ts';
import {
  type Change,
  type DecisionNote,
  type Execution,
  idempotencyKeyOf,
  type TaskRun,
} from '../../core/engine/index.ts';
import { Failure } from '../../core/failure/index.ts';
import { amountProblem } from '../../core/governance/index.ts';
import {
  classesHeld,
  plainText,
  emptyMap,
  encodeValue,
  flatten,
  joinProvenance,
  type Marked,
  plain,
  type Provenance,
  provenanceOf,
  type Value,
  type ValueMap,
} from '../../core/value/index.ts';
import type { Clock } from '../../ports/clock.ts';
import type { ExecutionFiles } from '../../ports/execution-files.ts';
import type { KeyValues } from '../../ports/key-values.ts';
import type { Mailer } from '../../ports/mailer.ts';
import type { NamespaceFiles } from '../../ports/namespace-files.ts';
import type { ProcessRunner } from '../../ports/process-runner.ts';
import {
  type ExecutionControl,
  type LogLevel,
  logLevels,
  type Metric,
  type TaskContext,
  type TextPart,
} from '../../ports/task-context.ts';
import type { TaskDefinition } from '../../ports/task.ts';
import { render } from '../rendering/index.ts';
import type { BudgetParts, Reserved, Spent } from './reserve-spends.ts';
import type { IntendedEffect } from './intended-effect.ts';
import type { Passage, RunDoor } from '../approvals/index.ts';
import { type GivenTexts, outsideParts } from './outside-parts.ts';
import type { OutputCache } from './output-cache.ts';
import { maskRendered } from './mask-arguments.ts';
import { provenFiles, provenNamespaceFiles, provenPairs, type Watch } from './proven-access.ts';
import { createSecretMask, type SecretMask } from './secret-mask.ts';

/** What let an attempt through. */
export type Pass = Extract<Passage, { kind: 'pass' }>;

/** What a bench is made of. */
export interface BenchParts {
  readonly execution: Execution;
  readonly run: TaskRun;
  readonly clock: Clock;
  readonly processes: ProcessRunner;
  readonly fetch: typeof globalThis.fetch;
  readonly mailer: Mailer;
  readonly executions: ExecutionControl;
  files(): ExecutionFiles;
  namespaceFiles(namespace: string): NamespaceFiles;
  keyValues(namespace: string): KeyValues;
  /** Returns what is needed to render; secrets that are used are told to `reveal`. */
  evaluation(reveal: (secret: string) => void, more?: ValueMap): EvaluationContext;
  workingFolder(): Promise<string>;
  /** What others may have left in the working folder. */
  folderProvenance(): Provenance;
  /** Called when the attempt is over. */
  cleanUp(): Promise<void>;
  writeLog(level: LogLevel, message: string): void;
  writeMetric(metric: Metric): void;
  runInner(spec: ValueMap, context: TaskContext): Promise<ValueMap>;
  /** Notes that the attempt asks `models` from here on; throws `kill-switch.set` where one is stopped. */
  useModels(models: readonly string[]): void;
  /** Writes down what the attempt is about to do outside; answered once that is durable. */
  intend(effect: IntendedEffect, pass: Pass): Promise<void>;
  /** Decides about runs; absent where nothing is asked. */
  readonly door: RunDoor | undefined;
  /** Outputs of earlier runs, for a task that may reuse them. */
  readonly outputCache: OutputCache | undefined;
  /** Where what is spent is set aside; absent where nobody counts. */
  readonly budgets: BudgetParts | undefined;
  digest(text: string): string;
}

/** What stops an attempt. A class, because accessors of an object made anew for each attempt cost more than the rest of it. */
export class Stop {
  /** Made for those who ask for a signal; most tasks end before they would hear of one. */
  #controller: AbortController | undefined;
  #acts: Set<() => void> | undefined;
  #reason: Error | undefined;
  #hasTimedOut = false;

  /** The same for those who take a signal of the platform. */
  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      if (this.#reason !== undefined) this.#controller.abort(this.#reason);
    }
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
    this.#controller?.abort(reason);
    for (const act of this.#acts ?? []) act();
  }

  timeOut(): void {
    this.#hasTimedOut = true;
    this.ask(new Failure('task.timed-out', 'the task ran longer than its timeout'));
  }

  /** Has `act` called when it is asked to stop, at once if it was already; gives how to take that back. */
  whenAsked(act: () => void): () => void {
    if (this.#reason !== undefined) {
      act();
      return () => undefined;
    }
    this.#acts ??= new Set();
    this.#acts.add(act);
    return () => void this.#acts?.delete(act);
  }
}

/** The task inside another one that may run, because it was decided about. */
export interface InnerRun {
  readonly spec: ValueMap;
  readonly definition: TaskDefinition;
  readonly input: unknown;
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
  /** Lets everything that the attempt writes count as coming from outside. */
  writeFromOutside(): void;
  keptOutputs(): ValueMap;
  changes(): readonly Change[];
  warning(): string | undefined;
  readonly outputCache: OutputCache | undefined;
  digest(text: string): string;
  readonly execution: Execution;
  readonly run: TaskRun;
  readonly door: RunDoor | undefined;
  readonly budgets: BudgetParts | undefined;
  /** The task inside that may run, because it was decided about. */
  inner: InnerRun | undefined;
  /** The text properties it was given, once they are known. */
  texts: GivenTexts | undefined;
  /** What was set aside for the attempt. */
  reserved: Reserved | undefined;
  /** What it says it has spent, by unit. */
  spent(): Spent | undefined;
  /** What allowed the attempt, where no intent of it says so. */
  decision: DecisionNote | undefined;
  /** Has a property that the task renders itself rendered as `value`, which was shown and decided about. */
  handOver(template: Value, rendered: Marked): void;
  /** Notes that the attempt asks `models`; throws `kill-switch.set` where one is stopped. */
  useModels(models: readonly string[]): void;
  /** Keeps data of `classes` from the attempt from here on; what it had seen before counts as `seen`. */
  keepAway(classes: readonly string[], seen: Provenance): void;
  /** Writes down what the attempt is about to do outside; answered once it may do it. */
  intend(effect: IntendedEffect, pass: Pass): Promise<void>;
  close(): Promise<void>;
}

function levelAtLeast(level: LogLevel, least: string | undefined): boolean {
  const from = logLevels.indexOf((least ?? 'TRACE').toUpperCase() as LogLevel);
  return from < 0 || logLevels.indexOf(level) >= from;
}

const outside = provenanceOf({ trust: 'untrusted' });

/** What gathers during an attempt. Classes, because thirty closures for each attempt were a quarter of the garbage. */
class AttemptBench implements TaskBench {
  readonly mask = createSecretMask();
  readonly stop = new Stop();
  readonly #ownContext: AttemptContext;
  readonly outputCache: OutputCache | undefined;
  readonly gathered: {
    readonly changes: Change[];
    readonly kept: ValueMap;
    warning?: string;
    spent?: Spent;
  } = { changes: [], kept: emptyMap() };
  /** What it reads counts as seen, and what it writes carries all that it has seen. */
  readonly watch: Watch = {
    see: (provenance) => {
      this.refuse(provenance);
      this.see(provenance);
    },
    seen: () => (this.#isFromOutside ? joinProvenance(this.#seen, outside) : this.#seen),
  };
  readonly execution: Execution;
  readonly run: TaskRun;
  readonly door: RunDoor | undefined;
  readonly budgets: BudgetParts | undefined;
  decision: DecisionNote | undefined;
  inner: InnerRun | undefined;
  texts: GivenTexts | undefined;
  reserved: Reserved | undefined;
  readonly #parts: BenchParts;
  #seen: Provenance;
  #handed: Map<string, Marked> | undefined;
  #isFromOutside = false;
  #keptAway: readonly string[] | undefined;
  #evaluation: EvaluationContext | undefined;

  constructor(parts: BenchParts) {
    this.#parts = parts;
    this.#seen = joinProvenance(parts.run.control, flatten(parts.run.valueMarks));
    this.outputCache = parts.outputCache;
    this.execution = parts.execution;
    this.run = parts.run;
    this.door = parts.door;
    this.budgets = parts.budgets;
    this.#ownContext = new AttemptContext(parts, this);
  }

  get context(): TaskContext {
    return this.#ownContext;
  }

  evaluation(): EvaluationContext {
    this.#evaluation ??= this.evaluationWith();
    return this.#evaluation;
  }

  evaluationWith(more?: ValueMap): EvaluationContext {
    return this.#parts.evaluation((secret) => this.mask.add(secret), more);
  }

  see(provenance: Provenance): void {
    if (provenance !== plain) this.#seen = joinProvenance(this.#seen, provenance);
  }

  seen(): Provenance {
    return this.#seen;
  }

  writeFromOutside(): void {
    this.#isFromOutside = true;
  }

  keptOutputs(): ValueMap {
    return this.gathered.kept;
  }

  changes(): readonly Change[] {
    return this.gathered.changes;
  }

  warning(): string | undefined {
    return this.gathered.warning;
  }

  spent(): Spent | undefined {
    return this.gathered.spent;
  }

  digest(text: string): string {
    return this.#parts.digest(text);
  }

  handOver(template: Value, rendered: Marked): void {
    this.#handed ??= new Map();
    this.#handed.set(encodeValue(template), rendered);
  }

  /** Returns what was handed over for `value`, unless its templates read names that only the task gives. */
  handed(value: Value, more: ValueMap | undefined): Marked | undefined {
    if (this.#handed === undefined) return undefined;
    const text = encodeValue(value);
    const given = this.#handed.get(text);
    if (given === undefined) return undefined;
    return Object.keys(more ?? {}).some((name) => text.includes(name)) ? undefined : given;
  }

  useModels(models: readonly string[]): void {
    this.#parts.useModels(models);
  }

  keepAway(classes: readonly string[], seen: Provenance): void {
    if (classesHeld(flatten(this.run.valueMarks), classes).length > 0) this.#ownContext.hideValue();
    this.#keptAway = classes;
    this.#seen = seen;
  }

  get keptAway(): readonly string[] {
    return this.#keptAway ?? [];
  }

  /** Refuses what holds data that is kept from the attempt: masking ends at its arguments. */
  refuse(provenance: Provenance): void {
    if (this.#keptAway === undefined) return;
    const [held] = classesHeld(provenance, this.#keptAway);
    if (held === undefined) return;
    throw new Failure(
      'policy.denied',
      `a policy keeps data of \`${held}\` from this run, and what it reads holds some`,
      { help: 'hand the values over as arguments, where they are masked', isRetryable: false },
    );
  }

  intend(effect: IntendedEffect, pass: Pass): Promise<void> {
    return this.#parts.intend(effect, pass);
  }

  close(): Promise<void> {
    return this.#parts.cleanUp();
  }
}

/** The world as a task sees it. What it may not see (the bench, the parts) is private at run time as well. */
class AttemptContext implements TaskContext {
  readonly tenant: string;
  readonly flow: TaskContext['flow'];
  readonly execution: TaskContext['execution'];
  #taskRun: TaskContext['taskRun'];
  readonly idempotencyKey: string;
  readonly processes: ProcessRunner;
  readonly fetch: typeof globalThis.fetch;
  readonly mailer: Mailer;
  readonly executions: ExecutionControl;
  readonly #parts: BenchParts;
  readonly #bench: AttemptBench;
  #files: ExecutionFiles | undefined;

  constructor(parts: BenchParts, bench: AttemptBench) {
    const { execution, run } = parts;
    const { flow } = execution;
    this.#parts = parts;
    this.#bench = bench;
    this.tenant = execution.tenant;
    this.flow = { namespace: flow.namespace, id: flow.id, revision: execution.revision };
    this.execution = { id: execution.id };
    this.#taskRun = {
      id: run.id,
      taskId: run.task.id,
      attemptsBefore: Math.max(0, run.attempts.length - 1),
      ...(run.value !== undefined && { value: run.value }),
      ...(run.iteration !== undefined && { iteration: run.iteration }),
    };
    this.idempotencyKey = idempotencyKeyOf(run);
    this.processes = parts.processes;
    this.fetch = parts.fetch;
    this.mailer = parts.mailer;
    this.executions = {
      ...parts.executions,
      resume: (id, inputs) => parts.executions.resume(id, inputs, bench.seen()),
    };
  }

  get taskRun(): TaskContext['taskRun'] {
    return this.#taskRun;
  }

  /** Leaves the loop value out: it holds what is kept from the attempt. */
  hideValue(): void {
    const { value: _, ...rest } = this.#taskRun;
    this.#taskRun = rest;
  }

  get signal(): AbortSignal {
    return this.#bench.stop.signal;
  }

  /** Made at the first use: most attempts read no file. */
  get files(): ExecutionFiles {
    this.#files ??= provenFiles(this.#parts.files(), this.#bench.watch);
    return this.#files;
  }

  namespaceFiles(namespace: string): NamespaceFiles {
    return provenNamespaceFiles(this.#parts.namespaceFiles(namespace), this.#bench.watch);
  }

  keyValues(namespace: string): KeyValues {
    return provenPairs(this.#parts.keyValues(namespace), this.#bench.watch);
  }

  log(level: LogLevel, message: string): void {
    if (!levelAtLeast(level, this.#parts.run.task.logLevel)) return;
    this.#parts.writeLog(level, this.#bench.mask.hide(message));
  }

  metric(metric: Metric): void {
    this.#parts.writeMetric(metric);
  }

  keepOutputs(outputs: ValueMap): void {
    Object.assign(this.#bench.gathered.kept, outputs);
  }

  spent(amounts: Spent): void {
    if (amounts !== 'nothing') {
      for (const [unit, amount] of Object.entries(amounts)) {
        const problem = amountProblem(amount);
        if (problem !== undefined)
          throw new Failure('task.output-invalid', `${problem} of ${unit}`);
      }
    }
    if (amounts !== 'nothing' && Object.keys(amounts).length === 0) {
      delete this.#bench.gathered.spent;
    } else this.#bench.gathered.spent = amounts;
  }

  change(change: Change): void {
    this.#bench.gathered.changes.push(change);
  }

  endWithWarning(reason: string): void {
    this.#bench.gathered.warning = reason;
    this.log('WARN', reason);
  }

  render(value: Value, more?: ValueMap): Promise<Marked> {
    return this.#rendered(value, 'text', more);
  }

  evaluate(template: string, more?: ValueMap): Promise<Marked> {
    return this.#rendered(template, 'typed', more);
  }

  async #rendered(value: Value, mode: 'text' | 'typed', more?: ValueMap): Promise<Marked> {
    const handed = mode === 'text' ? this.#bench.handed(value, more) : undefined;
    if (handed !== undefined) {
      this.#bench.see(flatten(handed.marks));
      return handed;
    }
    const evaluation = this.#bench.evaluationWith(more);
    const result = await render(evaluation, value, mode);
    if (!result.ok) throw new Failure('expression.failed', result.error.message);
    const { keptAway } = this.#bench;
    const template = mode === 'text' ? value : undefined;
    const given =
      keptAway.length === 0 ? result : await maskRendered(result, template, keptAway, evaluation);
    this.#bench.see(flatten(given.marks));
    return { value: given.value, marks: given.marks };
  }

  outsideParts(name: string, text: string): Promise<readonly TextPart[]> {
    const { texts, inner } = this.#bench;
    return outsideParts(inner === undefined ? texts : undefined, name, text, this.#bench);
  }

  isTruthy(value: Value): boolean {
    return value !== null && isTruthyText(typeof value === 'string' ? value : plainText(value));
  }

  workingFolder(): Promise<string> {
    this.#bench.watch.see(this.#parts.folderProvenance());
    return this.#parts.workingFolder();
  }

  now(): string {
    return Temporal.Instant.fromEpochMilliseconds(this.#parts.clock.now()).toString();
  }

  sleep(milliseconds: number): Promise<void> {
    return sleep(this.#parts.clock, milliseconds, this.signal);
  }

  runTask(task: ValueMap): Promise<ValueMap> {
    return this.#parts.runInner(task, this);
  }
}

/** Returns a bench for one attempt. */
export function createBench(parts: BenchParts): TaskBench {
  return new AttemptBench(parts);
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
