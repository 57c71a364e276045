/** How triggers, conditions and newer surfaces stand against the language elsewhere, point by point. */
import type { CompatibilityRow } from './compatibility-row.ts';

/** The points of this part, in the order of the page. */
export const triggerRows: readonly CompatibilityRow[] = [
  {
    id: 'triggers.schedule',
    area: 'Triggers',
    what: 'Triggers start executions: schedules, webhooks, other flows',
    status: 'not-yet',
    reason: 'triggers are parsed and kept; a scheduler that acts on them comes',
  },
];
