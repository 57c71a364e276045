/** Tests of `core.storage.Delete`. */
import { expect, test } from 'vitest';
import { taskContract } from '../../../../test/contract/task.contract.ts';
import { createTaskWorld, type TaskWorld } from '../../../../test/support/task-world.ts';
import { deleteTask } from './delete.ts';

function missing(world: TaskWorld): string {
  return world.addFile('a.txt', '1').replace('a.txt', 'gone.txt');
}

taskContract(deleteTask, {
  valid: (world) => ({ uri: world.addFile('a.txt', '1', world.seen()) }),
  failing: [
    {
      title: 'for a missing file that is asked to be an error',
      properties: (world) => ({ uri: missing(world), errorOnMissing: true }),
      code: 'file.not-found',
    },
    {
      title: 'for a file of the namespace',
      properties: (world) => ({ uri: world.addNamespaceFile('a.txt', '1') }),
      code: 'file.refused',
    },
  ],
});

test('says whether the file was there', async () => {
  const world = createTaskWorld();
  const uri = world.addFile('a.txt', '1');
  expect(await world.run(deleteTask, { uri })).toEqual({ uri, deleted: true });
  expect(await world.run(deleteTask, { uri })).toEqual({ uri, deleted: false });
});
