/** Tests of `core.storage.LocalFiles`. */
import { mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { taskContract } from '../../../../test/contract/task.contract.ts';
import { createTaskWorld } from '../../../../test/support/task-world.ts';
import { localFilesTask } from './local-files.ts';

taskContract(localFilesTask, {
  valid: { inputs: { 'a.txt': '1' }, outputs: ['*.txt'] },
  failing: [
    {
      title: 'for a path that leaves the working directory',
      properties: { inputs: { '../a.txt': '1' } },
      code: 'file.refused',
    },
    {
      title: 'for an absolute path',
      properties: { inputs: { '/tmp/a.txt': '1' } },
      code: 'file.refused',
    },
    { title: 'for broken JSON', properties: { inputs: '{' }, code: 'task.input-invalid' },
    {
      title: 'for a file of another execution',
      properties: { inputs: { 'a.txt': 'kestra:///shop/x/executions/2/a.csv' } },
      code: 'file.refused',
    },
  ],
});

test('writes content, copies of files and empty files, and stores those that match', async () => {
  const world = createTaskWorld();
  const { uris } = await world.run(localFilesTask, {
    inputs: JSON.stringify({
      'sub/a.txt': 'one',
      'b.txt': world.addFile('b', 'two'),
      'c.txt': null,
      'd.csv': 'no',
    }),
    outputs: '**/*.txt',
  });
  expect(
    Object.fromEntries(Object.entries(uris).map(([path, uri]) => [path, world.textOf(uri)])),
  ).toEqual({ 'sub/a.txt': 'one', 'b.txt': 'two', 'c.txt': '' });
});

test('gives an empty map when nothing matches', async () => {
  const world = createTaskWorld();
  expect(await world.run(localFilesTask, { outputs: ['*.none'] })).toEqual({ uris: {} });
});

test.each(['link', 'folder/a.txt'])('does not write through a link at `%s`', async (path) => {
  const world = createTaskWorld();
  const folder = await world.context.workingFolder();
  const elsewhere = createTaskWorld();
  const outside = await elsewhere.context.workingFolder();
  await mkdir(join(outside, 'target'));
  await symlink(join(outside, 'file.txt'), join(folder, 'link'));
  await symlink(join(outside, 'target'), join(folder, 'folder'));
  await expect(world.run(localFilesTask, { inputs: { [path]: 'x' } })).rejects.toMatchObject({
    code: 'file.refused',
  });
});
