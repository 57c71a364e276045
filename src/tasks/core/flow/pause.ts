/**
 * `core.flow.Pause`: holds the execution until somebody resumes it or a time has passed. The inputs of
 * the resume form (`onResume`), the task run on pausing (`onPause`) and the common `timeout` are read
 * by the language itself.
 */
import { z } from 'zod';
import { defineFlowable } from '../../../ports/task.ts';

/** Holds the execution until it is resumed. */
export const pauseTask = defineFlowable({
  type: 'core.flow.Pause',
  aliases: ['io.kestra.core.tasks.flows.Pause'],
  propertyAliases: { delay: 'pauseDuration' },
  summary: 'Pauses the execution until somebody resumes it or a time has passed.',
  description:
    'Values asked for in `onResume` are given as `outputs.<id>.onResume`. Without `pauseDuration` and `timeout` it waits for ever.',
  input: z.strictObject({
    pauseDuration: z
      .string()
      .optional()
      .describe('How long to pause, as an ISO duration; `behavior` says what happens then.'),
    behavior: z
      .enum(['RESUME', 'WARN', 'FAIL', 'CANCEL'])
      .default('RESUME')
      .describe('What happens when the time has passed without anybody resuming.'),
  }),
  output: z.strictObject({
    onResume: z
      .record(z.string(), z.unknown())
      .optional()
      .describe('The values given on resuming.'),
    resumed: z
      .strictObject({
        by: z.string().nullable().describe('Who resumed.'),
        on: z.string().describe('When, as an ISO instant.'),
        to: z.string().describe('The state it went on in.'),
      })
      .optional()
      .describe('Who resumed it, when, and in what state it went on.'),
  }),
  examples: [
    {
      title: 'Wait a moment before shipping',
      flow: `id: ship-after-pause
namespace: shop.fulfilment
tasks:
  - id: cool-down
    type: core.flow.Pause
    pauseDuration: PT0.05S
  - id: ship
    type: core.debug.Return
    format: shipped
`,
      outputs: { ship: { value: 'shipped' } },
    },
    {
      title: 'Let a person decide on a refund',
      flow: `id: decide-refund
namespace: shop.returns
tasks:
  - id: decide
    type: core.flow.Pause
    description: Refund of order 812, see the photos of the customer
    onResume:
      - id: amount
        type: FLOAT
  - id: refund
    type: core.debug.Return
    format: "refund {{ outputs.decide.onResume.amount }}"
`,
      state: 'PAUSED',
    },
  ],
});
