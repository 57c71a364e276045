/**
 * The world as one task run sees it. Everything it may do passes here, so that limits, policy,
 * provenance and the ledger see all of it.
 *
 * INVARIANT: the context knows where the input comes from and joins what the run reads (files, pairs); it
 * joins both into everything the run writes. A provenance that a task hands over is added to that.
 */
import type { BudgetUnit } from '../core/governance/index.ts';
import type { Marked, Provenance, Value, ValueMap } from '../core/value/index.ts';
import type { ExecutionFiles } from './execution-files.ts';
import type { KeyValues } from './key-values.ts';
import type { Mailer } from './mailer.ts';
import type { NamespaceFiles } from './namespace-files.ts';
import type { ProcessRunner } from './process-runner.ts';

/** Levels of log lines, lowest first. */
export const logLevels = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR'] as const;

/** The level of a log line. */
export type LogLevel = (typeof logLevels)[number];

/** A change of its own execution that a task asks for; it takes effect when the task has ended. */
export type ExecutionChange =
  | { readonly type: 'set-labels'; readonly labels: Readonly<Record<string, string>> }
  | { readonly type: 'set-variables'; readonly variables: ValueMap; readonly overwrites: boolean }
  | {
      readonly type: 'unset-variables';
      readonly names: readonly string[];
      readonly ignoresMissing: boolean;
    }
  | {
      readonly type: 'end-execution';
      readonly state: 'SUCCESS' | 'WARNING' | 'KILLED' | 'FAILED' | 'CANCELLED';
    };

/** What may be asked of other executions, and of what starts them. */
export interface ExecutionControl {
  /** Switches a trigger off or on; throws `trigger.not-found`. */
  switchTrigger(
    trigger: { readonly namespace: string; readonly flowId: string; readonly triggerId: string },
    isEnabled: boolean,
  ): Promise<void>;
  /** Resumes a paused execution with the values of its form; `provenance` is where they come from. */
  resume(executionId: string, inputs: ValueMap, provenance?: Provenance): Promise<void>;
  kill(executionId: string): Promise<void>;
  /** Counts executions per flow. Times are ISO instants. */
  count(query: {
    readonly flows: readonly { readonly namespace: string; readonly flowId: string }[];
    readonly namespaces: readonly string[];
    readonly states: readonly string[];
    readonly startDate?: string;
    readonly endDate?: string;
  }): Promise<
    readonly { readonly namespace: string; readonly flowId: string; readonly count: number }[]
  >;
  /** Deletes ended executions and what belongs to them; gives the counts. */
  purge(query: {
    readonly namespace?: string;
    readonly flowId?: string;
    readonly states: readonly string[];
    readonly startDate?: string;
    readonly endDate: string;
    readonly parts: readonly ('execution' | 'log' | 'metric' | 'storage')[];
  }): Promise<Readonly<Record<'executions' | 'logs' | 'metrics' | 'files', number>>>;
  /** Reads log lines of an execution at or above a level, oldest first. */
  logs(query: {
    readonly executionId: string;
    readonly taskIds: readonly string[];
    readonly levelMin: LogLevel;
  }): Promise<readonly ValueMap[]>;
  /** Deletes log lines; gives the number. */
  purgeLogs(query: {
    readonly namespace?: string;
    readonly flowId?: string;
    readonly levels: readonly LogLevel[];
    readonly startDate?: string;
    readonly endDate: string;
  }): Promise<number>;
}

/** A number worth keeping. */
export interface Metric {
  readonly name: string;
  readonly type: 'counter' | 'timer' | 'gauge';
  /** Milliseconds for a timer. */
  readonly value: number;
  readonly tags?: Readonly<Record<string, string>>;
}

/** A part of a text, by its first place and the one behind its last. */
export interface TextPart {
  readonly start: number;
  readonly end: number;
}

/** The world as one task run sees it. */
export interface TaskContext {
  /** Aborted when the task shall stop: killed, timed out, or its execution ended. */
  readonly signal: AbortSignal;
  readonly tenant: string;
  readonly flow: { readonly namespace: string; readonly id: string; readonly revision: number };
  readonly execution: { readonly id: string };
  readonly taskRun: {
    readonly id: string;
    readonly taskId: string;
    /** Attempts before this one. */
    readonly attemptsBefore: number;
    readonly value?: Value;
    readonly iteration?: number;
  };
  /** The same for every attempt at the same effect; hand it to whoever can deduplicate. */
  readonly idempotencyKey: string;

  /** Writes a log line of this task run. */
  log(level: LogLevel, message: string): void;
  /** Keeps a number. */
  metric(metric: Metric): void;
  /** Keeps these outputs even if the task fails later (a script's, when it exits with an error). */
  keepOutputs(outputs: ValueMap): void;
  /** Lets a task run that succeeds end in WARNING; the reason is logged. */
  endWithWarning(reason: string): void;
  /**
   * Says what was really spent, by unit, of what was declared: less, or more. `nothing` says that the effect
   * certainly did not take place; what is not said counts as declared, also when the task fails.
   */
  spent(amounts: 'nothing' | Readonly<Partial<Record<BudgetUnit, number>>>): void;
  /** Asks for a change of this execution once the task has ended. */
  change(change: ExecutionChange): void;

  /** Renders every string in `value` as a template; `more` adds names (`workingDir`). Text stays text. */
  render(value: Value, more?: ValueMap): Promise<Marked>;
  /** Evaluates a template; a lone expression keeps its type. */
  evaluate(template: string, more?: ValueMap): Promise<Marked>;
  /** Tells whether a rendered condition holds: false are "", "0", "-0", "false" and null. */
  isTruthy(value: Value): boolean;

  /** A folder of this task run's own; shared inside a WorkingDirectory. Made at the first call, removed after the run. */
  workingFolder(): Promise<string>;
  readonly files: ExecutionFiles;
  namespaceFiles(namespace: string): NamespaceFiles;
  keyValues(namespace: string): KeyValues;
  readonly processes: ProcessRunner;
  /** Fetches over the network under the address guard: private and local addresses are refused. */
  readonly fetch: typeof globalThis.fetch;
  /** Sends mail by the installation's server, or by one that is named, under the same guard. */
  readonly mailer: Mailer;
  readonly executions: ExecutionControl;
  /**
   * Returns which parts of the text property `name` come from outside, in order; the whole of `text`, which it
   * was given for it, where the parts cannot be told.
   */
  outsideParts(name: string, text: string): Promise<readonly TextPart[]>;

  /** The time, as an ISO instant. */
  now(): string;
  sleep(milliseconds: number): Promise<void>;
  /** Runs the task inside this task run that its type named with `inner`; gives its outputs. */
  runTask(task: ValueMap): Promise<ValueMap>;
}
