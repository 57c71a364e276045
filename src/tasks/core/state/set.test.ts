/** Tests of `core.state.Set`. */
import { expect, test } from 'vitest';
import { taskContract } from '../../../../test/contract/task.contract.ts';
import { createTaskWorld } from '../../../../test/support/task-world.ts';
import { getTask } from './get.ts';
import { setTask } from './set.ts';

taskContract(setTask, { valid: { name: 'import', data: { page: '7' } } });

test('merges maps deeply and replaces everything else', async () => {
  const world = createTaskWorld();
  await world.run(setTask, { data: { seen: { a: 1, list: [1, 2] }, page: 7 } });
  const { count } = await world.run(setTask, { data: { seen: { b: 2, list: [3] } } });
  expect(count).toBe(2);
  expect(await world.run(getTask, {})).toEqual({
    count: 2,
    data: { seen: { a: 1, b: 2, list: [3] }, page: 7 },
  });
});

test('keeps a key named like a part of the language harmless', async () => {
  const world = createTaskWorld();
  await world.run(setTask, { data: JSON.parse('{"__proto__":{"polluted":true}}') });
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
});
