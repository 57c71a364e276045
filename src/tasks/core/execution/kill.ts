/** `core.execution.Kill`: ends another execution by force. */
import { z } from 'zod';
import { defineTask } from '../../../ports/task.ts';

/** Ends another execution by force. */
export const killTask = defineTask({
  type: 'core.execution.Kill',
  ignoredProperties: ['propagateKill'],
  summary: 'Kills an execution, together with the executions it has started.',
  input: z.strictObject({
    executionId: z.string().describe('The execution to kill.'),
  }),
  output: z.strictObject({}),
  effect: { kind: 'idempotent', touches: ['store'] },
  provenance: { output: 'trusted' },
  failures: ['execution.not-found'],
  examples: [
    {
      title: 'Stop the handling of a cancelled order',
      flow: `id: stop-cancelled-order
namespace: shop.orders
inputs:
  - id: execution
    type: STRING
tasks:
  - id: stop
    type: core.execution.Kill
    executionId: "{{ inputs.execution }}"
`,
      isIllustration: true,
    },
  ],
  async run({ executionId }, context) {
    await context.executions.kill(executionId);
    return {};
  },
});
