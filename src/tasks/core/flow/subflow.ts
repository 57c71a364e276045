/** `core.flow.Subflow`: starts an execution of another flow and takes over its outputs and state. */
import { z } from 'zod';
import { defineFlowable } from '../../../ports/task.ts';
import { startedExecutionProperties } from '../started-execution.ts';

/** Starts an execution of another flow. */
export const subflowTask = defineFlowable({
  type: 'core.flow.Subflow',
  aliases: [
    'io.kestra.core.tasks.flows.Subflow',
    'io.kestra.core.tasks.flows.Flow',
    'core.flow.Flow',
  ],
  summary: 'Starts an execution of another flow and, if wanted, waits for its end.',
  input: z.strictObject({
    ...startedExecutionProperties,
    outputs: z
      .record(z.string(), z.unknown())
      .optional()
      .describe('Values rendered in the started execution; prefer outputs of the flow itself.'),
  }),
  output: z.strictObject({
    executionId: z.string().describe('The id of the started execution.'),
    state: z.string().optional().describe('The state it ended in.'),
    outputs: z.record(z.string(), z.unknown()).optional().describe('The outputs of the flow.'),
  }),
  rendering: { outputs: 'raw' },
  examples: [
    {
      title: 'Hand an order to the fulfilment flow',
      flow: `id: hand-over-order
namespace: shop.orders
tasks:
  - id: fulfil
    type: core.flow.Subflow
    namespace: shop.fulfilment
    flowId: fulfil-order
    inputs:
      order: "812"
  - id: report
    type: core.log.Log
    message: "{{ outputs.fulfil.executionId }} ended {{ outputs.fulfil.state }}"
`,
      isIllustration: true,
    },
  ],
});
