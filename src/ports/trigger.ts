/**
 * A trigger type that asks from time to time: one file that says with which task type it asks, what it
 * may say beyond that, and what of an answer lets it fire.
 *
 * INVARIANT: a trigger reaches the world only by asking, and what it asks is decided like a task of its flow.
 */
import type { PropertySchema } from '../core/flow/index.ts';
import type { Value, ValueMap } from '../core/value/index.ts';

/** What the task type gave. */
export interface Asked {
  readonly outputs: ValueMap;
  /** Why it failed, where what it gave tells more than that. */
  readonly failure?: { readonly code: string; readonly message: string };
}

/** The world as one evaluation sees it. */
export interface TriggerContext {
  /** The properties of the trigger, as they are written. */
  readonly properties: ValueMap;
  /** Whether the evaluation before held; undefined where there was none. */
  readonly heldBefore: boolean | undefined;
  /** Runs the task type with the properties of the trigger; throws what forbids or prevents it. */
  ask(): Promise<Asked>;
  /** Renders a template of the trigger with more names; a lone expression keeps its type. */
  render(template: string, names: ValueMap): Promise<Value>;
  /** Tells whether a rendered condition holds: false are "", "0", "-0", "false" and null. */
  isTruthy(value: Value): boolean;
  /** Tells whether a pattern matches a part of `text`, in time linear in the text. */
  finds(pattern: string, text: string): boolean;
  /** The time, as an ISO instant. */
  now(): string;
}

/** What an evaluation came to. */
export interface Evaluated {
  /** Whether what is asked for is so. */
  readonly holds: boolean;
  /** What flows read under `trigger`; absent: it does not fire. */
  readonly variables?: ValueMap;
}

/** A trigger type that asks from time to time. */
export interface PollingTrigger {
  /** Canonical: `core.http.Trigger`. */
  readonly type: string;
  readonly aliases?: readonly string[];
  /** One sentence in the third person. */
  readonly summary: string;
  readonly description?: string;
  /** The task type it asks with; its properties are those of the trigger. */
  readonly task: string;
  /** Properties that are the trigger's own. */
  readonly properties: Readonly<Record<string, PropertySchema>>;
  /** Those of them that must be given. */
  readonly required: readonly string[];
  /** Properties of the task that have another value where the trigger says nothing. */
  readonly taskDefaults?: Readonly<Record<string, Value>>;
  evaluate(context: TriggerContext): Promise<Evaluated>;
}
