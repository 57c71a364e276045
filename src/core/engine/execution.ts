/**
 * An execution as the engine holds it: the fold of its events. It is owned by whoever folds it and
 * changed in place, because copying it at each step would make a long execution pay for its length at
 * every step; everything in it is derived from the events and the flow, nothing from clock or chance.
 *
 * INVARIANT: `openRuns` counts the runs that have not terminated; a run's place in `runs` is its ordinal.
 */
import type { Flow, Label, Task, TaskFixture } from '../flow/index.ts';
import {
  emptyMap,
  type Marks,
  type Provenance,
  plain,
  plainMarks,
  type Value,
  type ValueMap,
} from '../value/index.ts';
import type { Cause } from './cause.ts';
import type { OutputTree } from './output-tree.ts';
import { createOutputTree } from './output-tree.ts';
import { isTerminated, type State, type StateChange } from './state.ts';

/** One try of a task run. */
export interface Attempt {
  state: State;
  histories: StateChange[];
  /** The file with its log lines, when they do not stand in the logs. */
  logFile?: string;
}

/** Why something failed. */
export interface ErrorNote {
  readonly message: string;
  readonly code?: string;
  readonly taskId?: string;
}

/** What is kept of a decision about a run; `built-in` where no policies were ever put in force. */
export type DecisionNote =
  | 'built-in'
  | {
      readonly verdict: 'allow' | 'deny' | 'obliged';
      /** Ids of the determining policies. */
      readonly policies: readonly string[];
      readonly version: string;
      /** Digest of the canonical question. */
      readonly digest: string;
      /** Ids of the exceptions that it rests on. */
      readonly exceptions?: readonly string[];
      /** The data classes that were masked before. */
      readonly masked?: readonly string[];
    };

/** What an attempt is about to do outside, written down before it does it. */
export interface Intent {
  /** The attempt, from 1. */
  readonly attempt: number;
  readonly effect: 'none' | 'read' | 'idempotent' | 'external';
  /** Keyed digest of type and arguments: equal for what would do the same. */
  readonly digest: string;
  readonly idempotencyKey: string;
  /** The arguments as people may see them: without secrets, very long texts cut. */
  readonly arguments: ValueMap;
  readonly argumentsMarks?: Marks;
  /** What allowed it: a decision, and the approval that met its obligations. */
  readonly decision?: DecisionNote;
  readonly approval?: string;
}

/** What somebody may say of an effect that may or may not have taken place. */
export type Answer = 'happened' | 'retry' | 'fail';

/** What a run waits to be told by somebody: whether what it had intended took place. */
export interface Question {
  /** When the effect was intended, and when it turned out that its end is not known. */
  readonly intendedAt: number;
  readonly askedAt: number;
  readonly intent: Intent;
  /** Why nobody knows; the process ended when absent. */
  readonly reason?: string;
}

/** What a run waits for people to decide. */
export interface PendingApproval {
  readonly id: string;
  readonly openedAt: number;
  /** False where plain resuming lets it go on as well. */
  readonly isBinding: boolean;
}

/** An execution that a run started. */
export interface ChildNote {
  readonly index: number;
  /** Undefined while it runs. */
  readonly state: State | undefined;
  readonly outputs?: ValueMap;
  readonly outputsMarks?: Marks;
}

/** One run of a task. */
export interface TaskRun {
  readonly id: string;
  readonly ordinal: number;
  readonly task: Task;
  readonly parent: TaskRun | null;
  /** The loop value of a direct child of a loop. */
  readonly value?: Value;
  readonly valueMarks: Marks;
  readonly iteration?: number;
  /** Which of its parent's lists it belongs to. */
  readonly phase: Phase;
  /** The lane of an iterating parent it belongs to; 0 elsewhere. */
  readonly lane: number;
  /** What the decision to run it depended on. */
  control: Provenance;
  state: State;
  histories: StateChange[];
  attempts: Attempt[];
  outputs: ValueMap | undefined;
  outputsMarks: Marks;
  error: ErrorNote | undefined;
  /** What the attempt under way has intended outside. */
  intent: (Intent & { readonly at: number }) | undefined;
  /** What somebody must answer before it goes on; it is PAUSED meanwhile. */
  question: Question | undefined;
  /** What people must decide before it goes on; it is PAUSED meanwhile. */
  approval: PendingApproval | undefined;
  /** How many approvals were opened for it. */
  approvals: number;
  /** How often people had it begin anew: what it does then is another effect. */
  restarts: number;
  /** What a failure of it, allowed or not, depended on. */
  failure: Provenance;
  /** For a folder that tasks share: what they may have left in it. */
  folder: Provenance;
  /** For loops: what their values depend on. */
  valuesMarks?: Marks;
  /** For flowables: how far it is. */
  progress: Progress | undefined;
  /** What a flowable found out when it was entered; rendered properties, loop values, counts. */
  facts: ValueMap;
  /** Executions started by it: id to state, empty while it runs. */
  children: Map<string, ChildNote> | undefined;
  /** How many executions were asked for that have not reported. */
  startingChildren: number;
  /** What was asked for and not answered: an answer that nobody waits for any more is dropped. */
  readonly awaited: Set<string>;
  /** True once it no longer belongs to the execution (an earlier round of a loop, a dropped branch). */
  isRemoved: boolean;
}

