/** `core.flow.AllowFailure`: runs tasks whose failure the flow survives. */
import { z } from 'zod';
import { defineFlowable } from '../../../ports/task.ts';

/** Runs tasks whose failure becomes a warning. */
export const allowFailureTask = defineFlowable({
  type: 'core.flow.AllowFailure',
  aliases: ['io.kestra.core.tasks.flows.AllowFailure'],
  summary: 'Runs its tasks one after the other; when one fails the flow goes on with a warning.',
  description: 'The property `allowFailure` of every task does the same for one task.',
  input: z.strictObject({}),
  output: z.strictObject({}),
  examples: [
    {
      title: 'Go on without a recommendation',
      flow: `id: recommend-product
namespace: shop.marketing
tasks:
  - id: optional
    type: core.flow.AllowFailure
    tasks:
      - id: recommend
        type: core.execution.Fail
        errorMessage: no recommendation today
  - id: page
    type: core.debug.Return
    format: page without recommendation
`,
      state: 'WARNING',
      outputs: { page: { value: 'page without recommendation' } },
    },
  ],
});
