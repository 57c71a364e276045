/** `core.storage.FilterItems`: keeps the records of a file for which a condition holds. */
import { z } from 'zod';
import { Failure } from '../../../core/failure/index.ts';
import { isMap, mapOf, type Value } from '../../../core/value/index.ts';
import { defineTask } from '../../../ports/task.ts';
import type { TaskContext } from '../../../ports/task-context.ts';
import { type FileRecord, readRecords, writeRecords } from './read-records.ts';

/** Keeps the records for which a condition holds. */
export const filterItemsTask = defineTask({
  type: 'core.storage.FilterItems',
  aliases: ['io.kestra.core.tasks.storages.FilterItems'],
  summary: 'Keeps, or leaves out, the records of a file for which a condition holds.',
  description:
    'The condition reads the fields of a record by their names; a record without fields is read as `value`.',
  input: z.strictObject({
    from: z.string().describe('The URI of a file of records, one JSON value a line.'),
    filterCondition: z
      .string()
      .describe(
        'An expression such as `{{ count > 3 }}`, evaluated for each record; it reads the fields by their names.',
      ),
    filterType: z
      .enum(['INCLUDE', 'EXCLUDE'])
      .default('INCLUDE')
      .describe('Whether records that meet the condition are kept or left out.'),
    errorOrNullBehavior: z
      .enum(['FAIL', 'INCLUDE', 'EXCLUDE'])
      .default('FAIL')
      .describe('What happens to a record for which the condition fails or gives nothing.'),
  }),
  output: z.strictObject({
    uri: z.string().describe('The file of kept records.'),
    processedItemsTotal: z.int().describe('The number of records read.'),
    droppedItemsTotal: z.int().describe('The number of records left out.'),
  }),
  effect: { kind: 'read', touches: ['files'] },
  provenance: { output: 'join' },
  rendering: { filterCondition: 'raw' },
  failures: ['file.not-found', 'file.refused', 'task.input-invalid', 'expression.failed'],
  examples: [
    {
      title: 'Keep the large orders',
      flow: `id: keep-large-orders
namespace: shop.orders
tasks:
  - id: orders
    type: core.storage.Write
    content: |
      {"order": 811, "total": 20}
      {"order": 812, "total": 2000}
    extension: .jsonl
  - id: large
    type: core.storage.FilterItems
    from: "{{ outputs.orders.uri }}"
    filterCondition: "{{ total > 1000 }}"
`,
      outputs: { large: { processedItemsTotal: 2, droppedItemsTotal: 1 } },
    },
  ],
  async run({ from, filterCondition, filterType, errorOrNullBehavior }, context) {
    const records = readRecords(new TextDecoder().decode(await context.files.read(from)));
    const kept: FileRecord[] = [];
    for (const [index, record] of records.entries()) {
      context.signal.throwIfAborted();
      const verdict = await judge(
        record.value,
        index,
        filterCondition,
        errorOrNullBehavior,
        context,
      );
      const isKept =
        verdict === undefined
          ? errorOrNullBehavior === 'INCLUDE'
          : verdict === (filterType === 'INCLUDE');
      if (isKept) kept.push(record);
    }
    return {
      uri: await context.files.put('filtered.jsonl', writeRecords(kept)),
      processedItemsTotal: records.length,
      droppedItemsTotal: records.length - kept.length,
    };
  },
});

/** Returns whether the condition holds for `record`, or undefined when it cannot tell. */
async function judge(
  record: Value,
  index: number,
  condition: string,
  behavior: 'FAIL' | 'INCLUDE' | 'EXCLUDE',
  context: TaskContext,
): Promise<boolean | undefined> {
  try {
    const names = isMap(record) ? record : mapOf({ value: record });
    const { value } = await context.evaluate(condition, names);
    if (value !== null && value !== '') return context.isTruthy(value);
  } catch (cause) {
    if (context.signal.aborted) throw cause;
    if (behavior === 'FAIL') {
      throw new Failure('expression.failed', `the condition fails for record ${index + 1}`, {
        cause,
      });
    }
    context.log('DEBUG', `the condition fails for record ${index + 1}`);
    return undefined;
  }
  if (behavior === 'FAIL') {
    throw new Failure('expression.failed', `the condition gives nothing for record ${index + 1}`);
  }
  return undefined;
}
