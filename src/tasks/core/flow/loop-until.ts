/** `core.flow.LoopUntil`: repeats its tasks until a condition holds. */
import { z } from 'zod';
import { defineFlowable } from '../../../ports/task.ts';
import { conditionProperty } from '../condition-property.ts';

/** Repeats tasks until a condition holds. */
export const loopUntilTask = defineFlowable({
  type: 'core.flow.LoopUntil',
  aliases: ['core.flow.WaitFor', 'io.kestra.core.tasks.flows.WaitFor'],
  summary: 'Runs its tasks again and again until a condition holds.',
  description:
    'The condition is tested after each round. The task runs of a round replace those of the round before. The bound counts repetitions: `maxIterations: 3` allows four rounds.',
  input: z.strictObject({
    condition: conditionProperty('Ends the loop when it holds; rendered after each round.'),
    failOnMaxReached: z
      .boolean()
      .default(false)
      .describe('Whether reaching a bound fails the task; else it ends as its last round did.'),
    checkFrequency: z
      .strictObject({
        maxIterations: z.int().min(0).optional().describe('How often the tasks may be repeated.'),
        maxDuration: z
          .string()
          .optional()
          .describe('How long the loop may last, as an ISO duration.'),
        interval: z.string().default('PT1M').describe('The time between two rounds.'),
      })
      .prefault({})
      .describe('How often and how long to repeat.'),
  }),
  output: z.strictObject({
    iterationCount: z.int().describe('The number of the round, 1 in the first.'),
  }),
  rendering: { condition: 'raw' },
  examples: [
    {
      title: 'Poll until the third round',
      flow: `id: wait-for-stock
namespace: shop.fulfilment
tasks:
  - id: poll
    type: core.flow.LoopUntil
    condition: "{{ outputs.poll.iterationCount >= 3 }}"
    checkFrequency:
      interval: PT0.01S
      maxIterations: 10
    tasks:
      - id: look
        type: core.debug.Return
        format: "look {{ outputs.poll.iterationCount }}"
`,
      outputs: { poll: { iterationCount: 3 } },
    },
  ],
});
