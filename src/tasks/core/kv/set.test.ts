/** Tests of `core.kv.Set`. */
import { expect, test } from 'vitest';
import { taskContract } from '../../../../test/contract/task.contract.ts';
import { createTaskWorld } from '../../../../test/support/task-world.ts';
import { setTask } from './set.ts';

taskContract(setTask, {
  valid: { key: 'last-order', value: 812 },
  failing: [
    {
      title: 'for a value that is not of its type',
      properties: { key: 'last-order', value: 'many', kvType: 'NUMBER' },
      code: 'task.input-invalid',
    },
    {
      title: 'for a time to live that is no duration',
      properties: { key: 'last-order', value: 1, ttl: 'long' },
      code: 'task.input-invalid',
    },
    {
      title: 'for a key that exists and may not be replaced',
      properties: async (world) => {
        await world.run(setTask, { key: 'last-order', value: 811 });
        return { key: 'last-order', value: 812, overwrite: false };
      },
      code: 'kv.exists',
    },
  ],
});

test.each([812, true, [1, 2], { order: 812 }, 'text', null])('keeps %j as it is', async (value) => {
  const world = createTaskWorld();
  await world.run(setTask, { key: 'k', value });
  expect((await world.context.keyValues('shop.tests').get('k'))?.value).toEqual(value);
});

test('keeps the type, the description and the other namespace', async () => {
  const world = createTaskWorld();
  await world.run(setTask, {
    key: 'k',
    value: '812',
    namespace: 'shop.other',
    kvType: 'NUMBER',
    kvDescription: 'the last order',
  });
  expect(await world.context.keyValues('shop.other').list()).toMatchObject([
    { key: 'k', type: 'NUMBER', description: 'the last order' },
  ]);
});

test('lets the pair vanish after its time', async () => {
  const world = createTaskWorld();
  await world.run(setTask, { key: 'k', value: 1, ttl: 'PT1H' });
  world.passTime(3_599_000);
  expect(await world.context.keyValues('shop.tests').get('k')).toBeDefined();
  world.passTime(1_000);
  expect(await world.context.keyValues('shop.tests').get('k')).toBeUndefined();
});

test.each(['', '-a', 'a b', 'a/b'])('refuses the key `%s`', (key) => {
  expect(setTask.input.safeParse({ key, value: 1 }).success).toBe(false);
});
