/**
 * Ids of task runs as rows hold them. The engine makes them of the execution's id and a number; a row
 * names its execution already, so that only the rest is written: a third of an index and of a log line.
 *
 * INVARIANT: what is read is what was written, whatever the id looks like.
 */

/** Marks an id that is written as it is. */
const whole = '=';
/** What parts the id of an execution from the number of a run. */
const part = '-';

/** Returns the id of a task run as a row of its execution holds it. */
export function storedRunId(executionId: string, id: string): string {
  const isOwn = id.startsWith(executionId) && id[executionId.length] === part;
  return isOwn ? id.slice(executionId.length) : whole + id;
}

/** Returns the id that `storedRunId` wrote as `stored`. */
export function readRunId(executionId: string, stored: string): string {
  return stored.startsWith(whole) ? stored.slice(whole.length) : executionId + stored;
}
