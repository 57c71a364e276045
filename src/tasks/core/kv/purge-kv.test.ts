/** Tests of `core.kv.PurgeKV`. */
import { expect, test } from 'vitest';
import { taskContract } from '../../../../test/contract/task.contract.ts';
import { createTaskWorld } from '../../../../test/support/task-world.ts';
import { purgeKvTask } from './purge-kv.ts';
import { setTask } from './set.ts';

taskContract(purgeKvTask, {
  valid: async (world) => {
    await world.context
      .keyValues('shop.tests')
      .set('basket', { value: 1, marks: { own: world.seen() } });
    return { expiredOnly: false };
  },
});

test('removes expired pairs and nothing else', async () => {
  const world = createTaskWorld();
  await world.run(setTask, { key: 'short', value: 1, ttl: 'PT1M' });
  await world.run(setTask, { key: 'long', value: 1, ttl: 'PT1H' });
  await world.run(setTask, { key: 'ever', value: 1 });
  world.passTime(60_000);
  expect(await world.run(purgeKvTask, {})).toEqual({ size: 1 });
  expect((await world.context.keyValues('shop.tests').list()).map(({ key }) => key)).toEqual([
    'ever',
    'long',
  ]);
});

test('removes every pair whose key matches when told so', async () => {
  const world = createTaskWorld();
  for (const key of ['basket-1', 'basket-2', 'rate']) await world.run(setTask, { key, value: 1 });
  expect(await world.run(purgeKvTask, { keyPattern: 'basket-*', expiredOnly: false })).toEqual({
    size: 2,
  });
});
