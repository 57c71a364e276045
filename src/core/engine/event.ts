/**
 * What happens to an execution: the facts that the ledger keeps and the reducer folds. Past tense, each
 * with its time. What follows from a fact by the flow alone (the next task run is created, a flowable
 * ends) is no fact of its own: it is derived, the same way every time.
 */
import type { Label, TaskFixture } from '../flow/index.ts';
import type { Marks, Value, ValueMap } from '../value/index.ts';
import type { Step } from './command.ts';
import type { Cause } from './cause.ts';
import type { Answer, DecisionNote, ErrorNote, Intent } from './execution.ts';
import type { State } from './state.ts';

/** A task run taken over from another execution by a replay. */
export interface CopiedRun {
  readonly taskId: string;
  /** Place of the parent among the copied runs; null for the execution itself. */
  readonly parent: number | null;
  readonly value?: Value;
  readonly valueMarks?: Marks;
  readonly iteration?: number;
  readonly lane: number;
  readonly state: State;
  readonly outputs?: ValueMap;
  readonly outputsMarks?: Marks;
  /** What the decision to run it depended on. */
  readonly controlMarks?: Marks;
  /** For loops: what their values depend on. */
  readonly valuesMarks?: Marks;
  readonly facts: ValueMap;
  /** `done`: ended, kept. `again`: run once more from here. `open`: encloses one that runs again. */
  readonly role: 'done' | 'again' | 'open';
}

/** A change of an execution that a task asked for. */
export type Change =
  | { readonly type: 'set-labels'; readonly labels: Readonly<Record<string, string>> }
  | { readonly type: 'set-variables'; readonly variables: ValueMap; readonly overwrites: boolean }
  | {
      readonly type: 'unset-variables';
      readonly names: readonly string[];
      readonly ignoresMissing: boolean;
    }
  | { readonly type: 'end-execution'; readonly state: State };

interface Happening {
  /** Epoch milliseconds. */
  readonly at: number;
}

/** The execution came to be. */
export interface ExecutionCreated extends Happening {
  readonly type: 'execution-created';
  readonly executionId: string;
  readonly tenant: string;
  readonly namespace: string;
  readonly flowId: string;
  readonly revision: number;
  readonly loopTaskId?: string;
  /** Who had it started; absent: the engine itself. */
  readonly by?: string;
  /** What allowed it to be started, where a flow or a trigger did. */
  readonly decision?: DecisionNote;
  readonly inputs: ValueMap;
  readonly inputsMarks?: Marks;
  readonly labels: readonly Label[];
  readonly labelsMarks?: Marks;
  /** What the decision to start it depended on. */
  readonly controlMarks?: Marks;
  readonly trigger?: ValueMap;
  readonly triggerMarks?: Marks;
  /** Variables in place of those of the flow. */
  readonly variables?: ValueMap;
  readonly variablesMarks?: Marks;
  readonly item?: ValueMap;
  readonly itemMarks?: Marks;
  readonly originalId?: string;
  readonly parentId?: string;
  readonly causedBy?: Cause;
  readonly attemptNumber?: number;
  /** Starts no earlier than this; epoch milliseconds. */
  readonly startsAt?: number;
  readonly copied?: readonly CopiedRun[];
  /** Set for a test: what its tasks give instead of being run. */
  readonly fixtures?: readonly TaskFixture[];
  /** Set when a check or a failed input makes it end at once. */
  readonly failure?: ErrorNote;
}

/** It may run: the flow's concurrency has a slot for it. */
export interface SlotGranted extends Happening {
  readonly type: 'slot-granted';
}

/** It may not run yet, or not at all: the flow's concurrency is used up. */
export interface SlotDenied extends Happening {
  readonly type: 'slot-denied';
  readonly behavior: 'QUEUE' | 'CANCEL' | 'FAIL';
}

/** A worker began an attempt. */
export interface TaskStarted extends Happening {
  readonly type: 'task-started';
  readonly taskRunId: string;
  /** What its condition depended on. */
  readonly marks?: Marks;
}

/**
 * What an attempt is about to do outside is written down; it does so once this is durable. Only what has
 * effects outside pays for it. What allowed it (a decision, an approval) is named here as well.
 */
export interface EffectIntended extends Happening, Intent {
  readonly type: 'effect-intended';
  readonly taskRunId: string;
}

