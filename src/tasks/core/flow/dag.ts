/** `core.flow.Dag`: runs tasks as soon as those they wait for have ended. */
import { z } from 'zod';
import { defineFlowable } from '../../../ports/task.ts';

/** Runs tasks in the order their dependencies allow. */
export const dagTask = defineFlowable({
  type: 'core.flow.Dag',
  aliases: ['io.kestra.core.tasks.flows.Dag'],
  summary: 'Runs each of its tasks as soon as the tasks it depends on have ended.',
  description:
    'Each entry of `tasks` holds one `task` and, in `dependsOn`, the ids it waits for. Unknown ids and cycles make the flow invalid.',
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
      title: 'Publish a product once text and picture are there',
      flow: `id: publish-product
namespace: shop.catalogue
tasks:
  - id: product
    type: core.flow.Dag
    tasks:
      - task:
          id: text
          type: core.debug.Return
          format: A warm jumper
      - task:
          id: picture
          type: core.debug.Return
          format: jumper.webp
      - task:
          id: publish
          type: core.debug.Return
          format: "{{ outputs.text.value }} ({{ outputs.picture.value }})"
        dependsOn: [text, picture]
`,
      outputs: { publish: { value: 'A warm jumper (jumper.webp)' } },
    },
  ],
});
