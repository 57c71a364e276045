/** Tests of `core.storage.Write`. */
import { expect, test } from 'vitest';
import { taskContract } from '../../../../test/contract/task.contract.ts';
import { createTaskWorld } from '../../../../test/support/task-world.ts';
import { writeTask } from './write.ts';

taskContract(writeTask, { valid: { content: 'order 812' } });

test.each([
  [undefined, /file$/],
  ['.csv', /file\.csv$/],
  ['csv', /file\.csv$/],
])('stores the text with the extension %s', async (extension, name) => {
  const world = createTaskWorld();
  const { uri } = await world.run(writeTask, { content: 'é', ...(extension && { extension }) });
  expect(uri).toMatch(name);
  expect(world.textOf(uri)).toBe('é');
});

test.each(['../x', '/x', '.a/b'])('refuses the extension `%s`', (extension) => {
  expect(writeTask.input.safeParse({ content: 'x', extension }).success).toBe(false);
});
