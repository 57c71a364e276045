/** Tests of `core.templating.TemplatedTask`. */
import { expect, test } from 'vitest';
import { taskContract } from '../../../../test/contract/task.contract.ts';
import { createTaskWorld } from '../../../../test/support/task-world.ts';
import { returnTask } from '../debug/return.ts';
import { sleepTask } from '../flow/sleep.ts';
import { templatedTaskTask } from './templated-task.ts';

const world = { taskTypes: [returnTask, sleepTask] };

taskContract(templatedTaskTask, {
  world,
  valid: { spec: 'type: core.debug.Return\nformat: done' },
  waiting: { spec: 'type: core.flow.Sleep\nduration: PT1H' },
  failing: [
    { title: 'for text that is no YAML', properties: { spec: '{' }, code: 'task.input-invalid' },
    { title: 'for a list', properties: { spec: '- a' }, code: 'task.input-invalid' },
    {
      title: 'for a task without a type',
      properties: { spec: 'id: a' },
      code: 'task.input-invalid',
    },
    {
      title: 'for a type that nobody knows',
      properties: { spec: 'type: core.None' },
      code: 'task.type-missing',
    },
  ],
});

test('gives the outputs of the inner task', async () => {
  const here = createTaskWorld(world);
  const spec = 'id: inner\ntype: core.debug.Return\nformat: done';
  expect(await here.run(templatedTaskTask, { spec })).toEqual({ value: 'done' });
});
