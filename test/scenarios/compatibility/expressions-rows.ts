/** How rendering and expressions stand against the language elsewhere, point by point. */
import type { CompatibilityRow } from './compatibility-row.ts';

/** The points of this part, in the order of the page. */
export const expressionRows: readonly CompatibilityRow[] = [
  {
    id: 'values.numbers',
    area: 'Values',
    what: 'Whole numbers have 64 bits',
    status: 'different',
    reason: 'the same range; whole numbers beyond it wrap instead of failing',
  },
];
