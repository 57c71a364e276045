/** `core.execution.Resume`: resumes a paused execution with values for its form. */
import { z } from 'zod';
import type { ValueMap } from '../../../core/value/index.ts';
import { defineTask } from '../../../ports/task.ts';

/** Resumes a paused execution. */
export const resumeTask = defineTask({
  type: 'core.execution.Resume',
  aliases: ['io.kestra.core.tasks.executions.Resume'],
  ignoredProperties: ['namespace', 'flowId'],
  summary: 'Resumes a paused execution with values for its form.',
  input: z.strictObject({
    executionId: z.string().optional().describe('The execution; this one when absent.'),
    inputs: z
      .record(z.string(), z.unknown())
      .optional()
      .describe('Values for the inputs that the pause asks for.'),
  }),
  output: z.strictObject({}),
  effect: { kind: 'external', touches: ['store'] },
  provenance: { output: 'trusted' },
  rendering: { inputs: 'typed' },
  failures: ['execution.not-found', 'execution.wrong-state', 'input.invalid'],
  examples: [
    {
      title: 'Go on with an order whose payment has arrived',
      flow: `id: resume-paid-order
namespace: shop.orders
inputs:
  - id: execution
    type: STRING
tasks:
  - id: go-on
    type: core.execution.Resume
    executionId: "{{ inputs.execution }}"
    inputs:
      paid: true
`,
      isIllustration: true,
    },
  ],
  async run({ executionId, inputs = {} }, context) {
    await context.executions.resume(executionId ?? context.execution.id, inputs as ValueMap);
    return {};
  },
});
