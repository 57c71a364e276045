/** Tests of `core.execution.Kill`. */
import { expect, test } from 'vitest';
import { taskContract } from '../../../../test/contract/task.contract.ts';
import { createTaskWorld } from '../../../../test/support/task-world.ts';
import { killTask } from './kill.ts';

const world = {
  executions: [
    {
      id: 'runs',
      state: 'RUNNING',
      namespace: 'shop.orders',
      flowId: 'order',
      startDate: '2026-03-01T00:00:00Z',
      logs: [],
    },
  ],
};

taskContract(killTask, {
  world,
  valid: { executionId: 'runs' },
  failing: [
    {
      title: 'for an execution that is not there',
      properties: { executionId: 'gone' },
      code: 'execution.not-found',
    },
  ],
});

test('kills the execution', async () => {
  const here = createTaskWorld(world);
  await here.run(killTask, { executionId: 'runs' });
  expect(here.executions[0]?.state).toBe('KILLED');
});