/**
 * Nobody knows whether the intended effect of an attempt took place: the process that had it in hand ended, or
 * no answer came.
 */
export interface AttemptLost extends Happening {
  readonly type: 'attempt-lost';
  readonly taskRunId: string;
  /** Why nobody knows; the process ended when absent. */
  readonly reason?: string;
}

/** Somebody said what became of a lost attempt, or what shall follow. */
export interface QuestionAnswered extends Happening {
  readonly type: 'question-answered';
  readonly taskRunId: string;
  readonly answer: Answer;
  /** For `happened`: what the task gave. */
  readonly outputs?: ValueMap;
  readonly outputsMarks?: Marks;
  readonly by: string;
}

/** The task's condition did not hold. */
export interface TaskSkipped extends Happening {
  readonly type: 'task-skipped';
  readonly taskRunId: string;
  readonly marks?: Marks;
}

/** An attempt ended. */
export interface TaskEnded extends Happening {
  readonly type: 'task-ended';
  readonly taskRunId: string;
  readonly outcome: 'SUCCESS' | 'WARNING' | 'FAILED' | 'KILLED';
  readonly outputs?: ValueMap;
  readonly outputsMarks?: Marks;
  readonly error?: ErrorNote;
  readonly changes?: readonly Change[];
  /** What the changes depend on. */
  readonly changesMarks?: Marks;
  /** What the attempt has seen, where that is of consequence: how it failed, a folder it shares. */
  readonly seenMarks?: Marks;
  /** A number in [0, 1) for retries at random intervals; present with FAILED. */
  readonly chance?: number;
  /** False when trying again cannot help. */
  readonly mayRetry?: boolean;
  /** URI of the file with the log lines of the attempt. */
  readonly logFile?: string;
  /** What allowed it, where no intent names it. */
  readonly decision?: DecisionNote;
  /** What it spent of what was set aside for it, by unit, where that is not all of it. */
  readonly spent?: Readonly<Record<string, number>>;
}

/** What a task was about to do was refused, before it did anything. */
export interface TaskDenied extends Happening {
  readonly type: 'task-denied';
  readonly taskRunId: string;
  readonly decision: DecisionNote;
  /** For people, the most important first. */
  readonly reasons: readonly string[];
  readonly error: ErrorNote;
  readonly seenMarks?: Marks;
  readonly chance?: number;
}

/** What a run is about to do, as people are asked about it; it waits for their decision. */
export interface ApprovalOpened extends Happening {
  readonly type: 'approval-opened';
  readonly taskRunId: string;
  readonly approval: string;
  /** False where plain resuming lets the run go on as well. */
  readonly isBinding: boolean;
  /** When it expires or escalates, and when those are reminded who may decide. */
  readonly deadlineAt?: number;
  readonly reminderAt?: number;
  readonly decision?: DecisionNote;
  /** Keyed digest of everything that it binds to. */
  readonly digest: string;
  /** The digests of the parts, for telling what changed. */
  readonly parts: ValueMap;
  readonly effect: Intent['effect'];
  readonly taskType: string;
  /** What is asked, without anything of a value. */
  readonly title: string;
  /** What the flow says of it: a title and a text of its own. */
  readonly preview?: ValueMap;
  readonly previewMarks?: Marks;
  readonly reasons: readonly string[];
  /** The arguments as they were shown. */
  readonly arguments: ValueMap;
  readonly argumentsMarks?: Marks;
  /** Who may decide, in stages, and what happens at the deadline. */
  readonly terms: ValueMap;
  /** Handles of those who may not: everybody in the chain. */
  readonly involved: readonly string[];
  /** The approval that something changed under, and what. */
  readonly replaces?: ValueMap;
}

/** An approval got another deadline: others decide now. */
export interface ApprovalEscalated extends Happening {
  readonly type: 'approval-escalated';
  readonly taskRunId: string;
  readonly approval: string;
  readonly deadlineAt?: number;
}

/** An approval is decided: its run goes on, or fails. */
export interface ApprovalClosed extends Happening {
  readonly type: 'approval-closed';
  readonly taskRunId: string;
  readonly approval: string;
  readonly outcome: 'granted' | 'rejected' | 'returned' | 'withdrawn' | 'expired';
  /** For people: why, where it was not granted. */
  readonly reason?: string;
  /** The values of its form. */
  readonly inputs?: ValueMap;
  readonly inputsMarks?: Marks;
  readonly by: string;
}

