/** Tests of `core.debug.Echo`. */
import { expect, test } from 'vitest';
import { taskContract } from '../../../../test/contract/task.contract.ts';
import { createTaskWorld } from '../../../../test/support/task-world.ts';
import { echoTask } from './echo.ts';

taskContract(echoTask, { valid: { format: 'the shop opens' } });

test('writes the text at the level', async () => {
  const world = createTaskWorld();
  await world.run(echoTask, { format: 'the shop opens', level: 'DEBUG' });
  expect(world.logs).toEqual([{ level: 'DEBUG', message: 'the shop opens' }]);
});
