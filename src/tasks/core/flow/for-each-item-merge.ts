/**
 * `core.flow.ForEachItemMerge`: the last of the three task runs that a ForEachItem makes. Flows name the
 * ForEachItem, the engine makes this task for it.
 *
 * INVARIANT: records are what other executions gave; they are never rendered.
 */
import { z } from 'zod';
import { toPlain, type Value } from '../../../core/value/index.ts';
import { defineTask } from '../../../ports/task.ts';

/** Stores what the executions of a ForEachItem gave. */
export const forEachItemMergeTask = defineTask({
  type: 'core.flow.ForEachItemMerge',
  summary: 'Joins what the executions of a ForEachItem gave into one file.',
  description:
    'Made by `core.flow.ForEachItem` as its last task run, `<id>_merge`; flows need not name it.',
  input: z.strictObject({
    records: z
      .array(z.unknown())
      .describe('What each execution gave, in the order of the batches.'),
  }),
  output: z.strictObject({
    subflowOutputs: z
      .string()
      .describe('The URI of a file with the outputs of each execution, a JSON text per line.'),
  }),
  effect: { kind: 'read', touches: ['files'] },
  provenance: { output: 'join' },
  rendering: { records: 'raw' },
  failures: [],
  examples: [
    {
      title: 'What a ForEachItem does last',
      flow: `id: join-labels
namespace: shop.fulfilment
tasks:
  - id: labels
    type: core.flow.ForEachItemMerge
    records:
      - label: DE-812
      - label: FR-813
  - id: show
    type: core.debug.Return
    format: "{{ read(outputs.labels.subflowOutputs) }}"
`,
      outputs: { show: { value: '{"label":"DE-812"}\n{"label":"FR-813"}\n' } },
    },
  ],
  async run({ records }, context) {
    const lines = records.map((record) => `${JSON.stringify(toPlain(record as Value))}\n`);
    return { subflowOutputs: await context.files.put('subflow-outputs.jsonl', lines.join('')) };
  },
});