/** The list of its parent that a run belongs to. */
export type Phase = 'tasks' | 'errors' | 'finally' | 'afterExecution' | 'onPause';

/** A loop value and its place. */
export interface LaneValue {
  readonly value: string;
  readonly marks: Marks;
  readonly iteration: number;
}

/** What the lanes of a block are. */
export interface Lanes {
  readonly count: number;
  /** Returns the tasks of a lane, in order. */
  tasks(lane: number): readonly Task[];
  /** Returns the loop value of a lane. */
  value?(lane: number): LaneValue;
  /** For each lane, how many lanes it waits for, and which wait for it. */
  readonly waitsFor?: number[];
  readonly dependents?: readonly (readonly number[])[];
}

/** The normal tasks of a block and how far they are. */
export interface Plan {
  readonly lanes: Lanes;
  /** The most runs at once; 0 for no bound. */
  readonly limit: number;
  /** The next lane that was never started; lanes that wait for others are not counted through it. */
  nextLane: number;
  /** Lanes whose next task may start. */
  ready: number[];
  readyHead: number;
  /** The place of the task that a started lane is at. */
  readonly cursors: Map<number, number>;
}

/** How far a flowable or an execution is. */
export interface Progress {
  readonly owner: TaskRun | null;
  phase: Phase | 'done';
  plan: Plan;
  /** Unfinished runs of the normal tasks, and of the other lists. */
  runningTasks: number;
  runningExtra: number;
  failed: number;
  warned: number;
  killed: number;
  /** The list being run after the normal tasks, and its next place. */
  extra: readonly Task[];
  extraNext: number;
  /** What the choice of these tasks depended on. */
  control: Provenance;
  /** What failures in it, allowed ones included, depended on. */
  failure: Provenance;
  /** True while a flowable works on something of its own between its tasks and its end. */
  isHeldBack: boolean;
}

/** Why an execution is going to end, whatever its tasks say. */
export interface Ending {
  readonly state: State;
  readonly reason: 'kill' | 'exit' | 'service-level' | 'retry' | 'pause-behavior';
}

/** An execution. */
export interface Execution {
  readonly id: string;
  readonly tenant: string;
  readonly flow: Flow;
  readonly revision: number;
  /** For an iteration of a Loop: the id of the Loop task whose block it runs. */
  readonly loopTaskId: string | undefined;
  state: State;
  histories: StateChange[];
  inputs: ValueMap;
  inputsMarks: Marks;
  variables: ValueMap;
  variablesMarks: Marks;
  labels: Label[];
  labelsMarks: Marks;
  /** What the decision to start it depended on. */
  control: Provenance;
  trigger: ValueMap | undefined;
  triggerMarks: Marks;
  /** For an iteration of a Loop: `value`, `index`, `key`, `parent`, `parents`. */
  item: ValueMap | undefined;
  itemMarks: Marks;
  outputs: ValueMap | undefined;
  outputsMarks: Marks;
  originalId: string;
  parentId: string | undefined;
  causedBy: Cause | undefined;
  /** Who had it started; undefined: the engine itself. */
  by: string | undefined;
  /** Everybody who had it started, begun anew, or gave it values. */
  readonly requesters: Set<string>;
  attemptNumber: number;
  /** Set for a test: what its tasks give instead of being run. */
  fixtures: readonly TaskFixture[] | undefined;
  error: ErrorNote | undefined;
  /** What its error tells of. */
  errorMarks: Marks;
  readonly runs: TaskRun[];
  readonly runsById: Map<string, TaskRun>;
  openRuns: number;
  readonly tree: OutputTree;
  progress: Progress | undefined;
  /** What runs after the end. */
  afterwards: Progress | undefined;
  /** Set once the execution is bound to end in a certain way. */
  ending: Ending | undefined;
  /** True once the end has been asked for: outputs are being rendered. */
  isEndRequested: boolean;
  /** True from the moment its final state is known; what still runs then cannot change it. */
  isClosed: boolean;
  /** True when everything, what runs after the end included, is over. */
  isSettled: boolean;
  /** Paused by hand: what should start waits here. */
  isHeld: boolean;
  heldRuns: TaskRun[];
  /** True from the moment it is restarted until it has a slot again. */
  isRestarting: boolean;
  /** The run whose state was set by hand, and which, until the execution has a slot to go on with it. */
  marked: { readonly run: TaskRun; readonly state: State } | undefined;
  timers: Map<string, number>;
  holdsSlot: boolean;
  /** What was asked for on behalf of the execution itself and not answered. */
  readonly awaited: Set<string>;
  /** Ids of service levels already violated. */
  readonly violated: Set<string>;
}

