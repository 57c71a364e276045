/** Tests of `core.output.OutputValues`. */
import { expect, test } from 'vitest';
import { taskContract } from '../../../../test/contract/task.contract.ts';
import { createTaskWorld } from '../../../../test/support/task-world.ts';
import { outputValuesTask } from './output-values.ts';

taskContract(outputValuesTask, { valid: { values: { order: '812' } } });

test('gives nested values as they are', async () => {
  const values = { order: '812', lines: [{ sku: 'J-1', count: 2 }] };
  expect(await createTaskWorld().run(outputValuesTask, { values })).toEqual({ values });
});

test('gives an empty map without values', async () => {
  expect(await createTaskWorld().run(outputValuesTask, {})).toEqual({ values: {} });
});
