/** Tests of `core.execution.SetVariables`. */
import { expect, test } from 'vitest';
import { taskContract } from '../../../../test/contract/task.contract.ts';
import { createTaskWorld } from '../../../../test/support/task-world.ts';
import { setVariablesTask } from './set-variables.ts';

taskContract(setVariablesTask, { valid: { variables: { carrier: 'road' } } });

test.each([
  [{}, true],
  [{ overwrite: false }, false],
])('asks with %j for a change that overwrites: %s', async (more, overwrites) => {
  const world = createTaskWorld();
  await world.run(setVariablesTask, { variables: { carrier: { name: 'road' } }, ...more });
  expect(world.changes).toEqual([
    { type: 'set-variables', variables: { carrier: { name: 'road' } }, overwrites },
  ]);
});
