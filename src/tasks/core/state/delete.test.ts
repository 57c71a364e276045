/** Tests of `core.state.Delete`. */
import { expect, test } from 'vitest';
import { taskContract } from '../../../../test/contract/task.contract.ts';
import { createTaskWorld } from '../../../../test/support/task-world.ts';
import { deleteTask } from './delete.ts';
import { setTask } from './set.ts';

taskContract(deleteTask, {
  valid: async (world) => {
    await world.run(setTask, { data: { page: '7' } });
    return {};
  },
  failing: [
    {
      title: 'for a missing state that is asked to be an error',
      properties: { errorOnMissing: true },
      code: 'kv.not-found',
    },
  ],
});

test('says whether the state was there', async () => {
  const world = createTaskWorld();
  await world.run(setTask, { data: { page: '7' } });
  expect(await world.run(deleteTask, {})).toEqual({ deleted: true });
  expect(await world.run(deleteTask, {})).toEqual({ deleted: false });
});
