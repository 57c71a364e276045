/** `core.storage.Size`: gives the size of a file. */
import { z } from 'zod';
import { defineTask } from '../../../ports/task.ts';

/** Gives the size of a file. */
export const sizeTask = defineTask({
  type: 'core.storage.Size',
  aliases: ['io.kestra.core.tasks.storages.Size'],
  summary: 'Gives the size of a file in bytes.',
  input: z.strictObject({ uri: z.string().describe('The file.') }),
  output: z.strictObject({ size: z.int().describe('The number of bytes.') }),
  effect: { kind: 'read', touches: ['files'] },
  provenance: { output: 'join' },
  failures: ['file.not-found', 'file.refused'],
  examples: [
    {
      title: 'Measure the packing list',
      flow: `id: measure-packing-list
namespace: shop.fulfilment
tasks:
  - id: list
    type: core.storage.Write
    content: 2 jumpers
  - id: measure
    type: core.storage.Size
    uri: "{{ outputs.list.uri }}"
`,
      outputs: { measure: { size: 9 } },
    },
  ],
  async run({ uri }, context) {
    return { size: await context.files.size(uri) };
  },
});
