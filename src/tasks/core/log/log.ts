/** `core.log.Log`: writes lines to the log of the execution, a list one line each. */
import { z } from 'zod';
import { defineTask } from '../../../ports/task.ts';
import { logLevels } from '../../../ports/task-context.ts';

/** Writes log lines. */
export const logTask = defineTask({
  type: 'core.log.Log',
  aliases: ['io.kestra.core.tasks.log.Log'],
  summary: 'Writes one or more lines to the log of the execution.',
  input: z.strictObject({
    message: z
      .union([z.string(), z.array(z.string())])
      .describe('The line to write; a list writes one line for each element.'),
    level: z.enum(logLevels).default('INFO').describe('The level of the lines.'),
  }),
  output: z.strictObject({}),
  effect: { kind: 'none', touches: [] },
  provenance: { output: 'trusted' },
  failures: [],
  examples: [
    {
      title: 'Greet the packing team',
      flow: `id: greet-packing-team
namespace: shop.fulfilment
inputs:
  - id: orders
    type: INT
    defaults: 12
tasks:
  - id: greet
    type: core.log.Log
    message:
      - Good morning
      - "{{ inputs.orders }} orders wait to be packed"
`,
      outputs: { greet: {} },
    },
  ],
  async run({ message, level }, context) {
    for (const line of typeof message === 'string' ? [message] : message) context.log(level, line);
    return {};
  },
});
