/** `core.flow.Switch`: runs the branch whose name equals a text. */
import { z } from 'zod';
import { defineFlowable } from '../../../ports/task.ts';

/** Runs one of several branches. */
export const switchTask = defineFlowable({
  type: 'core.flow.Switch',
  aliases: ['io.kestra.core.tasks.flows.Switch'],
  summary: 'Runs the tasks of the case whose name equals a value, or the defaults when none does.',
  description:
    'The comparison is exact, as text. Without a matching case and without `defaults` it fails.',
  input: z.strictObject({
    value: z
      .union([z.string(), z.number(), z.boolean()])
      .describe('The value to compare with the names of the cases.'),
  }),
  output: z.strictObject({
    value: z.string().describe('The rendered value.'),
    defaults: z.boolean().describe('Whether no case matched and the defaults ran.'),
  }),
  examples: [
    {
      title: 'Choose the carrier by country',
      flow: `id: choose-carrier
namespace: shop.fulfilment
inputs:
  - id: country
    type: STRING
    defaults: FR
tasks:
  - id: by-country
    type: core.flow.Switch
    value: "{{ inputs.country }}"
    cases:
      DE:
        - id: domestic
          type: core.debug.Return
          format: parcel service
      FR:
        - id: neighbour
          type: core.debug.Return
          format: road freight
    defaults:
      - id: overseas
        type: core.debug.Return
        format: air freight
`,
      outputs: {
        'by-country': { value: 'FR', defaults: false },
        neighbour: { value: 'road freight' },
      },
    },
  ],
});
