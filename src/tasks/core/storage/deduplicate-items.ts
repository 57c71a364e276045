/** `core.storage.DeduplicateItems`: keeps the last record of each key. */
import { z } from 'zod';
import { isMap, mapOf, toPlain } from '../../../core/value/index.ts';
import { defineTask } from '../../../ports/task.ts';
import { type FileRecord, readRecords, writeRecords } from './read-records.ts';

/** Keeps the last record of each key. */
export const deduplicateItemsTask = defineTask({
  type: 'core.storage.DeduplicateItems',
  aliases: ['io.kestra.core.tasks.storages.DeduplicateItems'],
  summary: 'Keeps, of the records of a file that have the same key, the last one.',
  input: z.strictObject({
    from: z.string().describe('The URI of a file of records, one JSON value a line.'),
    expr: z
      .string()
      .describe(
        'An expression that gives the key of a record, such as `{{ sku }}`; it reads the fields by their names.',
      ),
  }),
  output: z.strictObject({
    uri: z.string().describe('The file of kept records.'),
    numKeys: z.int().describe('The number of different keys.'),
    processedItemsTotal: z.int().describe('The number of records read.'),
    droppedItemsTotal: z.int().describe('The number of records left out.'),
  }),
  effect: { kind: 'read', touches: ['files'] },
  provenance: { output: 'join' },
  rendering: { expr: 'raw' },
  failures: ['file.not-found', 'file.refused', 'task.input-invalid', 'expression.failed'],
  examples: [
    {
      title: 'Keep the last state of each order',
      flow: `id: last-state-of-orders
namespace: shop.orders
tasks:
  - id: events
    type: core.storage.Write
    content: |
      {"order": 811, "state": "paid"}
      {"order": 812, "state": "paid"}
      {"order": 811, "state": "packed"}
    extension: .jsonl
  - id: last
    type: core.storage.DeduplicateItems
    from: "{{ outputs.events.uri }}"
    expr: "{{ order }}"
`,
      outputs: { last: { numKeys: 2, processedItemsTotal: 3, droppedItemsTotal: 1 } },
    },
  ],
  async run({ from, expr }, context) {
    const records = readRecords(new TextDecoder().decode(await context.files.read(from)));
    const lastByKey = new Map<string, FileRecord>();
    for (const record of records) {
      context.signal.throwIfAborted();
      const names = isMap(record.value) ? record.value : mapOf({ value: record.value });
      const key = JSON.stringify(toPlain((await context.render(expr, names)).value));
      // Deleted first, so that the kept records stand in the order of their last appearance.
      lastByKey.delete(key);
      lastByKey.set(key, record);
    }
    return {
      uri: await context.files.put('deduplicated.jsonl', writeRecords([...lastByKey.values()])),
      numKeys: lastByKey.size,
      processedItemsTotal: records.length,
      droppedItemsTotal: records.length - lastByKey.size,
    };
  },
});
