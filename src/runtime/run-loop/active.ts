/**
 * An execution in the hands of this process: its state, the events that wait to be applied, and what is
 * under way for it. It is dropped from memory as soon as nothing is.
 */
import {
  type Command,
  type Execution,
  type ExecutionEvent,
  isTerminated,
  isUnderWay,
} from '../../core/engine/index.ts';
import { isLongWait } from './far-timers.ts';
import { ForgetfulMap } from './forgetful-map.ts';
import type { LogRecord, MetricRecord, NewEntry, RegisterRecord } from '../../ports/store.ts';

/** What is written together with an event, and holds or falls with it. */
export interface Rider {
  readonly entries?: readonly NewEntry[];
  readonly registerRecords: readonly RegisterRecord[];
  /** Asked when the write was refused: whether it may be written as it is. */
  isCurrent(): Promise<boolean>;
  /** Called when it is durable, or when it may not be written and the event is dropped with it. */
  over(isWritten: boolean): void;
}

/** An execution in the hands of this process. */
export interface Active {
  /** Folded anew when another process has written to it. */
  execution: Execution;
  /** How many of its entries are known here. */
  known: number;
  /** For an iteration of a Loop: the executions around it, nearest first. */
  readonly around: readonly Execution[];
  /** Events to apply, oldest first. */
  queue: ExecutionEvent[];
  /** What is written together with an event that waits. */
  readonly riders: Map<ExecutionEvent, Rider>;
  isDraining: boolean;
  /** True for one whose creation was refused: it does not exist, and nothing happens to it. */
  isVoid: boolean;
  /** Work under way that will end in an event: evaluations, tasks, starts of children. */
  pending: number;
  /** How to stop the tasks that run, by task run. */
  readonly stops: ForgetfulMap<string, () => void>;
  /** The models that attempts under way ask, by task run; absent where none does. */
  models?: Map<string, readonly string[]>;
  /** How to let attempts go on that wait until what they intend is durable, by task run. */
  readonly intents: Map<string, () => void>;
  /** Lines and numbers that wait for the next write. */
  logs: LogRecord[];
  metrics: MetricRecord[];
  /** What its stored record says of it. */
  isStoredUnderWay: boolean;
  /** True while its end is stored as one that somebody is still to be told of. */
  isUntold: boolean;
  /** Called when its creation is durable. */
  whenDurable: (() => void) | undefined;
  /** Takes back the wake-ups of its timers. */
  readonly wakes: ForgetfulMap<string, () => void>;
  /** Secrets seen by its templates outside tasks. */
  readonly secrets: Set<string>;
  /** How many states of the execution have been told to followers. */
  toldStates: number;
  /** Called when it may have come to rest. */
  waiters: (() => void)[];
}

/**
 * Tells whether a process that finds nobody else is to go on with `execution`. One that waits for somebody,
 * for a time or for a slot, and of which nothing else runs, is found by its timers or by whoever acts.
 */
export function standsUnderWay(execution: Execution): boolean {
  if (execution.isClosed) return !execution.isSettled;
  if (execution.state === 'QUEUED') return false;
  return isLongWait(execution) ? isUnderWay(execution) : true;
}

/** Returns an active execution with nothing under way. */
export function createActive(execution: Execution, around: readonly Execution[]): Active {
  return {
    execution,
    known: 0,
    around,
    queue: [],
    riders: new Map(),
    isDraining: false,
    isVoid: false,
    pending: 0,
    stops: new ForgetfulMap(),
    intents: new Map(),
    logs: [],
    metrics: [],
    isStoredUnderWay: standsUnderWay(execution),
    isUntold: false,
    whenDurable: undefined,
    wakes: new ForgetfulMap(),
    secrets: new Set(),
    toldStates: 0,
    waiters: [],
  };
}

/** The commands that a fold of stored events leaves unanswered: what was under way when a process ended. */
export class Outstanding {
  private readonly open = new Map<string, Command>();

  /** Notes the commands of an event, after the event itself has answered earlier ones. */
  note(event: ExecutionEvent, commands: readonly Command[]): void {
    for (const key of answered(event)) this.open.delete(key);
    for (const command of commands) {
      const key = keyOf(command);
      if (key !== undefined) this.open.set(key, command);
    }
  }

  /** Returns what is still to be performed. */
  commands(): readonly Command[] {
    return [...this.open.values()];
  }
}

function keyOf(command: Command): string | undefined {
  switch (command.type) {
    case 'start-task':
      return `task ${command.run.id}`;
    case 'evaluate':
      return `evaluate ${command.run?.id ?? ''} ${command.purpose}`;
    case 'perform':
      return `perform ${command.run.id} ${command.step}`;
    case 'set-timer':
      return `timer ${command.id}`;
    case 'start-child':
      return `child ${command.run.id} ${command.index}`;
    case 'kill-child':
      return `kill ${command.executionId}`;
    case 'tend-approval':
      return command.purpose === 'deadline' ? `approval ${command.run.id}` : undefined;
    case 'request-slot':
    case 'start-again':
    case 'end-execution':
      return command.type;
    case 'render-outputs':
      return 'evaluate  outputs';
    case 'release-slot':
    case 'perform-effect':
    case 'cancel-task':
    case 'clear-timer':
    case 'write-log':
    case 'withdraw-approval':
      return undefined;
  }
}

function answered(event: ExecutionEvent): readonly string[] {
  switch (event.type) {
    case 'task-ended':
    case 'task-skipped':
    case 'task-denied':
    case 'approval-opened':
    case 'attempt-lost':
      return [`task ${event.taskRunId}`];
    case 'approval-escalated':
    case 'approval-closed':
      return [`approval ${event.taskRunId}`];
    case 'evaluated':
      return [`evaluate ${event.taskRunId ?? ''} ${event.purpose}`];
    case 'performed':
      return [`perform ${event.taskRunId} ${event.step}`];
    case 'timer-fired':
      return [`timer ${event.id}`];
    case 'child-started':
      return [`child ${event.taskRunId} ${event.index}`];
    case 'child-ended':
      // It may also tell of a pause.
      return isTerminated(event.state) ? [`kill ${event.executionId}`] : [];
    case 'slot-granted':
    case 'slot-denied':
      return ['request-slot'];
    case 'execution-ended':
      return ['end-execution'];
    case 'execution-created':
    case 'task-started':
    case 'effect-intended':
    case 'execution-resumed':
    case 'execution-paused':
    case 'execution-killed':
    case 'execution-restarted':
    case 'run-state-changed':
    case 'execution-state-changed':
    case 'execution-forced':
    case 'labels-changed':
    case 'question-answered':
      return [];
  }
}
