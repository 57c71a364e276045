/**
 * A task type: one file that says what it takes, gives and touches, and does it. Documentation, flow
 * schema, policy actions and the form in the console are generated from the same definition.
 *
 * INVARIANT: a task reaches the world only through its context; what it does not declare it cannot do.
 */
import type { z } from 'zod';
import type { FailureCode } from '../core/failure/index.ts';
import type { BudgetUnit } from '../core/governance/index.ts';
import type { Facts } from '../core/policy/index.ts';
import type { Marked, Value, ValueMap } from '../core/value/index.ts';
import type { TaskContext } from './task-context.ts';

/** What a task does outside: nothing, reads, changes that may be repeated, or changes that may not. */
export type EffectKind = 'none' | 'read' | 'idempotent' | 'external';

/** What a task may touch. */
export type EffectTarget =
  | 'network'
  | 'files'
  | 'database'
  | 'process'
  | 'store'
  | 'model'
  | 'money';

/** How trust of an output follows: `join` of all inputs and of everything the task run read through its context; `outside` joins `untrusted` to that; `trusted` for what the system itself makes (ids, counts of its own). */
export type OutputProvenance = 'join' | 'outside' | 'trusted';

/** What a run spends, by unit, in whole numbers: money in minor units of its currency. */
export type Spends = { readonly [unit in BudgetUnit]?: number } & { readonly currency?: string };

/** A complete flow that shows the task, executed by the tests and printed in its page. */
export interface TaskExample {
  readonly title: string;
  /** The flow as YAML. */
  readonly flow: string;
  readonly inputs?: Readonly<Record<string, string>>;
  /** Files that are written beside the run and given for FILE inputs: name to content. */
  readonly files?: Readonly<Record<string, string>>;
  /** The state the execution ends in; SUCCESS when absent. */
  readonly state?: string;
  /** Outputs expected of task runs, by task id; compared as a subset. */
  readonly outputs?: Readonly<Record<string, unknown>>;
  /** True when it needs something a test machine may lack (the network); it is validated, not run. */
  readonly isIllustration?: boolean;
}

interface Definition {
  /** Canonical type; equals the path below `src/tasks` with the class name in Pascal case. */
  readonly type: string;
  readonly aliases?: readonly string[];
  readonly propertyAliases?: Readonly<Record<string, string>>;
  /** Those of the property aliases that only we accept. */
  readonly lenientAliases?: readonly string[];
  readonly ignoredProperties?: readonly string[];
  /** One sentence in the third person. */
  readonly summary: string;
  /** Markdown. */
  readonly description?: string;
  readonly examples: readonly TaskExample[];
}

/** A task type that a worker runs. */
export interface TaskDefinition<I = unknown, O = unknown> extends Definition {
  readonly kind: 'runnable';
  /** Properties after rendering; `z.strictObject`, every field described. */
  readonly input: z.ZodType<I>;
  readonly output: z.ZodType<O>;
  readonly effect: {
    readonly kind: EffectKind;
    readonly touches: readonly EffectTarget[];
    /** Returns what a run with this input does, where that may be less than `kind`: a GET only reads. */
    kindFor?(input: I): EffectKind;
    /** Returns what policies may know of the size of a run with this input. */
    factsFor?(
      input: I,
    ): Pick<
      Facts,
      'amount' | 'currency' | 'changePermille' | 'count' | 'readers' | 'recipientDomains'
    >;
    /** Returns the models that a run with this input asks: `openai/gpt-5-mini`. */
    modelsFor?(input: I): readonly string[];
    /** Returns what a run with this input spends at most: set aside from budgets before it begins. */
    spendsFor?(input: I): Spends;
  };
  /**
   * Properties that say where something goes or what is done: recipients, addresses, accounts, paths, SQL,
   * templates, prompts, code. Absent: those with such a name, and those that the task renders itself.
   */
  readonly addressLike?: readonly string[];
  readonly provenance: {
    readonly output: OutputProvenance;
    readonly fields?: Readonly<Record<string, OutputProvenance>>;
  };
  /** Properties whose values are secret; inner ones with dots: `options.auth.password`. */
  readonly secrets?: readonly string[];
  /**
   * How a property is rendered: `text` (default: every string in it becomes text), `typed` (a lone
   * expression keeps its type), `raw` (not rendered; the task renders it itself).
   */
  readonly rendering?: Readonly<Record<string, 'text' | 'typed' | 'raw'>>;
  readonly failures: readonly FailureCode[];
  /**
   * Returns the task that a run with this input runs inside itself, where it runs one: it is decided about
   * before anything happens, and `context.runTask` runs exactly that one.
   */
  inner?(input: I): Promise<ValueMap>;
  /**
   * Throws where a run with this input cannot be, as far as can be known without having an effect. Asked before
   * anything is decided, shown to people or set aside; not where its templates are rendered by the task itself.
   */
  check?(input: I, context: Pick<TaskContext, 'mailer'>): void;
  run(input: I, context: TaskContext): Promise<O>;
}

/** A task type that the engine itself carries out: it starts other tasks. */
export interface FlowableDefinition extends Definition {
  readonly kind: 'flowable';
  /** Its own properties, blocks of tasks left out. */
  readonly input: z.ZodType;
  readonly output: z.ZodType;
  readonly rendering?: Readonly<Record<string, 'text' | 'typed' | 'raw'>>;
}

/** Anything that can stand in a flow as a task. */
export type AnyTaskDefinition = TaskDefinition | FlowableDefinition;

/** Returns `definition` as a task type. */
export function defineTask<I, O>(
  definition: Omit<TaskDefinition<I, O>, 'kind'>,
): TaskDefinition<I, O> {
  return { kind: 'runnable', ...definition };
}

/** Returns `definition` as a flowable type. */
export function defineFlowable(definition: Omit<FlowableDefinition, 'kind'>): FlowableDefinition {
  return { kind: 'flowable', ...definition };
}

/** What a task may have rendered during its run. */
export type Renderable = Value;

/** A rendered value with where it comes from. */
export type Rendered = Marked;
