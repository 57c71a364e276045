/** Tests of `core.kv.Get`. */
import { expect, test } from 'vitest';
import { taskContract } from '../../../../test/contract/task.contract.ts';
import { createTaskWorld } from '../../../../test/support/task-world.ts';
import { marksOf, provenanceOf } from '../../../core/value/index.ts';
import { getTask } from './get.ts';
import { setTask } from './set.ts';

taskContract(getTask, {
  valid: { key: 'discount' },
  failing: [
    {
      title: 'for a missing key that is asked to be an error',
      properties: { key: 'gone', errorOnMissing: true },
      code: 'kv.not-found',
    },
  ],
});

test('gives the value with its type', async () => {
  const world = createTaskWorld();
  await world.run(setTask, { key: 'rates', value: { FR: 0.2 } });
  expect(await world.run(getTask, { key: 'rates' })).toEqual({ value: { FR: 0.2 } });
});

test('gives null for a missing key, and for a key of another namespace', async () => {
  const world = createTaskWorld();
  await world.run(setTask, { key: 'rates', value: 1, namespace: 'shop.other' });
  expect(await world.run(getTask, { key: 'rates' })).toEqual({ value: null });
  expect(await world.run(getTask, { key: 'rates', namespace: 'shop.other' })).toEqual({ value: 1 });
});

test('reads back where the value comes from', async () => {
  const world = createTaskWorld();
  const outside = provenanceOf({ trust: 'untrusted' });
  await world.context.keyValues('shop.tests').set('note', { value: 'hi', marks: marksOf(outside) });
  await world.run(getTask, { key: 'note' });
  expect(world.seen().trust).toBe('untrusted');
});
