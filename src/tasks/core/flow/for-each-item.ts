/** `core.flow.ForEachItem`: starts an execution of another flow for each batch of a file's records. */
import { z } from 'zod';
import { defineFlowable } from '../../../ports/task.ts';
import { startedExecutionProperties } from '../started-execution.ts';
import { batchProperty } from './for-each-item-split.ts';

/** Starts an execution of another flow for each batch of records. */
export const forEachItemTask = defineFlowable({
  type: 'core.flow.ForEachItem',
  aliases: ['io.kestra.core.tasks.flows.ForEachItem'],
  summary: 'Splits a file into batches and starts an execution of another flow for each of them.',
  description:
    'The inputs may use `taskrun.items`, the URI of the batch, and `taskrun.iteration`, its number from 1. The task makes three task runs: `<id>_split`, `<id>_items` and `<id>_merge`; the last gives `subflowOutputs`.',
  input: z.strictObject({
    items: z.string().describe('The URI of the file to split.'),
    batch: batchProperty,
    ...startedExecutionProperties,
  }),
  output: z.strictObject({}),
  rendering: { inputs: 'raw', labels: 'raw' },
  examples: [
    {
      title: 'Hand over orders in batches of ten',
      flow: `id: hand-over-orders
namespace: shop.orders
inputs:
  - id: orders
    type: FILE
tasks:
  - id: batches
    type: core.flow.ForEachItem
    items: "{{ inputs.orders }}"
    batch:
      rows: 10
    namespace: shop.fulfilment
    flowId: fulfil-orders
    inputs:
      orders: "{{ taskrun.items }}"
`,
      files: { orders: '{"order":812}\n{"order":813}\n' },
      isIllustration: true,
    },
  ],
});
