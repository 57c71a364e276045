/** `core.execution.Assert`: fails unless all conditions hold. */
import { z } from 'zod';
import { Failure } from '../../../core/failure/index.ts';
import { defineTask } from '../../../ports/task.ts';
import { conditionProperty } from '../condition-property.ts';

/** Fails unless all conditions hold. */
export const assertTask = defineTask({
  type: 'core.execution.Assert',
  summary: 'Fails unless all of its conditions hold.',
  input: z.strictObject({
    conditions: z
      .array(conditionProperty('A condition.'))
      .describe('The conditions, usually expressions.'),
    errorMessage: z.string().optional().describe('What to say when a condition does not hold.'),
  }),
  output: z.strictObject({
    failed: z.int().describe('How many conditions do not hold.'),
  }),
  effect: { kind: 'none', touches: [] },
  provenance: { output: 'join' },
  failures: ['task.failed'],
  examples: [
    {
      title: 'Check an order before it is packed',
      flow: `id: check-order
namespace: shop.orders
inputs:
  - id: total
    type: FLOAT
    defaults: 99.5
tasks:
  - id: checks
    type: core.execution.Assert
    conditions:
      - "{{ inputs.total > 0 }}"
      - "{{ inputs.total < 5000 }}"
    errorMessage: The total makes no sense
`,
      outputs: { checks: { failed: 0 } },
    },
  ],
  async run({ conditions, errorMessage }, context) {
    const broken = conditions.flatMap((one, index) => (context.isTruthy(one) ? [] : [index + 1]));
    if (broken.length === 0) return { failed: 0 };
    context.keepOutputs({ failed: broken.length });
    for (const place of broken) {
      context.log('ERROR', `condition ${place} of ${conditions.length} does not hold`);
    }
    throw new Failure(
      'task.failed',
      errorMessage ?? `${broken.length} of ${conditions.length} conditions do not hold`,
      { isRetryable: false },
    );
  },
});
