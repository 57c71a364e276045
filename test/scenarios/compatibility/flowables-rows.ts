/** How tasks that start tasks stand against the language elsewhere, point by point. */
import type { CompatibilityRow } from './compatibility-row.ts';

/** The points of this part, in the order of the page. */
export const flowableRows: readonly CompatibilityRow[] = [
  {
    id: 'tasks.template',
    area: 'Tasks',
    what: 'The deprecated `Template` task runs a stored list of tasks',
    status: 'not-yet',
    reason: 'off by default where it exists; a subflow does the same',
  },
];
