/** Tests of `core.debug.Return`. */
import { expect, test } from 'vitest';
import { taskContract } from '../../../../test/contract/task.contract.ts';
import { createTaskWorld } from '../../../../test/support/task-world.ts';
import { returnTask } from './return.ts';

taskContract(returnTask, { valid: { format: 'order 812' } });

test('gives the text and logs it', async () => {
  const world = createTaskWorld();
  expect(await world.run(returnTask, { format: 'order 812' })).toEqual({ value: 'order 812' });
  expect(world.logs).toEqual([{ level: 'DEBUG', message: 'order 812' }]);
});

test('gives null without a format', async () => {
  expect(await createTaskWorld().run(returnTask, {})).toEqual({ value: null });
});
