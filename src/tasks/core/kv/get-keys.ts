/** `core.kv.GetKeys`: lists the keys of a namespace. */
import { z } from 'zod';
import { defineTask } from '../../../ports/task.ts';
import { namespaceProperty } from './key-property.ts';

/** Lists keys. */
export const getKeysTask = defineTask({
  type: 'core.kv.GetKeys',
  summary: 'Lists the keys of a namespace that begin with a text.',
  input: z.strictObject({
    prefix: z.string().optional().describe('What the keys begin with; all keys when absent.'),
    namespace: namespaceProperty,
  }),
  output: z.strictObject({ keys: z.array(z.string()).describe('The keys, in order.') }),
  effect: { kind: 'read', touches: ['store'] },
  provenance: { output: 'join' },
  failures: [],
  examples: [
    {
      title: 'List the discounts',
      flow: `id: list-discounts
namespace: shop.pricing.discounts
tasks:
  - id: keep
    type: core.kv.Set
    key: discount-spring
    value: 15
  - id: list
    type: core.kv.GetKeys
    prefix: discount-
`,
      outputs: { list: { keys: ['discount-spring'] } },
    },
  ],
  async run({ prefix = '', namespace }, context) {
    const entries = await context.keyValues(namespace ?? context.flow.namespace).list(prefix);
    const now = context.now();
    const alive = entries.filter(
      ({ expiresAt }) => expiresAt === undefined || Temporal.Instant.compare(expiresAt, now) > 0,
    );
    return { keys: alive.map(({ key }) => key) };
  },
});
