/** Tests of `core.namespace.UploadFiles`. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { taskContract } from '../../../../test/contract/task.contract.ts';
import { createTaskWorld } from '../../../../test/support/task-world.ts';
import { provenanceOf } from '../../../core/value/index.ts';
import { uploadFilesTask } from './upload-files.ts';

const namespace = 'shop.tests';

taskContract(uploadFilesTask, {
  valid: (world) => ({ namespace, filesMap: { 'a.csv': world.addFile('a.csv', '1') } }),
  failing: [
    {
      title: 'for a path that exists and may not be replaced',
      properties: (world) => {
        world.addNamespaceFile('a.csv', 'old');
        return { namespace, filesMap: { 'a.csv': world.addFile('a.csv', '1') }, conflict: 'ERROR' };
      },
      code: 'file.exists',
    },
    {
      title: 'for a file of another execution',
      properties: { namespace, filesMap: { 'a.csv': 'kestra:///shop/x/executions/2/a.csv' } },
      code: 'file.refused',
    },
    {
      title: 'for a map that is no JSON',
      properties: { namespace, filesMap: 'a.csv' },
      code: 'task.input-invalid',
    },
  ],
});

test('stores files of the working directory that match, below the destination', async () => {
  const world = createTaskWorld();
  const folder = await world.context.workingFolder();
  await mkdir(join(folder, 'sub'));
  await writeFile(join(folder, 'a.csv'), '1');
  await writeFile(join(folder, 'sub/b.csv'), '2');
  await writeFile(join(folder, 'c.txt'), '3');
  const { files } = await world.run(uploadFilesTask, {
    namespace,
    files: ['**/*.csv'],
    destination: '/lists',
  });
  expect(Object.keys(files)).toEqual(['lists/a.csv', 'lists/sub/b.csv']);
  expect(world.textOf(files['lists/sub/b.csv'] ?? '')).toBe('2');
});

test('leaves a path that exists when told to skip it', async () => {
  const world = createTaskWorld();
  const uri = world.addNamespaceFile('a.csv', 'old');
  const { files } = await world.run(uploadFilesTask, {
    namespace,
    filesMap: JSON.stringify({ 'a.csv': world.addFile('a.csv', 'fresh') }),
    conflict: 'SKIP',
  });
  expect(files).toEqual({});
  expect(world.textOf(uri)).toBe('old');
});

test('keeps where a file comes from', async () => {
  const world = createTaskWorld();
  const outside = provenanceOf({ trust: 'untrusted' });
  const { files } = await world.run(uploadFilesTask, {
    namespace,
    filesMap: { 'a.csv': world.addFile('a.csv', '1', outside) },
  });
  expect(world.provenanceOf(files['a.csv'] ?? '').trust).toBe('untrusted');
});
