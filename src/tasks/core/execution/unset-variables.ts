/** `core.execution.UnsetVariables`: removes variables of the execution. */
import { z } from 'zod';
import { defineTask } from '../../../ports/task.ts';

/** Removes variables. */
export const unsetVariablesTask = defineTask({
  type: 'core.execution.UnsetVariables',
  summary: 'Removes variables of the execution.',
  input: z.strictObject({
    variables: z.array(z.string()).describe('The names of the variables.'),
    ignoreMissing: z
      .boolean()
      .default(false)
      .describe('Whether a variable that does not exist is passed over; else it is an error.'),
  }),
  output: z.strictObject({}),
  effect: { kind: 'none', touches: [] },
  provenance: { output: 'trusted' },
  failures: [],
  examples: [
    {
      title: 'Forget the voucher',
      flow: `id: forget-voucher
namespace: shop.orders
variables:
  voucher: SPRING
tasks:
  - id: forget
    type: core.execution.UnsetVariables
    variables: [voucher]
  - id: show
    type: core.debug.Return
    format: "{{ vars.voucher ?? 'none' }}"
`,
      outputs: { show: { value: 'none' } },
    },
  ],
  async run({ variables, ignoreMissing }, context) {
    context.change({ type: 'unset-variables', names: variables, ignoresMissing: ignoreMissing });
    return {};
  },
});
