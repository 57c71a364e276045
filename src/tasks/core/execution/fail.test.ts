/** Tests of `core.execution.Fail`. */
import { expect, test } from 'vitest';
import { taskContract } from '../../../../test/contract/task.contract.ts';
import { createTaskWorld } from '../../../../test/support/task-world.ts';
import { failTask } from './fail.ts';

taskContract(failTask, { valid: { errorMessage: 'not paid' }, alwaysFails: 'task.failed' });

test('fails with its message when there is no condition', async () => {
  await expect(createTaskWorld().run(failTask, {})).rejects.toThrow('Task failure');
  await expect(createTaskWorld().run(failTask, { errorMessage: 'not paid' })).rejects.toThrow(
    /^not paid$/,
  );
});

test.each(['true', 'False', ' ', '[]', '0.0'])(
  'fails on the condition `%s` and logs the message',
  async (condition) => {
    const world = createTaskWorld();
    await expect(world.run(failTask, { condition, errorMessage: 'not paid' })).rejects.toThrow(
      'Fail on a condition',
    );
    expect(world.logs).toEqual([{ level: 'ERROR', message: 'not paid' }]);
  },
);

test.each(['false', '0', '-0', '', null, false, 0])('goes on with %j', async (condition) => {
  const world = createTaskWorld();
  expect(await world.run(failTask, { condition })).toEqual({});
  expect(world.logs).toEqual([]);
});
