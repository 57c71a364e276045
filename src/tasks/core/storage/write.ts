/** `core.storage.Write`: stores a text as a file of the execution. */
import { z } from 'zod';
import { defineTask } from '../../../ports/task.ts';

/** Stores a text as a file. */
export const writeTask = defineTask({
  type: 'core.storage.Write',
  summary: 'Stores a text as a file of the execution.',
  input: z.strictObject({
    content: z.string().describe('The text.'),
    extension: z
      .string()
      .regex(/^\.?[\w.-]+$/)
      .optional()
      .describe('The end of the file name: `.csv`.'),
  }),
  output: z.strictObject({ uri: z.string().describe('The file.') }),
  effect: { kind: 'read', touches: ['files'] },
  provenance: { output: 'join' },
  failures: [],
  examples: [
    {
      title: 'Write the packing list',
      flow: `id: write-packing-list
namespace: shop.fulfilment
tasks:
  - id: list
    type: core.storage.Write
    content: "order 812: 2 jumpers"
    extension: .txt
  - id: show
    type: core.debug.Return
    format: "{{ read(outputs.list.uri) }}"
`,
      outputs: { show: { value: 'order 812: 2 jumpers' } },
    },
  ],
  async run({ content, extension = '' }, context) {
    const end = extension === '' || extension.startsWith('.') ? extension : `.${extension}`;
    return { uri: await context.files.put(`file${end}`, content) };
  },
});
