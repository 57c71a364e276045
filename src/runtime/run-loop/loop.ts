/**
 * The run loop as its parts see it: executions in memory, how to add an event to one, how to load one
 * that rests. What performs commands is written against this and not against the loop itself.
 */
import type { Execution, ExecutionCreated, ExecutionEvent } from '../../core/engine/index.ts';
import type { KillSwitches } from '../kill-switch/index.ts';
import type { Active, Rider } from './active.ts';
import type { FarTimers } from './far-timers.ts';
import type { FlowLibrary } from './flow-library.ts';
import type { ForgetfulMap } from './forgetful-map.ts';
import type { Followers } from './follow.ts';
import type { RunLoopParts } from './parts.ts';
import type { Slots } from './slots.ts';

/** The machinery that performing commands works with. */
export interface RunLoop {
  readonly parts: RunLoopParts;
  readonly library: FlowLibrary;
  readonly followers: Followers;
  readonly slots: Slots;
  /** What somebody has stopped. */
  readonly switches: KillSwitches;
  readonly active: ForgetfulMap<string, Active>;
  readonly farTimers: FarTimers;
  /** Wakes an execution in memory at `dueAt` with `timer-fired`; a far moment is left to its row. */
  wake(active: Active, id: string, dueAt: number): void;
  /** Executions that left the queue because another of their flow ended; nobody may wait for them. */
  readonly promoted: Set<string>;
  /** Queued executions that somebody waits for; looked at when others come to rest. */
  readonly awaitedInQueue: Set<Active>;
  /** Adds an event to an execution; loads the execution first when it rests. */
  signal(executionId: string, event: EventDraft): Promise<void>;
  /** Adds an event to an execution in memory; `rider` is written together with it. */
  push(active: Active, event: EventDraft, rider?: Rider): void;
  /** Takes an execution into memory that does not exist yet. */
  admit(
    execution: Execution,
    around: readonly Execution[],
    event: ExecutionCreated,
    /** Called once it is durable, before anything that follows is heard of. */
    whenDurable?: () => void,
    /** Written with its creation; where it may not be, `store.conflict` is thrown and nothing exists. */
    rider?: Rider,
  ): Promise<void>;
  /** Returns why the store could not be written, if that ever happened. */
  fatal(): unknown;
  /** Notes that the store cannot be used: whoever waits is told, and the next process goes on. */
  strand(error: unknown): void;
  /** Lets `work` go on by itself; trouble with the store in it is everybody's, anything else is a bug. */
  carry(work: Promise<unknown>): void;
  /** Returns an execution in memory, loading it when it rests; throws `execution.not-found`. */
  load(executionId: string): Promise<Active>;
  /** Notes that work of `active` has begun; call the result when it is over. */
  begin(active: Active): () => void;
  /** Writes the lines and numbers that wait anywhere, a moment later unless something else is written before. */
  flushSoon(): void;
  /** Stops looking for what other processes write, and for timers. */
  close(): void;
  isClosed(): boolean;
  /** Has no task begin any more; what is not begun is found again by the next process. */
  beginNothing(): void;
  /** Tells whether tasks may begin. */
  mayBegin(): boolean;
  /** Has `act` called when the loop is closed. */
  whenClosed(act: () => void): void;
  /** Returns the present time. */
  now(): number;
}

/** An event without its time. */
export type EventDraft = ExecutionEvent extends infer E
  ? E extends ExecutionEvent
    ? Omit<E, 'at'>
    : never
  : never;

/** What performing a command may add to the batch under way. */
export interface BatchWriter {
  afterCommit(act: () => void): void;
  setTimer(id: string, dueAt: number): void;
  clearTimer(id: string): void;
  /** Voids in the same write an approval that nobody waits for any more. */
  voidApproval(id: string): void;
  /** Notes in the same write that something is to be done even if this process ends before. */
  noteUnsettled(id: string): void;
}
