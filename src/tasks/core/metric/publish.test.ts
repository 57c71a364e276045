/** Tests of `core.metric.Publish`. */
import { expect, test } from 'vitest';
import { taskContract } from '../../../../test/contract/task.contract.ts';
import { createTaskWorld } from '../../../../test/support/task-world.ts';
import { publishTask } from './publish.ts';

taskContract(publishTask, {
  valid: { metrics: [{ name: 'parcels', type: 'counter', value: 42 }] },
  failing: [
    {
      title: 'for a counter without a number',
      properties: { metrics: [{ name: 'parcels', type: 'counter', value: 'many' }] },
      code: 'task.input-invalid',
    },
  ],
});

test('keeps numbers, numbers in text, and durations as milliseconds', async () => {
  const world = createTaskWorld();
  await world.run(publishTask, {
    metrics: [
      { name: 'a', type: 'gauge', value: 1.5, tags: { warehouse: 'north' } },
      { name: 'b', type: 'counter', value: '3' },
      { name: 'c', type: 'timer', value: 'PT2S' },
    ],
  });
  expect(world.metrics).toEqual([
    { name: 'a', type: 'gauge', value: 1.5, tags: { warehouse: 'north' } },
    { name: 'b', type: 'counter', value: 3 },
    { name: 'c', type: 'timer', value: 2000 },
  ]);
});
