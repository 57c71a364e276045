/**
 * `core.flow.ForEachItemSplit`: the first of the three task runs that a ForEachItem makes. Flows name
 * the ForEachItem, the engine makes this task for it.
 */
import { z } from 'zod';
import { defineTask } from '../../../ports/task.ts';
import { cutLines } from '../storage/cut-lines.ts';
import { splitLines } from '../storage/split-lines.ts';

/** How a ForEachItem cuts its file. */
export const batchProperty = z
  .strictObject({
    rows: z.int().min(1).default(1).describe('How many lines a batch has.'),
    bytes: z.string().optional().describe('How large a batch may be: `10MB`; wins over the rest.'),
    partitions: z.int().min(1).optional().describe('How many batches to make; wins over `rows`.'),
    separator: z.string().min(1).default('\n').describe('What ends a line.'),
  })
  .prefault({})
  .describe('How to cut the file.');

/** Cuts a file into batches and lists them in a file. */
export const forEachItemSplitTask = defineTask({
  type: 'core.flow.ForEachItemSplit',
  summary: 'Cuts the file of a ForEachItem into batches.',
  description:
    'Made by `core.flow.ForEachItem` as its first task run, `<id>_split`; flows need not name it.',
  input: z.strictObject({
    items: z.string().describe('The URI of the file to cut.'),
    batch: batchProperty,
  }),
  output: z.strictObject({
    splits: z
      .string()
      .describe('The URI of a file that lists the URIs of the batches, line by line.'),
  }),
  effect: { kind: 'read', touches: ['files'] },
  provenance: { output: 'join' },
  failures: ['file.not-found', 'file.refused', 'task.input-invalid'],
  examples: [
    {
      title: 'What a ForEachItem does first',
      flow: `id: cut-orders
namespace: shop.orders
tasks:
  - id: orders
    type: core.storage.Write
    content: "811\\n812\\n813\\n"
  - id: batches
    type: core.flow.ForEachItemSplit
    items: "{{ outputs.orders.uri }}"
    batch:
      rows: 2
  - id: show
    type: core.debug.Return
    format: "{{ read(outputs.batches.splits) | trim | split('\\n') | length }} batches"
`,
      outputs: { show: { value: '2 batches' } },
    },
  ],
  async run({ items, batch: { bytes, partitions, rows, separator } }, context) {
    const text = new TextDecoder().decode(await context.files.read(items));
    const cut = cutLines(
      bytes !== undefined
        ? { bytes, separator }
        : partitions === undefined
          ? { rows }
          : { partitions },
    );
    const uris: string[] = [];
    for (const [index, lines] of cut(splitLines(text, separator)).entries()) {
      context.signal.throwIfAborted();
      const content = lines.map((line) => `${line}${separator}`).join('');
      uris.push(await context.files.put(`batch-${index + 1}.txt`, content));
    }
    const list = uris.map((uri) => `${uri}\n`).join('');
    return { splits: await context.files.put('splits.txt', list) };
  },
});
