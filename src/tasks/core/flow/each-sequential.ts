/** `core.flow.EachSequential`: the older form of ForEach, one value after the other. */
import { z } from 'zod';
import { defineFlowable } from '../../../ports/task.ts';

/** Runs tasks for one value after the other. */
export const eachSequentialTask = defineFlowable({
  type: 'core.flow.EachSequential',
  aliases: ['io.kestra.core.tasks.flows.EachSequential'],
  summary: 'Runs its tasks for each value of a list, one value after the other.',
  description: 'An older form of `core.flow.ForEach`; prefer that.',
  input: z.strictObject({
    value: z
      .union([z.string(), z.array(z.unknown())])
      .describe('The values: a list, or text that renders to a JSON list.'),
  }),
  output: z.strictObject({}),
  examples: [
    {
      title: 'Count returns of two days',
      flow: `id: count-returns
namespace: shop.returns
tasks:
  - id: days
    type: core.flow.EachSequential
    value: '["monday", "tuesday"]'
    tasks:
      - id: count
        type: core.debug.Return
        format: "returns of {{ taskrun.value }}"
  - id: last
    type: core.debug.Return
    format: "{{ outputs.count['tuesday'].value }}"
`,
      outputs: { last: { value: 'returns of tuesday' } },
    },
  ],
});
