/** Tests of `core.execution.Resume`. */
import { expect, test } from 'vitest';
import { taskContract } from '../../../../test/contract/task.contract.ts';
import { createTaskWorld } from '../../../../test/support/task-world.ts';
import { resumeTask } from './resume.ts';

const startDate = '2026-03-01T00:00:00Z';
const place = { namespace: 'shop.orders', flowId: 'order', startDate, logs: [] };
const world = {
  executions: [
    { id: 'waits', state: 'PAUSED', ...place },
    { id: 'runs', state: 'RUNNING', ...place },
  ],
};

taskContract(resumeTask, {
  world,
  valid: { executionId: 'waits' },
  failing: [
    {
      title: 'for an execution that is not there',
      properties: { executionId: 'gone' },
      code: 'execution.not-found',
    },
    {
      title: 'for an execution that is not paused',
      properties: { executionId: 'runs' },
      code: 'execution.wrong-state',
    },
  ],
});

test('resumes with the values', async () => {
  const here = createTaskWorld(world);
  await here.run(resumeTask, { executionId: 'waits', inputs: { paid: true } });
  expect(here.executions[0]).toMatchObject({ state: 'RUNNING', resumedWith: { paid: true } });
});
