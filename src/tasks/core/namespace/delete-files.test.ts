/** Tests of `core.namespace.DeleteFiles`. */
import { expect, test } from 'vitest';
import { taskContract } from '../../../../test/contract/task.contract.ts';
import { createTaskWorld } from '../../../../test/support/task-world.ts';
import { deleteFilesTask } from './delete-files.ts';

taskContract(deleteFilesTask, {
  valid: (world) => {
    world.addNamespaceFile('a.csv', '1', { provenance: world.seen() });
    return { namespace: 'shop.tests', files: '*.csv' };
  },
});

test('deletes the files that match and nothing else', async () => {
  const world = createTaskWorld();
  world.addNamespaceFile('lists/a.csv', '1');
  world.addNamespaceFile('lists/b.txt', '2');
  const { files } = await world.run(deleteFilesTask, {
    namespace: 'shop.tests',
    files: ['lists/*.csv'],
  });
  expect(Object.keys(files)).toEqual(['lists/a.csv']);
  expect(await world.context.namespaceFiles('shop.tests').list()).toEqual(['lists/b.txt']);
});
