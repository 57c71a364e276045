/** `core.flow.ForEach`: runs its tasks once for each value of a list. */
import { z } from 'zod';
import { defineFlowable } from '../../../ports/task.ts';

/** Runs tasks once for each value. */
export const forEachTask = defineFlowable({
  type: 'core.flow.ForEach',
  summary: 'Runs its tasks once for each value of a list, which they read as `taskrun.value`.',
  description:
    'Equal values run once; a null among them fails the task. A value that is no text reaches the tasks as JSON text. Tasks of one value run one after the other.',
  input: z.strictObject({
    values: z
      .union([z.string(), z.array(z.unknown())])
      .describe('The values: a list, or text that renders to a JSON list.'),
    concurrencyLimit: z
      .int()
      .min(0)
      .default(1)
      .describe('How many values are worked on at the same time; 0 sets no limit.'),
  }),
  output: z.strictObject({}),
  examples: [
    {
      title: 'Greet each warehouse',
      flow: `id: greet-warehouses
namespace: shop.fulfilment
tasks:
  - id: warehouses
    type: core.flow.ForEach
    values: ["north", "south"]
    tasks:
      - id: greet
        type: core.debug.Return
        format: "Good morning, {{ taskrun.value }}"
  - id: last
    type: core.debug.Return
    format: "{{ outputs.greet['south'].value }}"
`,
      outputs: { last: { value: 'Good morning, south' } },
    },
  ],
});
