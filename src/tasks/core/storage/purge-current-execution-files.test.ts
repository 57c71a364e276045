/** Tests of `core.storage.PurgeCurrentExecutionFiles`. */
import { expect, test } from 'vitest';
import { taskContract } from '../../../../test/contract/task.contract.ts';
import { createTaskWorld } from '../../../../test/support/task-world.ts';
import { purgeCurrentExecutionFilesTask } from './purge-current-execution-files.ts';

taskContract(purgeCurrentExecutionFilesTask, {
  valid: (world) => {
    world.addFile('a.txt', '1', world.seen());
    return {};
  },
});

test('deletes the files of the execution and leaves those of the namespace', async () => {
  const world = createTaskWorld();
  const uri = world.addFile('a.txt', '1');
  const kept = world.addNamespaceFile('b.txt', '2');
  expect(await world.run(purgeCurrentExecutionFilesTask)).toEqual({ uris: [uri] });
  expect(world.stored().map(({ name }) => name)).toEqual([kept]);
});
