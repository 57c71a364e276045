/** Tests of `scripts.python.Commands`. */
import { expect, test } from 'vitest';
import { taskContract } from '../../../../test/contract/task.contract.ts';
import { createTaskWorld } from '../../../../test/support/task-world.ts';
import { pythonCommands } from './commands.ts';

taskContract(pythonCommands, {
  valid: { commands: ['python3 -c "print(812)"'] },
  waiting: { commands: ['python3 -c "import time; time.sleep(60)"'] },
  failing: [
    {
      title: 'when a command fails',
      properties: { commands: ['python3 -c "raise SystemExit(4)"'] },
      code: 'process.exited',
    },
  ],
});

test('shows what a program prints at once', async () => {
  const world = createTaskWorld();
  await world.run(pythonCommands, { commands: ['echo "$PYTHONUNBUFFERED"'] });
  expect(world.logs.at(-1)).toEqual({ level: 'INFO', message: '1' });
});

test('lets commands say `python` and `pip` where the machine has only `python3`', async () => {
  const world = createTaskWorld();
  await world.run(pythonCommands, {
    inputFiles: { 'main.py': 'import sys\nprint(sys.argv[1])' },
    commands: ['python main.py "two words"', 'command -v pip > /dev/null && echo found'],
  });
  expect(world.logs.slice(-2).map((line) => line.message)).toEqual(['two words', 'found']);
});
