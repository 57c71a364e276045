/** Tests of `core.storage.DeduplicateItems`. */
import { expect, test } from 'vitest';
import { taskContract } from '../../../../test/contract/task.contract.ts';
import { createTaskWorld } from '../../../../test/support/task-world.ts';
import { deduplicateItemsTask } from './deduplicate-items.ts';

taskContract(deduplicateItemsTask, {
  valid: (world) => ({ from: world.addFile('a', '{"k":1}', world.seen()), expr: '{{ k }}' }),
});

test('keeps the last record of each key', async () => {
  const world = createTaskWorld();
  const from = world.addFile('a', '{"k":1,"v":"a"}\n{"k":2,"v":"b"}\n{"k":1,"v":"c"}\n');
  const output = await world.run(deduplicateItemsTask, { from, expr: '{{ k }}' });
  expect(world.textOf(output.uri)).toBe('{"k":2,"v":"b"}\n{"k":1,"v":"c"}\n');
  expect(output).toMatchObject({ numKeys: 2, processedItemsTotal: 3, droppedItemsTotal: 1 });
});

test('gives an empty file for an empty file', async () => {
  const world = createTaskWorld();
  const output = await world.run(deduplicateItemsTask, { from: world.addFile('a', ''), expr: 'x' });
  expect(world.textOf(output.uri)).toBe('');
  expect(output).toMatchObject({ numKeys: 0, processedItemsTotal: 0, droppedItemsTotal: 0 });
});
