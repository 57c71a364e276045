/** `core.debug.Return`: gives a rendered text as its output. */
import { z } from 'zod';
import { defineTask } from '../../../ports/task.ts';

/** Gives a rendered text. */
export const returnTask = defineTask({
  type: 'core.debug.Return',
  aliases: ['io.kestra.core.tasks.debugs.Return'],
  summary: 'Gives a rendered text as its output and writes it to the log.',
  input: z.strictObject({
    format: z.string().optional().describe('The text to render.'),
  }),
  output: z.strictObject({
    value: z.string().nullable().describe('The rendered text; null without `format`.'),
  }),
  effect: { kind: 'none', touches: [] },
  provenance: { output: 'join' },
  failures: [],
  examples: [
    {
      title: 'Name the order',
      flow: `id: name-order
namespace: shop.orders
inputs:
  - id: order
    type: INT
    defaults: 812
tasks:
  - id: name
    type: core.debug.Return
    format: "order {{ inputs.order }}"
`,
      outputs: { name: { value: 'order 812' } },
    },
  ],
  async run({ format }, context) {
    if (format !== undefined) context.log('DEBUG', format);
    return { value: format ?? null };
  },
});
