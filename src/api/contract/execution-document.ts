/**
 * An execution as people and programs outside read it: the document that the command line prints and
 * the API answers. Plain JSON: dates are ISO text, values are what `toPlain` makes of them.
 */

/** A state and since when. */
export interface StateDocument {
  readonly current: string;
  readonly histories: readonly { readonly state: string; readonly date: string }[];
}

/** One try of a task run. */
export interface AttemptDocument {
  readonly state: StateDocument;
  /** With `logToFile`: the URI of the file with its log lines. */
  readonly logFile?: string;
}

/**
 * What a task run waits to be told: its process ended after it had written down what it was about to do
 * outside, so that it may or may not have happened.
 */
export interface QuestionDocument {
  readonly text: string;
  readonly answers: readonly ('happened' | 'retry' | 'fail')[];
  /** When it was about to be done, and when it turned out that its end is not known. */
  readonly intendedDate: string;
  readonly askedDate: string;
  /** Equal for what would do the same. */
  readonly digest: string;
  readonly idempotencyKey: string;
  readonly attempt: number;
  /** What was to be done; without secrets. */
  readonly arguments: Readonly<Record<string, unknown>>;
}

/** A task run as it is read outside. */
export interface TaskRunDocument {
  readonly id: string;
  readonly taskId: string;
  readonly parentTaskRunId?: string;
  /** The loop value, as text. */
  readonly value?: string;
  readonly iteration?: number;
  readonly state: StateDocument;
  readonly attempts: readonly AttemptDocument[];
  readonly outputs: Readonly<Record<string, unknown>>;
  /** Present while the run waits for somebody to answer it. */
  readonly question?: QuestionDocument;
}

/** An execution as it is read outside. */
export interface ExecutionDocument {
  readonly id: string;
  readonly namespace: string;
  readonly flowId: string;
  readonly flowRevision: number;
  readonly state: StateDocument;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly outputs: Readonly<Record<string, unknown>>;
  readonly labels: readonly { readonly key: string; readonly value: string }[];
  readonly variables?: Readonly<Record<string, unknown>>;
  readonly trigger?: Readonly<Record<string, unknown>>;
  readonly originalId: string;
  readonly parentId?: string;
  /** Which attempt of its flow it is: 1, and one more for each repetition as another execution. */
  readonly metadata?: { readonly attemptNumber: number };
  /** In the order in which they were created. */
  readonly taskRunList: readonly TaskRunDocument[];
  /** The executions this one caused, oldest first. */
  readonly related?: readonly ExecutionDocument[];
  /** Why it failed, where something can be said. */
  readonly error?: { readonly message: string; readonly taskId?: string; readonly code?: string };
  /** With `--then`: the documents before each act. */
  readonly steps?: readonly ExecutionDocument[];
}
