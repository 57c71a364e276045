/** `core.flow.WorkingDirectory`: runs its tasks one after the other in one folder. */
import { z } from 'zod';
import { defineFlowable } from '../../../ports/task.ts';
import { namespaceFilesSchema } from '../../scripts/index.ts';

/** Runs tasks in one folder. */
export const workingDirectoryTask = defineFlowable({
  type: 'core.flow.WorkingDirectory',
  aliases: ['io.kestra.core.tasks.flows.WorkingDirectory', 'io.kestra.core.tasks.flows.Worker'],
  summary: 'Runs its tasks one after the other in one folder whose files they share.',
  input: z.strictObject({
    inputFiles: z
      .union([z.record(z.string(), z.string().nullable()), z.string()])
      .optional()
      .describe('Files to write first: path to content or URI, or JSON text of that.'),
    outputFiles: z
      .union([z.array(z.string()), z.string()])
      .optional()
      .describe('Patterns of the files to keep when the tasks have ended.'),
    namespaceFiles: namespaceFilesSchema.optional(),
    cache: z
      .strictObject({
        ttl: z.string().optional().describe('How long the kept files live, as an ISO duration.'),
        patterns: z.array(z.string()).describe('Patterns of the files to keep for the next run.'),
      })
      .optional()
      .describe('Files that are kept from one execution to the next.'),
  }),
  output: z.strictObject({
    outputFiles: z
      .record(z.string(), z.string())
      .optional()
      .describe('The kept files: path to URI.'),
  }),
  examples: [
    {
      title: 'Let two tasks share a file',
      flow: `id: share-order-file
namespace: shop.orders
tasks:
  - id: folder
    type: core.flow.WorkingDirectory
    tasks:
      - id: write
        type: core.storage.LocalFiles
        inputs:
          order.txt: order 812
      - id: collect
        type: core.storage.LocalFiles
        outputs: ["*.txt"]
  - id: show
    type: core.debug.Return
    format: "{{ read(outputs.collect.uris['order.txt']) }}"
`,
      outputs: { show: { value: 'order 812' } },
    },
  ],
});
