/** `core.storage.Reverse`: stores a file with its lines in the opposite order. */
import { z } from 'zod';
import { Failure } from '../../../core/failure/index.ts';
import { defineTask } from '../../../ports/task.ts';
import { splitLines } from './split-lines.ts';

/** Stores a file with its lines in the opposite order. */
export const reverseTask = defineTask({
  type: 'core.storage.Reverse',
  aliases: ['io.kestra.core.tasks.storages.Reverse'],
  summary: 'Stores a copy of a file with its lines in the opposite order.',
  input: z.strictObject({
    from: z.string().describe('The file.'),
    separator: z.string().min(1).default('\n').describe('What ends a line.'),
    charset: z
      .string()
      .default('UTF-8')
      .describe('How the file writes letters; the copy is UTF-8.'),
  }),
  output: z.strictObject({ uri: z.string().describe('The copy.') }),
  effect: { kind: 'read', touches: ['files'] },
  provenance: { output: 'join' },
  failures: ['file.not-found', 'file.refused', 'task.input-invalid'],
  examples: [
    {
      title: 'Put the newest order first',
      flow: `id: newest-order-first
namespace: shop.orders
tasks:
  - id: orders
    type: core.storage.Write
    content: "811\\n812\\n"
  - id: reversed
    type: core.storage.Reverse
    from: "{{ outputs.orders.uri }}"
  - id: show
    type: core.debug.Return
    format: "{{ read(outputs.reversed.uri) }}"
`,
      outputs: { show: { value: '812\n811\n' } },
    },
  ],
  async run({ from, separator, charset }, context) {
    const text = readerOf(charset).decode(await context.files.read(from));
    const lines = splitLines(text, separator).toReversed();
    const content = lines.map((line) => `${line}${separator}`).join('');
    return { uri: await context.files.put('reversed.txt', content) };
  },
});

function readerOf(charset: string): TextDecoder {
  try {
    return new TextDecoder(charset);
  } catch (cause) {
    throw new Failure('task.input-invalid', `\`${charset}\` is no known charset`, { cause });
  }
}
