/** `core.kv.PurgeKV`: removes pairs that have expired, or all whose keys match. */
import { matchesGlob } from 'node:path';
import { z } from 'zod';
import type { KeyEntry } from '../../../ports/key-values.ts';
import { defineTask } from '../../../ports/task.ts';

/** Removes pairs. */
export const purgeKvTask = defineTask({
  type: 'core.kv.PurgeKV',
  summary: 'Removes the pairs of namespaces that have expired, or all whose keys match a pattern.',
  input: z.strictObject({
    namespaces: z
      .array(z.string())
      .optional()
      .describe('The namespaces; that of the flow when absent.'),
    keyPattern: z.string().default('*').describe('The pattern of the keys to remove.'),
    expiredOnly: z.boolean().default(true).describe('Whether only expired pairs are removed.'),
  }),
  output: z.strictObject({ size: z.int().describe('The number of removed pairs.') }),
  effect: { kind: 'idempotent', touches: ['store'] },
  provenance: { output: 'trusted' },
  failures: [],
  examples: [
    {
      title: 'Clear the baskets',
      flow: `id: clear-baskets
namespace: shop.orders.baskets
tasks:
  - id: keep
    type: core.kv.Set
    key: basket-812
    value: [jumper]
  - id: clear
    type: core.kv.PurgeKV
    keyPattern: basket-*
    expiredOnly: false
`,
      outputs: { clear: { size: 1 } },
    },
  ],
  async run({ namespaces, keyPattern, expiredOnly }, context) {
    const now = context.now();
    const isExpired = ({ expiresAt }: KeyEntry) =>
      expiresAt !== undefined && Temporal.Instant.compare(expiresAt, now) <= 0;
    let size = 0;
    for (const namespace of namespaces ?? [context.flow.namespace]) {
      const pairs = context.keyValues(namespace);
      for (const entry of await pairs.list()) {
        if (!matchesGlob(entry.key, keyPattern) || (expiredOnly && !isExpired(entry))) continue;
        context.signal.throwIfAborted();
        await pairs.delete(entry.key);
        size += 1;
      }
    }
    return { size };
  },
});
