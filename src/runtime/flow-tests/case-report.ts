/** What came of tests, as it is told: values as text, with secrets as stars. */

/** What came of one comparison of an assertion. */
export interface CheckReport {
  readonly operator: string;
  readonly isSuccess: boolean;
  /** As text; null: there is no value. */
  readonly expected: string | null;
  readonly actual: string | null;
  readonly taskId?: string;
  readonly description?: string;
  /** Why it does not hold. */
  readonly message?: string;
  readonly line: number;
}

/** SUCCESS: all held. FAILED: something did not. ERROR: it could not be told. SKIPPED: disabled. */
export type TestState = 'SUCCESS' | 'FAILED' | 'ERROR' | 'SKIPPED';

/** What came of a case. */
export interface CaseReport {
  readonly id: string;
  readonly description?: string;
  readonly state: TestState;
  readonly executionId?: string;
  /** The state in which the execution rests. */
  readonly executionState?: string;
  readonly checks: readonly CheckReport[];
  /** Why it does not count, whatever the assertions say. */
  readonly errors: readonly string[];
  /** Why the execution failed, or could not be started; may hold values. */
  readonly failure?: string;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  readonly endedAt: number;
  readonly line: number;
}

/** What came of a suite. */
export interface SuiteReport {
  readonly runId: string;
  readonly id: string;
  readonly namespace: string;
  readonly flowId: string;
  readonly state: TestState;
  readonly cases: readonly CaseReport[];
  readonly startedAt: number;
  readonly endedAt: number;
}

/** Returns the state of a whole from those of its parts: the worst; SKIPPED where all are. */
export function jointState(states: readonly TestState[]): TestState {
  for (const state of ['ERROR', 'FAILED', 'SUCCESS'] as const) {
    if (states.includes(state)) return state;
  }
  return 'SKIPPED';
}
