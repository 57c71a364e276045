/**
 * What the reducer wants done. Imperative; performed by the run loop after the events that led to it
 * are durable (evaluations, which touch nothing, may be performed at once). The reducer performs none.
 */
import type { Label } from '../flow/index.ts';
import type { Marks, Provenance, Value, ValueMap } from '../value/index.ts';
import type { TaskRun } from './execution.ts';
import type { State } from './state.ts';

/** An execution to start. */
export interface ChildRequest {
  readonly namespace: string;
  readonly flowId: string;
  readonly revision?: number;
  /** For an iteration of a Loop of the same flow. */
  readonly loopTaskId?: string;
  readonly inputs: ValueMap;
  readonly inputsMarks: Marks;
  /** Labels beyond those of its own flow. */
  readonly labels: readonly Label[];
  readonly labelsMarks: Marks;
  /** What the decision to start it depends on. */
  readonly control: Provenance;
  readonly trigger?: ValueMap;
  readonly triggerMarks?: Marks;
  /** Variables in place of those of the flow. */
  readonly variables?: ValueMap;
  readonly variablesMarks?: Marks;
  readonly item?: ValueMap;
  readonly itemMarks?: Marks;
  /** ISO date; starts no earlier. */
  readonly scheduleDate?: string;
}

/** A step of a flowable that needs the world. */
export type Step = 'prepare-folder' | 'collect-folder' | 'store-records';

/** Anything the reducer wants done. */
export type Command =
  /** Have a worker run the task. */
  | { readonly type: 'start-task'; readonly run: TaskRun }
  /** Let the attempt that waits with its intended effect perform it. */
  | { readonly type: 'perform-effect'; readonly run: TaskRun }
  /** What an open approval was set a time for has come: remind, escalate or expire; report what became of it. */
  | {
      readonly type: 'tend-approval';
      readonly run: TaskRun;
      readonly approval: string;
      readonly purpose: 'deadline' | 'reminder';
    }
  /** Nobody waits for the approval any more. */
  | { readonly type: 'withdraw-approval'; readonly run: TaskRun; readonly approval: string }
  /** Stop the worker that runs the task. */
  | { readonly type: 'cancel-task'; readonly run: TaskRun }
  /** Render `value` (text, or `typed`: a lone expression keeps its type) and report it as `evaluated`. */
  | {
      readonly type: 'evaluate';
      readonly run: TaskRun | null;
      readonly purpose: string;
      readonly value: Value;
      /** `lines`: text, and the URI of a stored file becomes the list of its lines. */
      readonly mode: 'text' | 'typed' | 'lines' | 'conditions';
      /** Names beyond the usual ones. */
      readonly more?: ValueMap;
    }
  /** Perform a step of a flowable and report it as `performed`. */
  | {
      readonly type: 'perform';
      readonly run: TaskRun;
      readonly step: Step;
    }
  /** Wake the execution at `dueAt` with `timer-fired`. */
  | { readonly type: 'set-timer'; readonly id: string; readonly dueAt: number }
  | { readonly type: 'clear-timer'; readonly id: string }
  /** Start an execution for a run and report it as `child-started`, and as `child-ended` when it is waited for. */
  | {
      readonly type: 'start-child';
      readonly run: TaskRun;
      readonly index: number;
      readonly request: ChildRequest;
    }
  | { readonly type: 'kill-child'; readonly executionId: string }
  /** Ask the flow's concurrency for a slot; report `slot-granted` or `slot-denied`. */
  | { readonly type: 'request-slot' }
  /** The slot is free for the oldest queued execution. */
  | { readonly type: 'release-slot' }
  /** Start this flow once more with the same inputs, as a further attempt. */
  | { readonly type: 'start-again'; readonly startsAt: number }
  /** Render the flow's outputs for the final `state`, type them, report `evaluated` with purpose `outputs`. */
  | { readonly type: 'render-outputs'; readonly state: State }
  /** Report `execution-ended`. */
  | { readonly type: 'end-execution'; readonly state: State }
  /** Write a log line of a run. */
  | {
      readonly type: 'write-log';
      readonly run: TaskRun | null;
      readonly level: 'INFO' | 'WARN' | 'ERROR';
      readonly message: string;
    };
