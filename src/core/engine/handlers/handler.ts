/** What a handler is: it changes the execution of a turn as one type of event says. */
import type { ExecutionEvent } from '../event.ts';
import type { TaskRun } from '../execution.ts';
import type { Turn } from '../rules.ts';
import { isTerminated } from '../state.ts';

/** The event of one type. */
export type EventOf<T extends ExecutionEvent['type']> = Extract<ExecutionEvent, { type: T }>;

/** What an event of one type changes. */
export type Handler<T extends ExecutionEvent['type']> = (turn: Turn, event: EventOf<T>) => void;

/** What each event changes. */
export type Handlers = { readonly [T in ExecutionEvent['type']]: Handler<T> };

/** Returns the run of `id` unless it has ended: the world is slower than decisions about it. */
export function openRun(turn: Turn, id: string | null): TaskRun | undefined {
  const run = id === null ? undefined : turn.execution.runsById.get(id);
  return run === undefined || isTerminated(run.state) ? undefined : run;
}
