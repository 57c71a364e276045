/** Tests of `core.execution.Labels`. */
import { expect, test } from 'vitest';
import { taskContract } from '../../../../test/contract/task.contract.ts';
import { createTaskWorld } from '../../../../test/support/task-world.ts';
import { labelsTask } from './labels.ts';

taskContract(labelsTask, {
  valid: { labels: { channel: 'web' } },
  failing: [
    {
      title: 'for a system label',
      properties: { labels: { 'system.correlationId': 'x' } },
      code: 'task.input-invalid',
    },
    {
      title: 'for text that is no JSON',
      properties: { labels: 'web' },
      code: 'task.input-invalid',
    },
    { title: 'for a JSON list', properties: { labels: '[1]' }, code: 'task.input-invalid' },
    {
      title: 'for a label without a value',
      properties: { labels: { channel: null } },
      code: 'task.input-invalid',
    },
  ],
});

test.each([
  ['a map', { count: 42, vip: true, rate: 3.14 }],
  ['JSON text', '{"count":42,"vip":true,"rate":3.14}'],
  [
    'a list',
    [
      { key: 'count', value: 42 },
      { key: 'vip', value: true },
      { key: 'rate', value: 3.14 },
    ],
  ],
])('sets the labels of %s as text', async (_, labels) => {
  const world = createTaskWorld();
  await world.run(labelsTask, { labels });
  expect(world.changes).toEqual([
    { type: 'set-labels', labels: { count: '42', vip: 'true', rate: '3.14' } },
  ]);
});
