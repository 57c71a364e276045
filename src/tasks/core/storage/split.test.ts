/** Tests of `core.storage.Split`. */
import { expect, test } from 'vitest';
import { taskContract } from '../../../../test/contract/task.contract.ts';
import { createTaskWorld } from '../../../../test/support/task-world.ts';
import { splitTask } from './split.ts';

taskContract(splitTask, {
  valid: (world) => ({ from: world.addFile('a.txt', '1\n2\n3\n', world.seen()), rows: 2 }),
  failing: [
    {
      title: 'when nothing says how',
      properties: (world) => ({ from: world.addFile('a.txt', '1') }),
      code: 'task.input-invalid',
    },
    {
      title: 'when two things say how',
      properties: (world) => ({ from: world.addFile('a.txt', '1'), rows: 1, partitions: 1 }),
      code: 'task.input-invalid',
    },
    {
      title: 'for a pattern that is none',
      properties: (world) => ({ from: world.addFile('a.txt', '1'), regexPattern: '(' }),
      code: 'task.input-invalid',
    },
  ],
});

test.each([
  [{ rows: 2 }, 'a\nb\nc\n', ['a\nb\n', 'c\n']],
  [{ rows: 5 }, 'a\nb', ['a\nb\n']],
  [{ bytes: '4' }, 'a\nb\nc\n', ['a\nb\n', 'c\n']],
  [{ bytes: '1' }, 'long\nb\n', ['long\n', 'b\n']],
  [{ partitions: 2 }, 'a\nb\nc\n', ['a\nc\n', 'b\n']],
  [{ partitions: 9 }, 'a\n', ['a\n']],
  [{ regexPattern: '^(\\w+):' }, 'x:1\ny:2\nx:3\nz\n', ['x:1\nx:3\n', 'y:2\n']],
  [{ rows: 1, separator: ';' }, 'a;b;', ['a;', 'b;']],
  [{ rows: 1 }, '', []],
])('cuts by %j the text %j into %j', async (how, content, expected) => {
  const world = createTaskWorld();
  const { uris } = await world.run(splitTask, { from: world.addFile('a.txt', content), ...how });
  expect(uris.map((uri) => world.textOf(uri))).toEqual(expected);
});
