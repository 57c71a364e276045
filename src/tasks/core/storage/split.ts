/** `core.storage.Split`: cuts a file into several by lines, size, number or pattern. */
import { z } from 'zod';
import { defineTask } from '../../../ports/task.ts';
import { cutLines } from './cut-lines.ts';
import { splitLines } from './split-lines.ts';

/** Cuts a file into several. */
export const splitTask = defineTask({
  type: 'core.storage.Split',
  aliases: ['io.kestra.core.tasks.storages.Split'],
  summary: 'Cuts a file into several by lines, size, number or pattern.',
  description:
    'Exactly one of `rows`, `bytes`, `partitions` and `regexPattern` says how. Lines stay whole.',
  input: z.strictObject({
    from: z.string().describe('The file.'),
    rows: z.int().min(1).optional().describe('Makes parts of this many lines.'),
    bytes: z.string().optional().describe('Makes parts of whole lines up to this size: `10MB`.'),
    partitions: z
      .int()
      .min(1)
      .optional()
      .describe('Makes this many parts and deals the lines to them in turn.'),
    regexPattern: z
      .string()
      .optional()
      .describe(
        'Makes a part of all lines for which the first group of this pattern is equal; lines that do not match are left out.',
      ),
    separator: z.string().min(1).default('\n').describe('What ends a line.'),
  }),
  output: z.strictObject({ uris: z.array(z.string()).describe('The parts, in order.') }),
  effect: { kind: 'read', touches: ['files'] },
  provenance: { output: 'join' },
  failures: ['file.not-found', 'file.refused', 'task.input-invalid'],
  examples: [
    {
      title: 'Hand out orders two by two',
      flow: `id: split-orders
namespace: shop.orders
tasks:
  - id: orders
    type: core.storage.Write
    content: "811\\n812\\n813\\n"
  - id: parts
    type: core.storage.Split
    from: "{{ outputs.orders.uri }}"
    rows: 2
  - id: show
    type: core.debug.Return
    format: "{{ read(outputs.parts.uris[1]) }}"
`,
      outputs: { show: { value: '813\n' } },
    },
  ],
  async run(input, context) {
    const cut = cutLines(input);
    const text = new TextDecoder().decode(await context.files.read(input.from));
    const parts = cut(splitLines(text, input.separator));
    const uris: string[] = [];
    for (const [index, lines] of parts.entries()) {
      context.signal.throwIfAborted();
      const content = lines.map((line) => `${line}${input.separator}`).join('');
      uris.push(await context.files.put(`split-${index + 1}.txt`, content));
    }
    return { uris };
  },
});
