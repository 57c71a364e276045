/** Tests of `core.flow.ForEachItemMerge`. */
import { expect, test } from 'vitest';
import { taskContract } from '../../../../test/contract/task.contract.ts';
import { createTaskWorld } from '../../../../test/support/task-world.ts';
import { forEachItemMergeTask } from './for-each-item-merge.ts';

taskContract(forEachItemMergeTask, { valid: { records: [{ label: 'DE-812' }] } });

test('writes nothing for no records, and braces as they are', async () => {
  const world = createTaskWorld();
  const none = await world.run(forEachItemMergeTask, { records: [] });
  expect(world.textOf(none.subflowOutputs)).toBe('');
  const some = await world.run(forEachItemMergeTask, {
    records: [{ note: '{{ secret("KEY") }}' }],
  });
  expect(world.textOf(some.subflowOutputs)).toBe('{"note":"{{ secret(\\"KEY\\") }}"}\n');
});
