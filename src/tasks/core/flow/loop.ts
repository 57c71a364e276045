/** `core.flow.Loop`: runs its tasks for each element of a list, a map or a file, each time as an execution of its own. */
import { z } from 'zod';
import { defineFlowable } from '../../../ports/task.ts';

/** Runs tasks for each element, each time as an execution of its own. */
export const loopTask = defineFlowable({
  type: 'core.flow.Loop',
  summary: 'Runs its tasks for each element of a list, a map or a file of records.',
  description:
    'Each iteration is an execution of its own, in which `item.value` is the element as text, `item.index` its place from 0 and `item.key` its key in a map. What an iteration gives is declared in `outputs`.',
  input: z.strictObject({
    values: z
      .union([z.string(), z.array(z.unknown()), z.record(z.string(), z.unknown())])
      .describe('A list, a map, JSON text of one, or the URI of a file of records.'),
    concurrencyLimit: z
      .int()
      .min(0)
      .default(1)
      .describe('How many iterations run at the same time; 0 sets no limit.'),
    outputs: z
      .array(
        z.strictObject({
          id: z.string().describe('The name of the output.'),
          type: z.string().describe('The type of the output.'),
          value: z.unknown().describe('The value, rendered when an iteration has ended.'),
          itemType: z.string().optional().describe('The type of the elements of an ARRAY.'),
        }),
      )
      .optional()
      .describe('What each iteration gives.'),
    transmitFailed: z
      .boolean()
      .default(true)
      .describe('Whether an iteration that fails makes the loop fail.'),
    fetchType: z
      .enum(['AUTO', 'FETCH', 'STORE'])
      .default('AUTO')
      .describe('Whether outputs are kept in the execution, in a file, or as their size suggests.'),
  }),
  output: z.strictObject({
    outputs: z
      .array(
        z.strictObject({
          item: z.record(z.string(), z.unknown()).describe('The element, its index and key.'),
          outputs: z.record(z.string(), z.unknown()).describe('What the iteration gave.'),
        }),
      )
      .optional()
      .describe('What the iterations gave, in order.'),
    uri: z.string().optional().describe('The file that holds what the iterations gave.'),
    iterationCount: z.int().describe('How many iterations there are.'),
    runningIterations: z.int().describe('How many of them run.'),
    terminatedIterations: z.int().describe('How many of them have ended.'),
  }),
  rendering: { outputs: 'raw' },
  examples: [
    {
      title: 'Price three sizes',
      flow: `id: price-sizes
namespace: shop.pricing
tasks:
  - id: sizes
    type: core.flow.Loop
    values: ["S", "M", "L"]
    outputs:
      - id: price
        type: STRING
        value: "{{ outputs.price.value }}"
    tasks:
      - id: price
        type: core.debug.Return
        format: "size {{ item.value }} is number {{ item.index }}"
`,
      outputs: { sizes: { iterationCount: 3 } },
    },
  ],
});
