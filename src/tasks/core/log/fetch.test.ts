/** Tests of `core.log.Fetch`. */
import { expect, test } from 'vitest';
import { taskContract } from '../../../../test/contract/task.contract.ts';
import { createTaskWorld } from '../../../../test/support/task-world.ts';
import { fetchTask } from './fetch.ts';

const at = '2026-03-02T09:00:00Z';
const world = {
  executions: [
    {
      id: 'imported',
      namespace: 'shop.catalogue',
      flowId: 'import',
      state: 'SUCCESS',
      startDate: at,
      logs: [
        { taskId: 'load', level: 'DEBUG' as const, message: 'reading', at },
        { taskId: 'load', level: 'INFO' as const, message: 'read 42', at },
        { taskId: 'check', level: 'WARN' as const, message: 'two without price', at },
      ],
    },
  ],
};

taskContract(fetchTask, {
  world,
  valid: { executionId: 'imported' },
  failing: [
    {
      title: 'for an execution that is not there',
      properties: { executionId: 'gone' },
      code: 'execution.not-found',
    },
  ],
});

test('keeps lines at and above the level, one record each', async () => {
  const here = createTaskWorld(world);
  const { size, uri } = await here.run(fetchTask, { executionId: 'imported' });
  expect(size).toBe(2);
  const messages = here
    .textOf(uri)
    .trimEnd()
    .split('\n')
    .map((line) => (JSON.parse(line) as { message: string }).message);
  expect(messages).toEqual(['read 42', 'two without price']);
});

test('keeps only the lines of the named tasks, and marks them as outside text', async () => {
  const here = createTaskWorld(world);
  const { size, uri } = await here.run(fetchTask, {
    executionId: 'imported',
    tasksId: ['load'],
    level: 'TRACE',
  });
  expect(size).toBe(2);
  expect(here.provenanceOf(uri).trust).toBe('untrusted');
});
