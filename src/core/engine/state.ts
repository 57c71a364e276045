/**
 * The states of executions and task runs, and what follows from each. The names are the language's own.
 */

/** Every state of an execution or a task run. */
export const states = [
  'CREATED',
  'QUEUED',
  'RUNNING',
  'PAUSED',
  'RESTARTED',
  'RETRYING',
  'RETRIED',
  'KILLING',
  'SUCCESS',
  'WARNING',
  'FAILED',
  'KILLED',
  'CANCELLED',
  'SKIPPED',
] as const;

/** The state of an execution or a task run. */
export type State = (typeof states)[number];

const terminated: ReadonlySet<State> = new Set<State>([
  'SUCCESS',
  'WARNING',
  'FAILED',
  'KILLED',
  'CANCELLED',
  'RETRIED',
  'SKIPPED',
]);

/** Tells whether nothing can follow `state` but a restart. */
export function isTerminated(state: State): boolean {
  return terminated.has(state);
}

/** A state and since when, in epoch milliseconds. */
export interface StateChange {
  readonly state: State;
  readonly at: number;
}
