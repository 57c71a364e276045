/** `core.kv.Set`: keeps a value under a key of a namespace. */
import { z } from 'zod';
import { unmarked, type Value } from '../../../core/value/index.ts';
import { keyValueTypes } from '../../../ports/key-values.ts';
import { defineTask } from '../../../ports/task.ts';
import { parseDuration } from '../parse-duration.ts';
import { keyProperty, namespaceProperty } from './key-property.ts';
import { typedValue } from './typed-value.ts';

/** Keeps a value under a key. */
export const setTask = defineTask({
  type: 'core.kv.Set',
  summary: 'Keeps a value under a key of a namespace.',
  description: 'A lone expression keeps its type: a number stays a number, a map a map.',
  input: z.strictObject({
    key: keyProperty,
    value: z
      .unknown()
      .describe('The value to keep; a lone expression keeps its type, also maps and lists.'),
    namespace: namespaceProperty,
    overwrite: z
      .boolean()
      .default(true)
      .describe('Whether a value that exists is replaced; else it is an error.'),
    ttl: z
      .string()
      .optional()
      .describe('How long the pair lives, as an ISO duration; for ever when absent.'),
    kvType: z
      .enum(keyValueTypes)
      .optional()
      .describe('The type to turn the value into; that of the value when absent.'),
    kvDescription: z.string().optional().describe('What the pair is for.'),
  }),
  output: z.strictObject({}),
  effect: { kind: 'idempotent', touches: ['store'] },
  provenance: { output: 'trusted' },
  rendering: { value: 'typed' },
  failures: ['kv.exists', 'task.input-invalid'],
  examples: [
    {
      title: 'Remember the last order that was handled',
      flow: `id: remember-last-order
namespace: shop.orders
tasks:
  - id: remember
    type: core.kv.Set
    key: last-order
    value: "{{ 800 + 12 }}"
  - id: recall
    type: core.kv.Get
    key: last-order
`,
      outputs: { recall: { value: 812 } },
    },
  ],
  async run({ key, value, namespace, overwrite, ttl, kvType, kvDescription }, context) {
    const kept = value as Value;
    await context
      .keyValues(namespace ?? context.flow.namespace)
      .set(key, unmarked(kvType === undefined ? kept : typedValue(kept, kvType)), {
        overwrite,
        ...(ttl === undefined ? {} : { ttlMs: parseDuration(ttl) }),
        ...(kvType === undefined ? {} : { type: kvType }),
        ...(kvDescription === undefined ? {} : { description: kvDescription }),
      });
    return {};
  },
});
