/** `core.execution.Exit`: ends the execution at once, in a chosen state. */
import { z } from 'zod';
import { defineTask } from '../../../ports/task.ts';

/** Ends the execution. */
export const exitTask = defineTask({
  type: 'core.execution.Exit',
  summary: 'Ends the execution at once, in a chosen state.',
  description: 'Tasks that still run are killed, those that wait never start.',
  input: z.strictObject({
    state: z
      .enum(['SUCCESS', 'WARNING', 'KILLED', 'FAILED', 'CANCELED', 'CANCELLED'])
      .default('SUCCESS')
      .describe('The state the execution ends in.'),
  }),
  output: z.strictObject({}),
  effect: { kind: 'none', touches: [] },
  provenance: { output: 'trusted' },
  failures: [],
  examples: [
    {
      title: 'Stop early when there is nothing to ship',
      flow: `id: stop-when-empty
namespace: shop.fulfilment
inputs:
  - id: parcels
    type: INT
    defaults: 0
tasks:
  - id: stop
    type: core.execution.Exit
    runIf: "{{ inputs.parcels == 0 }}"
    state: WARNING
  - id: ship
    type: core.log.Log
    message: shipping
`,
      state: 'WARNING',
    },
  ],
  async run({ state }, context) {
    context.change({ type: 'end-execution', state: state === 'CANCELED' ? 'CANCELLED' : state });
    return {};
  },
});
