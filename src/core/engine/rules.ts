/**
 * One turn of the reducer (an event is applied, what follows is worked off, commands are collected) and
 * what a flowable does beside running its blocks: one file per type in `flowables`, one table of all.
 */
import type { Marks, Value, ValueMap } from '../value/index.ts';
import type { Command } from './command.ts';
import type { ErrorNote, Execution, Lanes, Progress, TaskRun } from './execution.ts';
import type { State } from './state.ts';

/** One turn of the reducer. */
export interface Turn {
  readonly execution: Execution;
  readonly at: number;
  readonly commands: Command[];
  /** Runs that changed, for the projections. */
  readonly touched: Set<TaskRun>;
  isExecutionTouched: boolean;
  /** Blocks to look at before the turn ends. */
  readonly toSettle: Progress[];
  /** Returns the rules of a flowable type; undefined for runnable ones. */
  rulesOf(type: string): FlowableRules | undefined;
}

/** What came back of something asked for. */
export interface Answer {
  readonly value: Value;
  readonly marks: Marks;
}

/** The end of an execution that a run waits for. */
export interface ChildResult {
  readonly executionId: string;
  readonly index: number;
  readonly state: State;
  readonly outputs: ValueMap | undefined;
  readonly outputsMarks: Marks;
  /** What its state depended on. */
  readonly seenMarks: Marks;
  readonly error: ErrorNote | undefined;
}

/** The rules of one flowable type. */
export interface FlowableRules {
  /** Returns the lanes of an entered run, from its facts; absent for those that run no block of their own. */
  lanes?(run: TaskRun): { readonly lanes: Lanes; readonly limit: number };
  /** Begins: asks for what must be rendered first, or starts the block. The run is RUNNING. */
  enter(turn: Turn, run: TaskRun): void;
  /** Takes what was rendered. */
  evaluated?(turn: Turn, run: TaskRun, purpose: string, answer: Answer): void;
  /** Called when the normal tasks ended well, before `finally`; goes on with `afterTasks` when it is done. */
  tasksEnded?(turn: Turn, run: TaskRun, progress: Progress): void;
  /** Called when all lists are over; ends the run. Absent: it ends with what its tasks led to. */
  ended?(turn: Turn, run: TaskRun, state: State): void;
  /** A step of it was performed. */
  performed?(turn: Turn, run: TaskRun, step: string, answer: Answer): void;
  timerFired?(turn: Turn, run: TaskRun, purpose: string): void;
  childStarted?(turn: Turn, run: TaskRun, index: number, executionId: string): void;
  childEnded?(turn: Turn, run: TaskRun, result: ChildResult): void;
}
