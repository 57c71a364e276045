/** Tests of `scripts.shell.Commands`. */
import { expect, test } from 'vitest';
import { taskContract } from '../../../../test/contract/task.contract.ts';
import { createTaskWorld } from '../../../../test/support/task-world.ts';
import { shellCommands } from './commands.ts';

taskContract(shellCommands, {
  valid: { commands: ['echo order 812'] },
  waiting: { commands: ['sleep 60'] },
  failing: [
    { title: 'when a command fails', properties: { commands: ['exit 2'] }, code: 'process.exited' },
    {
      title: 'when the interpreter is missing',
      properties: { commands: ['true'], interpreter: ['no-such-shell', '-c'] },
      code: 'process.not-found',
    },
    {
      title: 'when a file has a name that leads out',
      properties: { commands: ['true'], inputFiles: { '../x': 'y' } },
      code: 'task.input-invalid',
    },
    {
      title: 'when a file is not there',
      properties: { commands: ['true'], inputFiles: { x: 'nsfile:///nothing' } },
      code: 'file.not-found',
    },
  ],
});

test('runs the checks of a deployment as they are printed', async () => {
  const world = createTaskWorld();
  const output = await world.run(shellCommands, {
    commands: ['echo "Running model validation and compliance checks..."'],
  });
  expect(output.exitCode).toBe(0);
  expect(world.logs).toContainEqual({
    level: 'INFO',
    message: 'Running model validation and compliance checks...',
  });
});