/** Something the reducer asked to have rendered has been rendered. */
export interface Evaluated extends Happening {
  readonly type: 'evaluated';
  /** The run it was asked for; null for the execution. */
  readonly taskRunId: string | null;
  readonly purpose: string;
  readonly value?: Value;
  readonly marks?: Marks;
  readonly error?: ErrorNote;
}

/** A step of a flowable that needs the world (folder prepared, files collected) is over. */
export interface Performed extends Happening {
  readonly type: 'performed';
  readonly taskRunId: string;
  readonly step: Step;
  readonly outputs?: ValueMap;
  readonly outputsMarks?: Marks;
  readonly error?: ErrorNote;
}

/** An execution that a task run asked for exists, or could not be created. */
export interface ChildStarted extends Happening {
  readonly type: 'child-started';
  readonly taskRunId: string;
  readonly index: number;
  readonly executionId?: string;
  readonly error?: ErrorNote;
}

/** An execution that a task run waits for has reached a state at which it rests. */
export interface ChildEnded extends Happening {
  readonly type: 'child-ended';
  readonly taskRunId: string;
  readonly executionId: string;
  readonly state: State;
  readonly outputs?: ValueMap;
  readonly outputsMarks?: Marks;
  /** What its state depended on. */
  readonly seenMarks?: Marks;
  readonly error?: ErrorNote;
}

/** A moment that the reducer asked to be woken at has come. */
export interface TimerFired extends Happening {
  readonly type: 'timer-fired';
  readonly id: string;
}

/** Somebody let a paused execution go on. */
export interface ExecutionResumed extends Happening {
  readonly type: 'execution-resumed';
  /** The paused run; absent for an execution paused by hand. */
  readonly taskRunId?: string;
  readonly inputs: ValueMap;
  readonly inputsMarks?: Marks;
  readonly by: string;
}

/** Somebody paused a running execution by hand. */
export interface ExecutionPaused extends Happening {
  readonly type: 'execution-paused';
  readonly by: string;
}

/** Somebody, or the execution that started this one, had it killed. */
export interface ExecutionKilled extends Happening {
  readonly type: 'execution-killed';
  readonly by: string;
}

/** Somebody restarted an ended or paused execution from what failed. */
export interface ExecutionRestarted extends Happening {
  readonly type: 'execution-restarted';
  readonly by: string;
}

/** Somebody set the state of a task run of an ended execution by hand; it goes on from there. */
export interface RunStateChanged extends Happening {
  readonly type: 'run-state-changed';
  readonly taskRunId: string;
  readonly state: State;
  readonly by: string;
  /** Why, in words of whoever did it. */
  readonly reason?: string;
}

/** Somebody set the state of an ended execution by hand. */
export interface ExecutionStateChanged extends Happening {
  readonly type: 'execution-state-changed';
  readonly state: State;
  readonly by: string;
  /** Why, in words of whoever did it. */
  readonly reason?: string;
}

/** Somebody had an execution run that waited for its date or its slot. */
export interface ExecutionForced extends Happening {
  readonly type: 'execution-forced';
  readonly by: string;
}

/** Somebody added labels to an execution that has ended, or gave them other values. */
export interface LabelsChanged extends Happening {
  readonly type: 'labels-changed';
  readonly labels: readonly Label[];
  readonly by: string;
}

/** The final state is known and the flow's outputs are rendered. */
export interface ExecutionEnded extends Happening {
  readonly type: 'execution-ended';
  readonly state: State;
}

/** Anything that happens to an execution. */
export type ExecutionEvent =
  | ExecutionCreated
  | SlotGranted
  | SlotDenied
  | TaskStarted
  | EffectIntended
  | AttemptLost
  | QuestionAnswered
  | TaskSkipped
  | TaskEnded
  | TaskDenied
  | ApprovalOpened
  | ApprovalEscalated
  | ApprovalClosed
  | Evaluated
  | Performed
  | ChildStarted
  | ChildEnded
  | TimerFired
  | ExecutionResumed
  | ExecutionPaused
  | ExecutionKilled
  | ExecutionRestarted
  | RunStateChanged
  | ExecutionStateChanged
  | ExecutionForced
  | LabelsChanged
  | ExecutionEnded;
