/** `core.debug.Echo`: the older form of Log. */
import { z } from 'zod';
import { defineTask } from '../../../ports/task.ts';
import { logLevels } from '../../../ports/task-context.ts';

/** Writes a text to the log. */
export const echoTask = defineTask({
  type: 'core.debug.Echo',
  aliases: ['io.kestra.core.tasks.debugs.Echo'],
  summary: 'Writes a text to the log.',
  description: 'An older form of `core.log.Log`; prefer that.',
  input: z.strictObject({
    format: z.string().optional().describe('The text to write.'),
    level: z.enum(logLevels).default('INFO').describe('The level of the line.'),
  }),
  output: z.strictObject({}),
  effect: { kind: 'none', touches: [] },
  provenance: { output: 'trusted' },
  failures: [],
  examples: [
    {
      title: 'Say that the shop opens',
      flow: `id: say-open
namespace: shop.operations
tasks:
  - id: say
    type: core.debug.Echo
    format: the shop opens
`,
      outputs: { say: {} },
    },
  ],
  async run({ format = '', level }, context) {
    context.log(level, format);
    return {};
  },
});
