/** Tests of `scripts.node.Commands`. */
import { expect, test } from 'vitest';
import { taskContract } from '../../../../test/contract/task.contract.ts';
import { createTaskWorld } from '../../../../test/support/task-world.ts';
import { nodeCommands } from './commands.ts';

taskContract(nodeCommands, {
  valid: { commands: ['node -p 812'] },
  waiting: { commands: ['node -e "setTimeout(() => {}, 60000)"'] },
  failing: [
    {
      title: 'when a command fails',
      properties: { commands: ['node -e "process.exit(4)"'] },
      code: 'process.exited',
    },
  ],
});

test('passes a file from one command to the next', async () => {
  const world = createTaskWorld();
  await world.run(nodeCommands, {
    commands: [
      "node -e \"fs.writeFileSync('n.txt', '7')\"",
      "node -p \"6 * fs.readFileSync('n.txt', 'utf8')\"",
    ],
  });
  expect(world.logs.at(-1)).toEqual({ level: 'INFO', message: '42' });
});
