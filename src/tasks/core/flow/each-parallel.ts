/** `core.flow.EachParallel`: the older form of ForEach in which everything runs side by side. */
import { z } from 'zod';
import { defineFlowable } from '../../../ports/task.ts';

/** Runs all tasks of all values side by side. */
export const eachParallelTask = defineFlowable({
  type: 'core.flow.EachParallel',
  aliases: ['io.kestra.core.tasks.flows.EachParallel'],
  summary: 'Runs its tasks for each value of a list, all tasks of all values side by side.',
  description: 'An older form of `core.flow.ForEach`; prefer that with `concurrencyLimit: 0`.',
  input: z.strictObject({
    value: z
      .union([z.string(), z.array(z.unknown())])
      .describe('The values: a list, or text that renders to a JSON list.'),
    concurrent: z
      .int()
      .min(0)
      .default(0)
      .describe('How many task runs may run at the same time; 0 sets no limit.'),
  }),
  output: z.strictObject({}),
  examples: [
    {
      title: 'Check two payment providers at once',
      flow: `id: check-payment-providers
namespace: shop.payments
tasks:
  - id: providers
    type: core.flow.EachParallel
    value: ["card", "invoice"]
    tasks:
      - id: check
        type: core.debug.Return
        format: "{{ taskrun.value }} works"
  - id: report
    type: core.debug.Return
    format: "{{ outputs.check['card'].value }}, {{ outputs.check['invoice'].value }}"
`,
      outputs: { report: { value: 'card works, invoice works' } },
    },
  ],
});
