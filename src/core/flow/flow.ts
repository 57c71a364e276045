/**
 * A flow as the engine reads it: the parsed, normalised form of the YAML. Type names are canonical and
 * short, aliases are resolved, defaults are merged; properties are still templates, rendered when used.
 *
 * INVARIANT: plain data, frozen after parsing; the source text is kept verbatim beside it.
 */
import type { Value, ValueMap } from '../value/index.ts';

/** A place in a flow file; both start at 1. */
export interface SourceSpan {
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

/** A key and a value on a flow or an execution. */
export interface Label {
  readonly key: string;
  readonly value: string;
}

/** How failed attempts are repeated. Durations are in milliseconds. */
export interface Retry {
  readonly type: 'constant' | 'exponential' | 'random';
  /** All attempts, the first included; absent: no bound. */
  readonly attemptsMax?: number;
  readonly durationMaxMs?: number;
  readonly intervalMs: number;
  readonly intervalMaxMs?: number;
  readonly delayFactor?: number;
  readonly warnsOnRetry: boolean;
  readonly behavior: 'RETRY_FAILED_TASK' | 'CREATE_NEW_EXECUTION';
}

/** What follows when a process ended and nobody knows whether a task's effect outside took place. */
export type UnknownRule = 'retry' | 'fail' | 'ask';

/**
 * What a run of a task spends, besides what its type says. Each is a whole number or a template that gives
 * one: money in minor units of its currency.
 */
export interface TaskSpends {
  readonly money?: Value;
  readonly currency?: Value;
  readonly messages?: Value;
  readonly tokens?: Value;
  readonly 'price-changes'?: Value;
  /** The size of the change in per mille, without sign: for policies, no budget counts it. */
  readonly changePermille?: Value;
  /** Whom it concerns: `customer:812`. */
  readonly subject?: Value;
}

/** What a task says of itself to governance; all of it optional. */
export interface TaskGovernance {
  readonly onUnknown?: UnknownRule;
  readonly spends?: TaskSpends;
}

/** A task of a flow. */
export interface Task {
  readonly id: string;
  /** The canonical type, without the `io.kestra.plugin.` prefix. */
  readonly type: string;
  readonly description?: string;
  /** Everything that belongs to the type itself and is no list of tasks; strings are templates. */
  readonly properties: ValueMap;
  readonly retry?: Retry;
  /** A duration, or a template that gives one. */
  readonly timeout?: string;
  readonly isDisabled: boolean;
  /** The condition under which the task runs (`runIf`, `when`); absent: always. */
  readonly runIf?: string;
  readonly allowFailure: boolean;
  readonly allowWarning: boolean;
  readonly logLevel?: string;
  readonly logToFile: boolean;
  readonly cache?: { readonly isEnabled: boolean; readonly ttlMs?: number };
  readonly governance?: TaskGovernance;
  /**
   * The tasks inside a flowable, by block: `tasks`, `then`, `else`, `defaults`, `errors`, `finally`,
   * `onPause`, and `cases.<text>` for each case of a Switch. Empty for runnable tasks.
   */
  readonly blocks: Readonly<Record<string, readonly Task[]>>;
  /** In a Dag: for each child, the ids it waits for. */
  readonly dependsOn?: Readonly<Record<string, readonly string[]>>;
  /** The inputs of a Pause's or approval's form. */
  readonly form?: readonly InputDefinition[];
  /** Path in the document: `tasks[0].then[1]`. */
  readonly path: string;
  readonly span: SourceSpan;
}

/** The types of inputs and outputs, canonical (`SELECT` for the old `ENUM`, `BOOLEAN` for `BOOL`). */
export const inputTypes = [
  'STRING',
  'EMAIL',
  'SELECT',
  'MULTISELECT',
  'INT',
  'FLOAT',
  'BOOLEAN',
  'DATETIME',
  'DATE',
  'TIME',
  'DURATION',
  'FILE',
  'JSON',
  'YAML',
  'URI',
  'SECRET',
  'ARRAY',
] as const;

/** The type of an input or output. */
export type InputType = (typeof inputTypes)[number];

/** What the value of an input tells, and of whom. */
export interface InputGovernance {
  /** Data classes: `personal.email`. */
  readonly classes: readonly string[];
  /** A template that gives the id of the person concerned: `customer:{{ inputs.customerId }}`. */
  readonly subject?: string;
}

/** An input of a flow or of a form. */
export interface InputDefinition {
  readonly id: string;
  readonly type: InputType;
  readonly description?: string;
  readonly displayName?: string;
  readonly isRequired: boolean;
  /** The value without one given; strings may be templates. Absent: none (an empty text is one). */
  readonly defaults?: Value;
  /** Shown in the form as a proposal; not a value until sent. */
  readonly prefill?: Value;
  readonly dependsOn?: { readonly inputs: readonly string[]; readonly condition?: string };
  readonly validator?: string;
  readonly min?: number | string;
  readonly max?: number | string;
  readonly after?: string;
  readonly before?: string;
  readonly values?: readonly string[];
  /** A template that gives the values. */
  readonly expression?: string;
  readonly itemType?: InputType;
  readonly allowCustomValue?: boolean;
  readonly autoSelectFirst?: boolean;
  readonly allowedFileExtensions?: readonly string[];
  /** What a browser offers to choose: extensions or media types; a proposal, not a rule. */
  readonly accept?: readonly string[];
  /** True when the form shows the values as radio buttons. */
  readonly isRadio?: boolean;
  /** What its value tells, and of whom. */
  readonly governance?: InputGovernance;
  readonly span: SourceSpan;
}

/** An output of a flow. */
export interface OutputDefinition {
  readonly id: string;
  readonly type: InputType;
  readonly itemType?: InputType;
  /** Rendered when the execution ends. */
  readonly value: Value;
  readonly description?: string;
  readonly displayName?: string;
  readonly isRequired: boolean;
  readonly span: SourceSpan;
}

/** A trigger as written; what it does belongs to the scheduler. */
export interface Trigger {
  readonly id: string;
  readonly type: string;
  readonly isDisabled: boolean;
  readonly description?: string;
  readonly inputs: ValueMap;
  readonly labels: readonly Label[];
  readonly conditions: readonly ValueMap[];
  readonly when?: string;
  readonly stopAfter: readonly string[];
  readonly properties: ValueMap;
  readonly span: SourceSpan;
}

/** A promise about an execution's time or state. */
export interface ServiceLevel {
  readonly id: string;
  readonly type: 'MAX_DURATION' | 'EXECUTION_ASSERTION';
  readonly behavior: 'FAIL' | 'CANCEL' | 'NONE';
  readonly durationMs?: number;
  readonly assert?: string;
  readonly labels: readonly Label[];
}

/** A check on the inputs before an execution is created. */
export interface Check {
  readonly condition: string;
  readonly message: string;
  readonly style: 'ERROR' | 'SUCCESS' | 'WARNING' | 'INFO';
  readonly behavior: 'BLOCK_EXECUTION' | 'FAIL_EXECUTION' | 'CREATE_EXECUTION';
}

/** What the flow says of itself to governance; all of it optional. */
export interface Governance {
  readonly owner?: string;
  readonly purpose?: string;
  readonly riskTier?: 'minimal' | 'limited' | 'high' | 'prohibited';
  readonly stage?:
    | 'design'
    | 'development'
    | 'testing'
    | 'deployment'
    | 'monitoring'
    | 'retirement';
  readonly data?: {
    readonly classes?: readonly string[];
    readonly subjects?: string;
    readonly legalBasis?: string;
    readonly retention?: string;
  };
  readonly models?: readonly string[];
  readonly controls?: readonly string[];
  readonly kpis?: readonly ValueMap[];
  /** Holds for every task that says nothing else. */
  readonly onUnknown?: UnknownRule;
}

/** A flow. */
export interface Flow {
  readonly id: string;
  readonly namespace: string;
  readonly description?: string;
  readonly labels: readonly Label[];
  readonly inputs: readonly InputDefinition[];
  readonly variables: ValueMap;
  readonly tasks: readonly Task[];
  readonly errors: readonly Task[];
  readonly finally: readonly Task[];
  readonly afterExecution: readonly Task[];
  /** The tasks of deprecated `listeners`; each list runs after the end when its conditions hold. */
  readonly listeners: readonly {
    readonly conditions: readonly ValueMap[];
    readonly tasks: readonly Task[];
  }[];
  readonly triggers: readonly Trigger[];
  readonly concurrency?: { readonly limit: number; readonly behavior: 'QUEUE' | 'CANCEL' | 'FAIL' };
  readonly outputs: readonly OutputDefinition[];
  readonly retry?: Retry;
  readonly serviceLevels: readonly ServiceLevel[];
  readonly checks: readonly Check[];
  readonly isDisabled: boolean;
  readonly governance?: Governance;
  /** The text it was parsed from. */
  readonly source: string;
}
