/** `core.execution.SetVariables`: merges values into the variables of the execution. */
import { z } from 'zod';
import type { ValueMap } from '../../../core/value/index.ts';
import { defineTask } from '../../../ports/task.ts';

/** Merges values into the variables. */
export const setVariablesTask = defineTask({
  type: 'core.execution.SetVariables',
  summary: 'Merges values into the variables of the execution.',
  input: z.strictObject({
    variables: z.record(z.string(), z.unknown()).describe('Names and values; maps merge deeply.'),
    overwrite: z
      .boolean()
      .default(true)
      .describe('Whether a variable that exists is replaced; else it is an error.'),
  }),
  output: z.strictObject({}),
  effect: { kind: 'none', touches: [] },
  provenance: { output: 'trusted' },
  failures: [],
  examples: [
    {
      title: 'Choose the carrier',
      flow: `id: set-carrier
namespace: shop.fulfilment
variables:
  carrier: none
tasks:
  - id: choose
    type: core.execution.SetVariables
    variables:
      carrier: road freight
  - id: show
    type: core.debug.Return
    format: "{{ vars.carrier }}"
`,
      outputs: { show: { value: 'road freight' } },
    },
  ],
  async run({ variables, overwrite }, context) {
    context.change({
      type: 'set-variables',
      variables: variables as ValueMap,
      overwrites: overwrite,
    });
    return {};
  },
});
