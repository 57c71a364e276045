/** `core.state.Get`: gives a state that an earlier execution has set. */
import { z } from 'zod';
import { Failure } from '../../../core/failure/index.ts';
import { isMap } from '../../../core/value/index.ts';
import { defineTask } from '../../../ports/task.ts';
import { stateKey, stateProperties } from './state-key.ts';

/** Gives a state. */
export const getTask = defineTask({
  type: 'core.state.Get',
  aliases: ['io.kestra.core.tasks.states.Get'],
  summary: 'Gives a state that an earlier execution has set.',
  description: 'An older form of key-value pairs; prefer `core.kv.Get`.',
  input: z.strictObject({
    ...stateProperties,
    errorOnMissing: z.boolean().default(false).describe('Whether a missing state is an error.'),
  }),
  output: z.strictObject({
    count: z.int().describe('The number of values in the state.'),
    data: z.record(z.string(), z.unknown()).describe('The values; empty when there is no state.'),
  }),
  effect: { kind: 'read', touches: ['store'] },
  provenance: { output: 'join' },
  failures: ['kv.not-found'],
  examples: [
    {
      title: 'Begin where no import has been',
      flow: `id: begin-import
namespace: shop.catalogue
tasks:
  - id: recall
    type: core.state.Get
    name: import-of-nobody
`,
      outputs: { recall: { count: 0, data: {} } },
    },
  ],
  async run({ errorOnMissing, ...place }, context) {
    const found = await context.keyValues(context.flow.namespace).get(stateKey(place, context));
    if (found === undefined && errorOnMissing) {
      throw new Failure('kv.not-found', `no state \`${place.name}\``);
    }
    const data = isMap(found?.value) ? found.value : {};
    return { count: Object.keys(data).length, data };
  },
});
