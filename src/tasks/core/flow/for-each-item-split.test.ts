/** Tests of `core.flow.ForEachItemSplit`. */
import { expect, test } from 'vitest';
import { taskContract } from '../../../../test/contract/task.contract.ts';
import { createTaskWorld } from '../../../../test/support/task-world.ts';
import { forEachItemSplitTask } from './for-each-item-split.ts';

taskContract(forEachItemSplitTask, {
  valid: (world) => ({ items: world.addFile('orders.txt', '811\n812\n', world.seen()) }),
  failing: [
    {
      title: 'for a size that is none',
      properties: (world) => ({
        items: world.addFile('orders.txt', '811\n'),
        batch: { bytes: 'much' },
      }),
      code: 'task.input-invalid',
    },
  ],
});

async function batches(content: string, batch: Record<string, unknown>): Promise<string[]> {
  const world = createTaskWorld();
  const items = world.addFile('orders.txt', content);
  const { splits } = await world.run(forEachItemSplitTask, { items, batch });
  const uris = world
    .textOf(splits)
    .split('\n')
    .filter((line) => line !== '');
  return uris.map((uri) => world.textOf(uri));
}

test('cuts by rows, one when nothing is said', async () => {
  expect(await batches('1\n2\n3\n', {})).toEqual(['1\n', '2\n', '3\n']);
  expect(await batches('1\n2\n3\n', { rows: 2 })).toEqual(['1\n2\n', '3\n']);
});

test('bytes win over partitions and these over rows', async () => {
  expect(await batches('1\n2\n3\n', { bytes: '4B', partitions: 3, rows: 3 })).toHaveLength(2);
  expect(await batches('1\n2\n3\n', { partitions: 3, rows: 3 })).toHaveLength(3);
});

test('knows other separators', async () => {
  expect(await batches('1;2;3', { separator: ';', rows: 2 })).toEqual(['1;2;', '3;']);
});

test('makes no batch of an empty file', async () => {
  expect(await batches('', {})).toEqual([]);
});
