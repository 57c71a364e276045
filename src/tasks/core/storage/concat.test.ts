/** Tests of `core.storage.Concat`. */
import { expect, test } from 'vitest';
import { taskContract } from '../../../../test/contract/task.contract.ts';
import { createTaskWorld } from '../../../../test/support/task-world.ts';
import { provenanceOf } from '../../../core/value/index.ts';
import { concatTask } from './concat.ts';

taskContract(concatTask, {
  valid: (world) => ({ files: [world.addFile('a.txt', '1', world.seen())] }),
  failing: [
    { title: 'for broken JSON text', properties: { files: '[1' }, code: 'task.input-invalid' },
    {
      title: 'for a file of another execution',
      properties: { files: ['kestra:///shop/x/executions/2/a.csv'] },
      code: 'file.refused',
    },
  ],
});

test('joins files in order, with the separator after each', async () => {
  const world = createTaskWorld();
  const files = [world.addFile('a', '1'), world.addFile('b', '2')];
  const { uri } = await world.run(concatTask, { files, separator: '\n', extension: '.csv' });
  expect(world.textOf(uri)).toBe('1\n2\n');
  expect(uri).toMatch(/\.csv$/);
});

test('takes JSON text, and the file comes from wherever its parts come from', async () => {
  const world = createTaskWorld();
  const outside = provenanceOf({ trust: 'untrusted' });
  const files = [world.addFile('a', '1'), world.addFile('b', '2', outside)];
  const { uri } = await world.run(concatTask, { files: JSON.stringify(files) });
  expect(world.textOf(uri)).toBe('12');
  expect(world.provenanceOf(uri).trust).toBe('untrusted');
});
