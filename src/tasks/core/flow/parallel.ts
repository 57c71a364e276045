/** `core.flow.Parallel`: runs its tasks side by side. */
import { z } from 'zod';
import { defineFlowable } from '../../../ports/task.ts';

/** Runs tasks side by side. */
export const parallelTask = defineFlowable({
  type: 'core.flow.Parallel',
  aliases: ['io.kestra.core.tasks.flows.Parallel'],
  summary: 'Runs its tasks side by side, at most `concurrent` of them at a time.',
  input: z.strictObject({
    concurrent: z
      .int()
      .min(0)
      .default(0)
      .describe('How many tasks may run at the same time; 0 sets no limit.'),
  }),
  output: z.strictObject({}),
  examples: [
    {
      title: 'Check stock and price at the same time',
      flow: `id: check-product
namespace: shop.catalogue
tasks:
  - id: checks
    type: core.flow.Parallel
    concurrent: 2
    tasks:
      - id: stock
        type: core.debug.Return
        format: "42"
      - id: price
        type: core.debug.Return
        format: "19.90"
  - id: report
    type: core.debug.Return
    format: "{{ outputs.stock.value }} pieces at {{ outputs.price.value }}"
`,
      outputs: { report: { value: '42 pieces at 19.90' } },
    },
  ],
});
