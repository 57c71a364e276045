/** How how an execution runs stand against the language elsewhere, point by point. */
import type { CompatibilityRow } from './compatibility-row.ts';

/** The points of this part, in the order of the page. */
export const engineRows: readonly CompatibilityRow[] = [
  {
    id: 'retry.exponential',
    area: 'Tasks',
    what: 'Exponential retries wait `interval`, then `interval × factor`, and so on',
    status: 'different',
    reason:
      'the interval grows by the factor each time, as documented; the original grows it linearly',
  },
];
