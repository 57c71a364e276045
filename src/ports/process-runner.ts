/**
 * Child processes of script tasks. The environment is what is declared and nothing else; the process
 * and everything it started is ended together.
 */

/** Where programs are looked for when a process declares no `PATH`. */
export const minimalPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** A process to run. */
export interface ProcessRequest {
  /** Program and arguments. */
  readonly command: readonly string[];
  readonly workingFolder: string;
  /** The whole environment; a minimal `PATH` is added when absent. */
  readonly environment: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  /** Called for each complete line. */
  readonly onLine: (stream: 'stdout' | 'stderr', line: string) => void;
}

/** How a process ended. */
export interface ProcessOutcome {
  readonly exitCode: number;
  /** The signal that ended it, if one did. */
  readonly endedBy?: string;
}

/** Runs child processes. */
export interface ProcessRunner {
  /** Runs to the end; throws `process.not-found` when the program is missing. On abort the whole group is ended first. */
  run(request: ProcessRequest): Promise<ProcessOutcome>;
  /** Tells whether a program can be found. */
  has(program: string): Promise<boolean>;
}
