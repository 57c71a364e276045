/** Tests of `core.storage.Reverse`. */
import { expect, test } from 'vitest';
import { taskContract } from '../../../../test/contract/task.contract.ts';
import { createTaskWorld } from '../../../../test/support/task-world.ts';
import { reverseTask } from './reverse.ts';

taskContract(reverseTask, {
  valid: (world) => ({ from: world.addFile('a.txt', '1\n2\n', world.seen()) }),
  failing: [
    {
      title: 'for an unknown charset',
      properties: (world) => ({ from: world.addFile('a.txt', '1'), charset: 'morse' }),
      code: 'task.input-invalid',
    },
  ],
});

test.each([
  ['1\n2\n3\n', '\n', '3\n2\n1\n'],
  ['1\n2', '\n', '2\n1\n'],
  ['1;2;', ';', '2;1;'],
  ['', '\n', ''],
])('turns %j with lines ended by %j into %j', async (content, separator, expected) => {
  const world = createTaskWorld();
  const from = world.addFile('a.txt', content);
  const { uri } = await world.run(reverseTask, { from, separator });
  expect(world.textOf(uri)).toBe(expected);
});

test('reads the charset it is told', async () => {
  const world = createTaskWorld();
  const from = world.addFile('a.txt', new Uint8Array([0xe9, 0x0a]));
  const { uri } = await world.run(reverseTask, { from, charset: 'ISO-8859-1' });
  expect(world.textOf(uri)).toBe('é\n');
});
