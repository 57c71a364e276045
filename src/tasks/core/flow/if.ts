/** `core.flow.If`: runs one of two branches. The condition is judged once and kept as an output. */
import { z } from 'zod';
import { defineFlowable } from '../../../ports/task.ts';
import { conditionProperty } from '../condition-property.ts';

/** Runs one of two branches. */
export const ifTask = defineFlowable({
  type: 'core.flow.If',
  aliases: ['io.kestra.core.tasks.flows.If'],
  summary: 'Runs the tasks of `then` when a condition holds, and those of `else` when it does not.',
  description:
    'The rendered condition does not hold when it is empty, `0`, `-0`, `false` or null; everything else holds. It is evaluated once.',
  input: z.strictObject({
    condition: conditionProperty('The condition, usually an expression.'),
  }),
  output: z.strictObject({
    evaluationResult: z.boolean().describe('Whether the condition held.'),
  }),
  examples: [
    {
      title: 'Ask for a check of large orders',
      flow: `id: check-large-order
namespace: shop.orders
inputs:
  - id: total
    type: FLOAT
    defaults: 1250.5
tasks:
  - id: is-large
    type: core.flow.If
    condition: "{{ inputs.total > 1000 }}"
    then:
      - id: verdict
        type: core.debug.Return
        format: check by hand
    else:
      - id: accept
        type: core.debug.Return
        format: accepted
`,
      outputs: { 'is-large': { evaluationResult: true }, verdict: { value: 'check by hand' } },
    },
  ],
});
