/** `core.state.Delete`: removes a state. */
import { z } from 'zod';
import { Failure } from '../../../core/failure/index.ts';
import { defineTask } from '../../../ports/task.ts';
import { stateKey, stateProperties } from './state-key.ts';

/** Removes a state. */
export const deleteTask = defineTask({
  type: 'core.state.Delete',
  aliases: ['io.kestra.core.tasks.states.Delete'],
  summary: 'Removes a state.',
  description: 'An older form of key-value pairs; prefer `core.kv.Delete`.',
  input: z.strictObject({
    ...stateProperties,
    errorOnMissing: z.boolean().default(false).describe('Whether a missing state is an error.'),
  }),
  output: z.strictObject({ deleted: z.boolean().describe('Whether the state was there.') }),
  effect: { kind: 'idempotent', touches: ['store'] },
  provenance: { output: 'trusted' },
  failures: ['kv.not-found'],
  examples: [
    {
      title: 'Forget how far the import came',
      flow: `id: forget-import
namespace: shop.catalogue
tasks:
  - id: remember
    type: core.state.Set
    name: forgotten-import
    data:
      page: "7"
  - id: forget
    type: core.state.Delete
    name: forgotten-import
`,
      outputs: { forget: { deleted: true } },
    },
  ],
  async run({ errorOnMissing, ...place }, context) {
    const deleted = await context
      .keyValues(context.flow.namespace)
      .delete(stateKey(place, context));
    if (!deleted && errorOnMissing) {
      throw new Failure('kv.not-found', `no state \`${place.name}\``);
    }
    return { deleted };
  },
});
