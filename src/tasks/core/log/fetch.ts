/** `core.log.Fetch`: stores the log lines of an execution as a file of records. */
import { z } from 'zod';
import { provenanceOf, toPlain } from '../../../core/value/index.ts';
import { defineTask } from '../../../ports/task.ts';
import { logLevels } from '../../../ports/task-context.ts';

/** Stores log lines as a file. */
export const fetchTask = defineTask({
  type: 'core.log.Fetch',
  aliases: ['io.kestra.core.tasks.log.Fetch'],
  ignoredProperties: ['namespace', 'flowId'],
  summary: 'Stores the log lines of an execution as a file of records.',
  input: z.strictObject({
    executionId: z.string().optional().describe('The execution; this one when absent.'),
    tasksId: z
      .array(z.string())
      .optional()
      .describe('The ids of the tasks whose lines are wanted; all when absent.'),
    level: z.enum(logLevels).default('INFO').describe('The lowest level to keep.'),
  }),
  output: z.strictObject({
    size: z.int().describe('The number of lines.'),
    uri: z.string().describe('The file: one JSON record a line.'),
  }),
  effect: { kind: 'read', touches: ['store', 'files'] },
  provenance: { output: 'join', fields: { size: 'outside' } },
  failures: ['execution.not-found'],
  examples: [
    {
      title: 'Keep what the import said',
      flow: `id: keep-import-log
namespace: shop.catalogue
tasks:
  - id: import
    type: core.log.Log
    message: 42 products imported
  - id: lines
    type: core.log.Fetch
    tasksId: [import]
`,
      outputs: { lines: { size: 1 } },
    },
  ],
  async run({ executionId, tasksId = [], level }, context) {
    const lines = await context.executions.logs({
      executionId: executionId ?? context.execution.id,
      taskIds: tasksId,
      levelMin: level,
    });
    const content = lines.map((line) => `${JSON.stringify(toPlain(line))}\n`).join('');
    // Log lines hold whatever tasks printed, texts of outsiders included.
    const uri = await context.files.put(
      'logs.jsonl',
      content,
      provenanceOf({ trust: 'untrusted' }),
    );
    return { size: lines.length, uri };
  },
});
