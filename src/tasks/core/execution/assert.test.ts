/** Tests of `core.execution.Assert`. */
import { expect, test } from 'vitest';
import { taskContract } from '../../../../test/contract/task.contract.ts';
import { createTaskWorld } from '../../../../test/support/task-world.ts';
import { assertTask } from './assert.ts';

taskContract(assertTask, {
  valid: { conditions: ['true', 'yes'] },
  failing: [
    {
      title: 'when a condition does not hold',
      properties: { conditions: ['true', 'false'] },
      code: 'task.failed',
    },
  ],
});

test('says which conditions do not hold, and keeps their number', async () => {
  const world = createTaskWorld();
  const conditions = ['true', '0', 'yes', ''];
  await expect(world.run(assertTask, { conditions })).rejects.toThrow(
    '2 of 4 conditions do not hold',
  );
  expect(world.keptOutputs).toEqual({ failed: 2 });
  expect(world.logs.map(({ message }) => message)).toEqual([
    'condition 2 of 4 does not hold',
    'condition 4 of 4 does not hold',
  ]);
});

test('fails with its own message when it has one', async () => {
  const world = createTaskWorld();
  await expect(
    world.run(assertTask, { conditions: [false], errorMessage: 'no sense' }),
  ).rejects.toThrow(/^no sense$/);
});
