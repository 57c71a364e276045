/** Tests of `core.kv.GetKeys`. */
import { expect, test } from 'vitest';
import { taskContract } from '../../../../test/contract/task.contract.ts';
import { createTaskWorld } from '../../../../test/support/task-world.ts';
import { getKeysTask } from './get-keys.ts';
import { setTask } from './set.ts';

taskContract(getKeysTask, { valid: { prefix: 'discount-' } });

test('lists the keys that begin with the text, in order', async () => {
  const world = createTaskWorld();
  for (const key of ['b-2', 'a-1', 'b-1']) await world.run(setTask, { key, value: 1 });
  expect(await world.run(getKeysTask, { prefix: 'b-' })).toEqual({ keys: ['b-1', 'b-2'] });
  expect(await world.run(getKeysTask, {})).toEqual({ keys: ['a-1', 'b-1', 'b-2'] });
  expect(await world.run(getKeysTask, { namespace: 'shop.other' })).toEqual({ keys: [] });
});
