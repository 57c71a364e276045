/** How flow documents, inputs, labels, defaults, secrets stand against the language elsewhere, point by point. */
import type { CompatibilityRow } from './compatibility-row.ts';

/** The points of this part, in the order of the page. */
export const flowRows: readonly CompatibilityRow[] = [
  {
    id: 'types.short-names',
    area: 'Types',
    what: 'A type is written with its full name, `io.kestra.plugin.core.log.Log`',
    status: 'different',
    reason: 'accepted with and without the prefix `io.kestra.plugin.`; the short form is canonical',
  },
];
