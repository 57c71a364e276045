/**
 * What of the language runs as written elsewhere, point by point: covered, not yet, or different on
 * purpose. `docs/reference/compatibility.md` is generated from it.
 * INVARIANT: what is covered names the file that proves it; what is not says why.
 */

/** One property or rule of the language. */
export interface CompatibilityRow {
  /** Stable; a proof cites it in square brackets: `[retry.exponential]`. */
  readonly id: string;
  /** The heading it stands under. */
  readonly area: string;
  /** What the language says, in one sentence. */
  readonly what: string;
  readonly status: 'covered' | 'not-yet' | 'different';
  /** Why it is missing or different, and what happens instead. */
  readonly reason?: string;
  /** The test or example that proves it, from the root of the repository; it cites the id. */
  readonly proof?: string;
}

/** Every point, in the order of the page. */
export const compatibility: readonly CompatibilityRow[] = [
  {
    id: 'types.short-names',
    area: 'Types',
    what: 'A type is written with its full name, `io.kestra.plugin.core.log.Log`',
    status: 'different',
    reason: 'accepted with and without the prefix `io.kestra.plugin.`; the short form is canonical',
  },
  {
    id: 'values.numbers',
    area: 'Values',
    what: 'Whole numbers have 64 bits',
    status: 'different',
    reason: 'the same range; whole numbers beyond it wrap instead of failing',
  },
  {
    id: 'retry.exponential',
    area: 'Tasks',
    what: 'Exponential retries wait `interval`, then `interval × factor`, and so on',
    status: 'different',
    reason:
      'the interval grows by the factor each time, as documented; the original grows it linearly',
  },
  {
    id: 'triggers.schedule',
    area: 'Triggers',
    what: 'Triggers start executions: schedules, webhooks, other flows',
    status: 'not-yet',
    reason: 'triggers are parsed and kept; a scheduler that acts on them comes',
  },
  {
    id: 'tasks.worker-group',
    area: 'Tasks',
    what: '`workerGroup` sends a task to a group of workers',
    status: 'not-yet',
    reason: 'there is one process so far; groups come with several nodes',
  },
  {
    id: 'tasks.template',
    area: 'Tasks',
    what: 'The deprecated `Template` task runs a stored list of tasks',
    status: 'not-yet',
    reason: 'off by default where it exists; a subflow does the same',
  },
];
