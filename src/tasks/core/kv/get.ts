/** `core.kv.Get`: gives the value of a key of a namespace. */
import { z } from 'zod';
import { Failure } from '../../../core/failure/index.ts';
import { defineTask } from '../../../ports/task.ts';
import { keyProperty, namespaceProperty } from './key-property.ts';

/** Gives the value of a key. */
export const getTask = defineTask({
  type: 'core.kv.Get',
  summary: 'Gives the value that is kept under a key of a namespace.',
  input: z.strictObject({
    key: keyProperty,
    namespace: namespaceProperty,
    errorOnMissing: z.boolean().default(false).describe('Whether a missing key is an error.'),
  }),
  output: z.strictObject({
    value: z.unknown().describe('The value; null when the key is missing.'),
  }),
  effect: { kind: 'read', touches: ['store'] },
  provenance: { output: 'join' },
  failures: ['kv.not-found'],
  examples: [
    {
      title: 'Read the discount of the season',
      flow: `id: read-discount
namespace: shop.pricing
tasks:
  - id: keep
    type: core.kv.Set
    key: discount
    value: 15
  - id: discount
    type: core.kv.Get
    key: discount
`,
      outputs: { discount: { value: 15 } },
    },
  ],
  async run({ key, namespace, errorOnMissing }, context) {
    const place = namespace ?? context.flow.namespace;
    const found = await context.keyValues(place).get(key);
    if (found === undefined && errorOnMissing) {
      throw new Failure('kv.not-found', `no key \`${key}\` in namespace \`${place}\``);
    }
    return { value: found?.value ?? null };
  },
});
