/** Tests of `core.storage.Size`. */
import { expect, test } from 'vitest';
import { taskContract } from '../../../../test/contract/task.contract.ts';
import { createTaskWorld } from '../../../../test/support/task-world.ts';
import { sizeTask } from './size.ts';

taskContract(sizeTask, {
  valid: (world) => ({ uri: world.addFile('a.txt', '1', world.seen()) }),
  failing: [
    {
      title: 'for a file of another execution',
      properties: { uri: 'kestra:///shop/x/executions/2/a.csv' },
      code: 'file.refused',
    },
    {
      title: 'for a missing file',
      properties: { uri: 'nsfile:///gone.csv' },
      code: 'file.not-found',
    },
  ],
});

test('counts bytes, not letters', async () => {
  const world = createTaskWorld();
  expect(await world.run(sizeTask, { uri: world.addFile('a.txt', 'é') })).toEqual({ size: 2 });
});
