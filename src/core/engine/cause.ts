/** Which execution started another, and for which of its task runs. */

/** The execution and task run that started an execution. */
export interface Cause {
  readonly executionId: string;
  /** Empty when it was started again by itself. */
  readonly taskRunId: string;
  /** Which of the executions of the run's present attempt it is. */
  readonly index?: number;
  /** The attempt of the run, from 1. */
  readonly attempt?: number;
}
