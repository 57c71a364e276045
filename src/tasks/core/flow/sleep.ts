/** `core.flow.Sleep`: waits. */
import { z } from 'zod';
import { defineTask } from '../../../ports/task.ts';
import { parseDuration } from '../parse-duration.ts';

/** Waits. */
export const sleepTask = defineTask({
  type: 'core.flow.Sleep',
  aliases: ['io.kestra.core.tasks.flows.Sleep'],
  summary: 'Waits for a given time.',
  description: 'For long waits prefer `core.flow.Pause`, which holds no worker.',
  input: z.strictObject({
    duration: z.string().describe('How long to wait, as an ISO duration.'),
  }),
  output: z.strictObject({}),
  effect: { kind: 'none', touches: [] },
  provenance: { output: 'trusted' },
  failures: ['task.input-invalid'],
  examples: [
    {
      title: 'Give a remote system a moment',
      flow: `id: wait-before-retry
namespace: shop.payments
tasks:
  - id: moment
    type: core.flow.Sleep
    duration: PT0.05S
  - id: done
    type: core.debug.Return
    format: waited
`,
      outputs: { done: { value: 'waited' } },
    },
  ],
  async run({ duration }, context) {
    await context.sleep(parseDuration(duration));
    return {};
  },
});
