/** `core.trigger.Toggle`: switches a trigger off or on. */
import { z } from 'zod';
import { defineTask } from '../../../ports/task.ts';

/** Switches a trigger off or on. */
export const toggleTask = defineTask({
  type: 'core.trigger.Toggle',
  summary: 'Switches a trigger off, or on again.',
  description:
    'It stays so in later revisions of its flow. What a trigger that is off would have started is not caught up.',
  input: z.strictObject({
    trigger: z.string().min(1).describe('The id of the trigger.'),
    enabled: z.boolean().default(false).describe('Whether it is on afterwards.'),
    flowId: z.string().optional().describe('The flow that has it; the own one when absent.'),
    namespace: z
      .string()
      .optional()
      .describe('The namespace of that flow; the own one when absent.'),
  }),
  output: z.strictObject({}),
  effect: { kind: 'idempotent', touches: ['store'] },
  addressLike: ['trigger', 'flowId', 'namespace'],
  provenance: { output: 'trusted' },
  rendering: { enabled: 'typed' },
  failures: ['trigger.not-found'],
  examples: [
    {
      title: 'Stop a schedule once the sale is over',
      flow: `id: sale-prices
namespace: shop.pricing
inputs:
  - id: left
    type: INT
    defaults: 0
tasks:
  - id: stop
    type: core.trigger.Toggle
    trigger: hourly
    enabled: false
    runIf: "{{ inputs.left == 0 }}"
triggers:
  - id: hourly
    type: core.trigger.Schedule
    cron: "@hourly"
`,
    },
  ],
  async run({ trigger, enabled, flowId, namespace }, context) {
    const name = {
      namespace: namespace ?? context.flow.namespace,
      flowId: flowId ?? context.flow.id,
      triggerId: trigger,
    };
    await context.executions.switchTrigger(name, enabled);
    return {};
  },
});
