/**
 * Processes that outlive the one that started them: a script goes on when Sluice is killed. They are
 * ended before what they worked for goes on, so that nothing is done twice side by side.
 */

/** A process group that is about to be started. */
export interface NotedGroup {
  /** It has been started, as `group`. */
  started(group: number): void;
  /** It is gone, or was never started. */
  over(): void;
}

/** Process groups that were started for a data folder. */
export interface LeftProcesses {
  /** Notes that this process is about to start a group that works in `workingFolder`. */
  note(workingFolder: string): NotedGroup;
  /** Ends the groups whose starter is gone, and answers how many, when they are gone too. */
  end(): Promise<number>;
}
