/** Tests of `core.log.Log`. */
import { expect, test } from 'vitest';
import { taskContract } from '../../../../test/contract/task.contract.ts';
import { createTaskWorld } from '../../../../test/support/task-world.ts';
import { logTask } from './log.ts';

taskContract(logTask, { valid: { message: 'order 812 is packed' } });

test('writes a text as one line at INFO', async () => {
  const world = createTaskWorld();
  await world.run(logTask, { message: 'a\nb' });
  expect(world.logs).toEqual([{ level: 'INFO', message: 'a\nb' }]);
});

test('writes one line for each element of a list', async () => {
  const world = createTaskWorld();
  await world.run(logTask, { message: ['first', 'second'], level: 'WARN' });
  expect(world.logs).toEqual([
    { level: 'WARN', message: 'first' },
    { level: 'WARN', message: 'second' },
  ]);
});
