/** Tests of `core.kv.Delete`. */
import { expect, test } from 'vitest';
import { taskContract } from '../../../../test/contract/task.contract.ts';
import { createTaskWorld } from '../../../../test/support/task-world.ts';
import { deleteTask } from './delete.ts';
import { setTask } from './set.ts';

taskContract(deleteTask, {
  valid: async (world) => {
    await world.context
      .keyValues('shop.tests')
      .set('basket', { value: 1, marks: { own: world.seen() } });
    return { key: 'basket' };
  },
  failing: [
    {
      title: 'for a missing key that is asked to be an error',
      properties: { key: 'gone', errorOnMissing: true },
      code: 'kv.not-found',
    },
  ],
});

test('says whether the key was there', async () => {
  const world = createTaskWorld();
  await world.run(setTask, { key: 'basket', value: 1 });
  expect(await world.run(deleteTask, { key: 'basket' })).toEqual({ deleted: true });
  expect(await world.run(deleteTask, { key: 'basket' })).toEqual({ deleted: false });
});
