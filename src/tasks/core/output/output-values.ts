/** `core.output.OutputValues`: gives several rendered values as its output. */
import { z } from 'zod';
import { defineTask } from '../../../ports/task.ts';

/** Gives several rendered values. */
export const outputValuesTask = defineTask({
  type: 'core.output.OutputValues',
  summary: 'Gives several rendered values as its output.',
  input: z.strictObject({
    values: z
      .record(z.string(), z.unknown())
      .optional()
      .describe('Names and values; every text in them is rendered to text.'),
  }),
  output: z.strictObject({
    values: z.record(z.string(), z.unknown()).describe('The rendered values.'),
  }),
  effect: { kind: 'none', touches: [] },
  provenance: { output: 'join' },
  failures: [],
  examples: [
    {
      title: 'Gather what the invoice needs',
      flow: `id: gather-invoice
namespace: shop.orders
tasks:
  - id: invoice
    type: core.output.OutputValues
    values:
      order: "812"
      lines:
        - "{{ 2 * 3 }} jumpers"
  - id: show
    type: core.debug.Return
    format: "{{ outputs.invoice.values.order }}: {{ outputs.invoice.values.lines[0] }}"
`,
      outputs: { show: { value: '812: 6 jumpers' } },
    },
  ],
  async run({ values = {} }) {
    return { values };
  },
});
