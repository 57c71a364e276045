/** `core.flow.Sequential`: runs its tasks one after the other. */
import { z } from 'zod';
import { defineFlowable } from '../../../ports/task.ts';

/** Runs tasks one after the other. */
export const sequentialTask = defineFlowable({
  type: 'core.flow.Sequential',
  aliases: ['io.kestra.core.tasks.flows.Sequential'],
  summary: 'Runs its tasks one after the other, as one step of the flow.',
  input: z.strictObject({}),
  output: z.strictObject({}),
  examples: [
    {
      title: 'Pack and label a parcel in order',
      flow: `id: pack-parcel
namespace: shop.fulfilment
tasks:
  - id: parcel
    type: core.flow.Sequential
    tasks:
      - id: pack
        type: core.debug.Return
        format: packed
      - id: label
        type: core.debug.Return
        format: "{{ outputs.pack.value }} and labelled"
`,
      outputs: { pack: { value: 'packed' }, label: { value: 'packed and labelled' } },
    },
  ],
});
