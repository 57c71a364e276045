/** Tests of `core.trigger.Toggle`. */
import { expect, test } from 'vitest';
import { taskContract } from '../../../../test/contract/task.contract.ts';
import { createTaskWorld } from '../../../../test/support/task-world.ts';
import { toggleTask } from './toggle.ts';

const world = { triggers: ['company.team/my-flow/daily', 'shop/prices/hourly'] };

taskContract(toggleTask, {
  world,
  valid: { trigger: 'hourly', namespace: 'shop', flowId: 'prices' },
  failing: [
    {
      title: 'for a trigger that is not there',
      properties: { trigger: 'gone' },
      code: 'trigger.not-found',
    },
  ],
});

test('switches a trigger of any flow off, and on again', async () => {
  const here = createTaskWorld(world);
  await here.run(toggleTask, { trigger: 'hourly', namespace: 'shop', flowId: 'prices' });
  expect([...here.disabledTriggers]).toEqual(['shop/prices/hourly']);
  const on = { trigger: 'hourly', namespace: 'shop', flowId: 'prices', enabled: true };
  await here.run(toggleTask, on);
  expect([...here.disabledTriggers]).toEqual([]);
});
