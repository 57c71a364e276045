/** `core.state.Set`: merges values into a state that outlives the execution. */
import { z } from 'zod';
import { emptyMap, isMap, unmarked, type ValueMap } from '../../../core/value/index.ts';
import { defineTask } from '../../../ports/task.ts';
import { mergeMaps } from './merge-maps.ts';
import { stateKey, stateProperties } from './state-key.ts';

/** Merges values into a state. */
export const setTask = defineTask({
  type: 'core.state.Set',
  aliases: ['io.kestra.core.tasks.states.Set'],
  summary: 'Merges values into a state that later executions read.',
  description: 'An older form of key-value pairs; prefer `core.kv.Set`.',
  input: z.strictObject({
    ...stateProperties,
    data: z
      .record(z.string(), z.unknown())
      .optional()
      .describe('Values to merge into the state; maps merge deeply.'),
  }),
  output: z.strictObject({
    count: z.int().describe('The number of values in the state.'),
    key: z.string().describe('The key under which the state is kept.'),
  }),
  effect: { kind: 'idempotent', touches: ['store'] },
  provenance: { output: 'join' },
  failures: [],
  examples: [
    {
      title: 'Remember how far the import came',
      flow: `id: remember-import
namespace: shop.catalogue
tasks:
  - id: remember
    type: core.state.Set
    name: import
    data:
      page: "7"
  - id: recall
    type: core.state.Get
    name: import
`,
      outputs: { remember: { count: 1 }, recall: { count: 1, data: { page: '7' } } },
    },
  ],
  async run({ data = {}, ...place }, context) {
    const pairs = context.keyValues(context.flow.namespace);
    const key = stateKey(place, context);
    const before = (await pairs.get(key))?.value;
    const merged = mergeMaps(isMap(before) ? before : emptyMap(), data as ValueMap);
    await pairs.set(key, unmarked(merged), { type: 'JSON' });
    return { count: Object.keys(merged).length, key };
  },
});
