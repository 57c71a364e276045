/** Which execution started another, and for which of its task runs. */

/** The execution and task run that started an execution. */
export interface Cause {
  readonly executionId: string;
  /** Empty when it was started again by itself, or by a trigger that heard of it. */
  readonly taskRunId: string;
  /** Which of the executions of the run's present attempt it is. */
  readonly index?: number;
  /** The attempt of the run, from 1. */
  readonly attempt?: number;
  /** The trigger that heard of it, of the flow that was started. */
  readonly trigger?: string;
  /** What the trigger heard of it: the place in the ledger, and which of the states at that place. */
  readonly heard?: { readonly seq: number; readonly part: number };
}
