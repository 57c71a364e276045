/** `core.storage.Delete`: deletes a file of the execution. */
import { z } from 'zod';
import { Failure } from '../../../core/failure/index.ts';
import { defineTask } from '../../../ports/task.ts';

/** Deletes a file of the execution. */
export const deleteTask = defineTask({
  type: 'core.storage.Delete',
  aliases: ['io.kestra.core.tasks.storages.Delete'],
  summary: 'Deletes a file of the execution.',
  input: z.strictObject({
    uri: z.string().describe('The file.'),
    errorOnMissing: z.boolean().default(false).describe('Whether a missing file is an error.'),
  }),
  output: z.strictObject({
    uri: z.string().describe('The file.'),
    deleted: z.boolean().describe('Whether it was there.'),
  }),
  effect: { kind: 'idempotent', touches: ['files'] },
  provenance: { output: 'join' },
  failures: ['file.not-found', 'file.refused'],
  examples: [
    {
      title: 'Delete the packing list once it is printed',
      flow: `id: delete-packing-list
namespace: shop.fulfilment
tasks:
  - id: list
    type: core.storage.Write
    content: 2 jumpers
  - id: remove
    type: core.storage.Delete
    uri: "{{ outputs.list.uri }}"
`,
      outputs: { remove: { deleted: true } },
    },
  ],
  async run({ uri, errorOnMissing }, context) {
    const deleted = await context.files.delete(uri);
    if (!deleted && errorOnMissing) throw new Failure('file.not-found', `no file \`${uri}\``);
    return { uri, deleted };
  },
});
