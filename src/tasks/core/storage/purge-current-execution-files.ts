/** `core.storage.PurgeCurrentExecutionFiles`: deletes all files of this execution. */
import { z } from 'zod';
import { defineTask } from '../../../ports/task.ts';

/** Deletes all files of this execution. */
export const purgeCurrentExecutionFilesTask = defineTask({
  type: 'core.storage.PurgeCurrentExecutionFiles',
  aliases: ['core.storage.PurgeExecution', 'io.kestra.core.tasks.storages.PurgeExecution'],
  summary: 'Deletes all files that this execution has stored.',
  input: z.strictObject({}),
  output: z.strictObject({ uris: z.array(z.string()).describe('The deleted files.') }),
  effect: { kind: 'idempotent', touches: ['files'] },
  provenance: { output: 'join' },
  failures: [],
  examples: [
    {
      title: 'Leave nothing behind',
      flow: `id: leave-nothing
namespace: shop.orders
tasks:
  - id: list
    type: core.storage.Write
    content: 2 jumpers
  - id: purge
    type: core.storage.PurgeCurrentExecutionFiles
  - id: show
    type: core.debug.Return
    format: "{{ outputs.purge.uris | length }}"
`,
      outputs: { show: { value: '1' } },
    },
  ],
  async run(_, context) {
    const uris: string[] = [];
    for (const uri of await context.files.list()) {
      context.signal.throwIfAborted();
      if (await context.files.delete(uri)) uris.push(uri);
    }
    return { uris };
  },
});
