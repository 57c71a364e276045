/**
 * What is wrong with a flow file, where, and what to do. Diagnostics are collected, several per run,
 * and never thrown.
 */

/** How serious a diagnostic is: an error makes the flow invalid. */
export type Severity = 'error' | 'warning';

/** One thing wrong, or doubtful, in a flow file. */
export interface Diagnostic {
  readonly severity: Severity;
  /** `flow.…` or `expression.…`, one of the language's diagnostic codes. */
  readonly code: string;
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** Path in the document: `tasks[0].then[1].message`. */
  readonly path: string;
  readonly message: string;
  readonly help: string;
}
