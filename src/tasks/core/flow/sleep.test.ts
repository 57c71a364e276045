/** Tests of `core.flow.Sleep`. */
import { expect, test } from 'vitest';
import { taskContract } from '../../../../test/contract/task.contract.ts';
import { createTaskWorld } from '../../../../test/support/task-world.ts';
import { sleepTask } from './sleep.ts';

taskContract(sleepTask, {
  valid: { duration: 'PT0.001S' },
  waiting: { duration: 'PT1H' },
  failing: [
    {
      title: 'for a text that is no duration',
      properties: { duration: 'soon' },
      code: 'task.input-invalid',
    },
  ],
});

test('waits at least as long as asked', async () => {
  const startedAt = performance.now();
  await createTaskWorld().run(sleepTask, { duration: 'PT0.05S' });
  expect(performance.now() - startedAt).toBeGreaterThanOrEqual(45);
});
