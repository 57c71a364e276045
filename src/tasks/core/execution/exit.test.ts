/** Tests of `core.execution.Exit`. */
import { expect, test } from 'vitest';
import { taskContract } from '../../../../test/contract/task.contract.ts';
import { createTaskWorld } from '../../../../test/support/task-world.ts';
import { exitTask } from './exit.ts';

taskContract(exitTask, { valid: { state: 'FAILED' } });

test.each([
  [{}, 'SUCCESS'],
  [{ state: 'KILLED' }, 'KILLED'],
  [{ state: 'CANCELED' }, 'CANCELLED'],
])('asks with %j for the end %s', async (properties, state) => {
  const world = createTaskWorld();
  await world.run(exitTask, properties);
  expect(world.changes).toEqual([{ type: 'end-execution', state }]);
});
