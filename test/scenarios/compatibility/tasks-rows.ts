/** How runnable tasks stand against the language elsewhere, point by point. */
import type { CompatibilityRow } from './compatibility-row.ts';

/** The points of this part, in the order of the page. */
export const taskRows: readonly CompatibilityRow[] = [
  {
    id: 'tasks.worker-group',
    area: 'Tasks',
    what: '`workerGroup` sends a task to a group of workers',
    status: 'not-yet',
    reason: 'there is one process so far; groups come with several nodes',
  },
];