/** Returns an execution of which nothing has happened yet. */
export function blankExecution(
  id: string,
  tenant: string,
  flow: Flow,
  revision: number,
  loopTaskId?: string,
): Execution {
  return {
    id,
    tenant,
    flow,
    revision,
    loopTaskId,
    state: 'CREATED',
    histories: [],
    inputs: emptyMap(),
    inputsMarks: plainMarks,
    variables: emptyMap(),
    variablesMarks: plainMarks,
    labels: [],
    labelsMarks: plainMarks,
    control: plain,
    trigger: undefined,
    triggerMarks: plainMarks,
    item: undefined,
    itemMarks: plainMarks,
    outputs: undefined,
    outputsMarks: plainMarks,
    originalId: id,
    parentId: undefined,
    causedBy: undefined,
    by: undefined,
    requesters: new Set(),
    attemptNumber: 1,
    fixtures: undefined,
    error: undefined,
    errorMarks: plainMarks,
    runs: [],
    runsById: new Map(),
    openRuns: 0,
    tree: createOutputTree(),
    progress: undefined,
    afterwards: undefined,
    ending: undefined,
    isEndRequested: false,
    isClosed: false,
    isSettled: false,
    isHeld: false,
    heldRuns: [],
    isRestarting: false,
    marked: undefined,
    timers: new Map(),
    holdsSlot: false,
    awaited: new Set(),
    violated: new Set(),
  };
}

/** Returns what the decision to run a child of `parent`, in its list `phase`, depends on. */
export function controlOf(execution: Execution, parent: TaskRun | null, phase: Phase): Provenance {
  if (parent !== null) return parent.progress?.control ?? parent.control;
  const progress = phase === 'afterExecution' ? execution.afterwards : execution.progress;
  return progress?.control ?? execution.control;
}

/**
 * Returns the key by which whoever is asked for the effect of `run` can tell that it was asked before:
 * the same for every attempt, also after a crash; another one when people let the run begin anew.
 */
export function idempotencyKeyOf(run: TaskRun): string {
  return run.restarts === 0 ? run.id : `${run.id}.${run.restarts}`;
}

/** Returns the runs of `execution` that still belong to it, in the order in which they were created. */
export function presentRuns(execution: Execution): TaskRun[] {
  return execution.runs.filter((run) => !run.isRemoved);
}

/** Tells whether something was begun for `execution` whose end, or answer, has not been reported. */
export function isUnderWay(execution: Execution): boolean {
  if (execution.awaited.size > 0) return true;
  // What was begun last is what most likely is under way.
  return execution.runs.findLast(isRunUnderWay) !== undefined;
}

function isRunUnderWay(run: TaskRun): boolean {
  if (run.isRemoved || isTerminated(run.state)) return false;
  if (run.awaited.size > 0 || run.startingChildren > 0) return true;
  return run.children === undefined && run.attempts.at(-1)?.state === 'RUNNING' && !waits(run);
}

function waits(run: TaskRun): boolean {
  return run.state === 'PAUSED' || run.state === 'RETRYING';
}

/** Returns the task runs that enclose `run`, nearest first. */
export function enclosing(run: TaskRun): TaskRun[] {
  const found: TaskRun[] = [];
  for (let at = run.parent; at !== null; at = at.parent) found.push(at);
  return found;
}
