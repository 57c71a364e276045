/** Tests of `scripts.shell.Script`. */
import { expect, test } from 'vitest';
import { taskContract } from '../../../../test/contract/task.contract.ts';
import { createTaskWorld } from '../../../../test/support/task-world.ts';
import { shellScript } from './script.ts';

taskContract(shellScript, {
  valid: { script: 'echo order 812' },
  waiting: { script: 'sleep 60' },
  failing: [
    { title: 'when the script fails', properties: { script: 'exit 2' }, code: 'process.exited' },
  ],
});

test('runs a script of several lines', async () => {
  const world = createTaskWorld();
  await world.run(shellScript, { script: 'for sku in mug tea; do\n  echo "$sku"\ndone\n' });
  const said = world.logs.map((one) => one.message);
  expect(said.slice(-2)).toEqual(['mug', 'tea']);
});
