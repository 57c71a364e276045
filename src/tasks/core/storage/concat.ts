/** `core.storage.Concat`: joins files into one. */
import { z } from 'zod';
import { Failure } from '../../../core/failure/index.ts';
import { defineTask } from '../../../ports/task.ts';

/** Joins files into one. */
export const concatTask = defineTask({
  type: 'core.storage.Concat',
  aliases: ['io.kestra.core.tasks.storages.Concat'],
  summary: 'Joins files into one.',
  input: z.strictObject({
    files: z
      .union([z.array(z.string()), z.string()])
      .describe('The files in order: a list of URIs, or JSON text of one.'),
    separator: z.string().optional().describe('What to write after each file.'),
    extension: z
      .string()
      .regex(/^\.?[\w.-]+$/)
      .default('.tmp')
      .describe('The end of the file name.'),
  }),
  output: z.strictObject({ uri: z.string().describe('The joined file.') }),
  effect: { kind: 'read', touches: ['files'] },
  provenance: { output: 'join' },
  failures: ['file.not-found', 'file.refused', 'task.input-invalid'],
  examples: [
    {
      title: 'Join the orders of two channels',
      flow: `id: join-orders
namespace: shop.orders
tasks:
  - id: web
    type: core.storage.Write
    content: "811"
  - id: shop
    type: core.storage.Write
    content: "812"
  - id: all
    type: core.storage.Concat
    files:
      - "{{ outputs.web.uri }}"
      - "{{ outputs.shop.uri }}"
    separator: ";"
  - id: show
    type: core.debug.Return
    format: "{{ read(outputs.all.uri) }}"
`,
      outputs: { show: { value: '811;812;' } },
    },
  ],
  async run({ files, separator = '', extension }, context) {
    const after = new TextEncoder().encode(separator);
    const parts: Uint8Array[] = [];
    for (const uri of readUris(files)) {
      context.signal.throwIfAborted();
      parts.push(await context.files.read(uri), after);
    }
    const end = extension.startsWith('.') ? extension : `.${extension}`;
    return { uri: await context.files.put(`concat${end}`, Buffer.concat(parts)) };
  },
});

function readUris(files: readonly string[] | string): readonly string[] {
  if (typeof files !== 'string') return files;
  if (!files.trimStart().startsWith('[')) return [files];
  try {
    return z.array(z.string()).parse(JSON.parse(files));
  } catch (cause) {
    throw new Failure('task.input-invalid', '`files` is not a JSON list of URIs', { cause });
  }
}
