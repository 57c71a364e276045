/** Tests of `core.execution.UnsetVariables`. */
import { expect, test } from 'vitest';
import { taskContract } from '../../../../test/contract/task.contract.ts';
import { createTaskWorld } from '../../../../test/support/task-world.ts';
import { unsetVariablesTask } from './unset-variables.ts';

taskContract(unsetVariablesTask, { valid: { variables: ['voucher'] } });

test('asks for the names to be removed', async () => {
  const world = createTaskWorld();
  await world.run(unsetVariablesTask, { variables: ['voucher'], ignoreMissing: true });
  expect(world.changes).toEqual([
    { type: 'unset-variables', names: ['voucher'], ignoresMissing: true },
  ]);
});
