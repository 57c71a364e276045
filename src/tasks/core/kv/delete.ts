/** `core.kv.Delete`: removes a key of a namespace. */
import { z } from 'zod';
import { Failure } from '../../../core/failure/index.ts';
import { defineTask } from '../../../ports/task.ts';
import { keyProperty, namespaceProperty } from './key-property.ts';

/** Removes a key. */
export const deleteTask = defineTask({
  type: 'core.kv.Delete',
  summary: 'Removes a key of a namespace and its value.',
  input: z.strictObject({
    key: keyProperty,
    namespace: namespaceProperty,
    errorOnMissing: z.boolean().default(false).describe('Whether a missing key is an error.'),
  }),
  output: z.strictObject({ deleted: z.boolean().describe('Whether the key was there.') }),
  effect: { kind: 'idempotent', touches: ['store'] },
  provenance: { output: 'trusted' },
  failures: ['kv.not-found'],
  examples: [
    {
      title: 'Forget a basket',
      flow: `id: forget-basket
namespace: shop.orders
tasks:
  - id: keep
    type: core.kv.Set
    key: basket-812
    value: [jumper]
  - id: forget
    type: core.kv.Delete
    key: basket-812
`,
      outputs: { forget: { deleted: true } },
    },
  ],
  async run({ key, namespace, errorOnMissing }, context) {
    const place = namespace ?? context.flow.namespace;
    const deleted = await context.keyValues(place).delete(key);
    if (!deleted && errorOnMissing) {
      throw new Failure('kv.not-found', `no key \`${key}\` in namespace \`${place}\``);
    }
    return { deleted };
  },
});
