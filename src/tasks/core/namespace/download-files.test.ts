/** Tests of `core.namespace.DownloadFiles`. */
import { expect, test } from 'vitest';
import { taskContract } from '../../../../test/contract/task.contract.ts';
import { createTaskWorld } from '../../../../test/support/task-world.ts';
import { provenanceOf } from '../../../core/value/index.ts';
import { downloadFilesTask } from './download-files.ts';

taskContract(downloadFilesTask, {
  valid: (world) => {
    world.addNamespaceFile('a.csv', '1', { provenance: world.seen() });
    return { namespace: 'shop.tests', files: '*.csv' };
  },
});

test('copies the files that match and keeps where they come from', async () => {
  const world = createTaskWorld();
  const provenance = provenanceOf({ trust: 'untrusted' });
  world.addNamespaceFile('lists/a.csv', '1', { namespace: 'shop.other', provenance });
  world.addNamespaceFile('notes.txt', '2', { namespace: 'shop.other' });
  const { files } = await world.run(downloadFilesTask, {
    namespace: 'shop.other',
    files: ['lists/**'],
    destination: 'copies',
  });
  expect(Object.keys(files)).toEqual(['copies/lists/a.csv']);
  const uri = files['copies/lists/a.csv'] ?? '';
  expect(uri).toContain('/executions/');
  expect(world.textOf(uri)).toBe('1');
  expect(world.provenanceOf(uri).trust).toBe('untrusted');
});

test('gives an empty map when nothing matches', async () => {
  const world = createTaskWorld();
  expect(await world.run(downloadFilesTask, { namespace: 'shop.tests', files: '*' })).toEqual({
    files: {},
  });
});
