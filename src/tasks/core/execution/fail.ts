/** `core.execution.Fail`: fails, always or when a condition holds. */
import { z } from 'zod';
import { Failure } from '../../../core/failure/index.ts';
import { defineTask } from '../../../ports/task.ts';
import { conditionProperty } from '../condition-property.ts';

/** Fails. */
export const failTask = defineTask({
  type: 'core.execution.Fail',
  aliases: ['io.kestra.core.tasks.executions.Fail'],
  propertyAliases: { message: 'errorMessage' },
  lenientAliases: ['message'],
  summary: 'Fails, always or only when a condition holds.',
  description:
    'Without a condition it fails with the message. With a condition that holds it writes the message to the log and fails; with one that does not hold it does nothing.',
  input: z.strictObject({
    condition: conditionProperty('Fails only when it holds; always when absent.').optional(),
    errorMessage: z.string().default('Task failure').describe('What to say.'),
  }),
  output: z.strictObject({}),
  effect: { kind: 'none', touches: [] },
  provenance: { output: 'trusted' },
  failures: ['task.failed'],
  examples: [
    {
      title: 'Stop when nobody paid',
      flow: `id: stop-unpaid-order
namespace: shop.orders
inputs:
  - id: paid
    type: BOOLEAN
    defaults: false
tasks:
  - id: stop
    type: core.execution.Fail
    condition: "{{ inputs.paid == false }}"
    errorMessage: The order is not paid
`,
      state: 'FAILED',
    },
  ],
  async run({ condition, errorMessage }, context) {
    if (condition === undefined) throw failed(errorMessage);
    if (!context.isTruthy(condition)) return {};
    context.log('ERROR', errorMessage);
    throw failed('Fail on a condition');
  },
});

/** Returns the failure: trying again cannot help, the flow's author wants it to fail. */
function failed(message: string): Failure {
  return new Failure('task.failed', message, {
    help: 'the flow ends here on purpose; see the message',
    isRetryable: false,
  });
}
