/** Tests of `core.state.Get`. */
import { expect, test } from 'vitest';
import { taskContract } from '../../../../test/contract/task.contract.ts';
import { createTaskWorld } from '../../../../test/support/task-world.ts';
import { getTask } from './get.ts';
import { setTask } from './set.ts';
import { stateKey } from './state-key.ts';

taskContract(getTask, {
  valid: { name: 'import' },
  failing: [
    {
      title: 'for a missing state that is asked to be an error',
      properties: { errorOnMissing: true },
      code: 'kv.not-found',
    },
  ],
});

test('gives nothing for a missing state', async () => {
  expect(await createTaskWorld().run(getTask, {})).toEqual({ count: 0, data: {} });
});

test('keeps the states of names, flows and loop values apart', () => {
  const place = { name: 'default', namespace: false, taskrunValue: true };
  const { context } = createTaskWorld();
  const loop = createTaskWorld({ loopValue: 'north' }).context;
  const other = createTaskWorld({ flowId: 'other' }).context;
  const keys = [
    stateKey(place, context),
    stateKey({ ...place, name: 'a.b' }, context),
    stateKey({ ...place, name: 'a-b' }, context),
    stateKey({ ...place, namespace: true }, context),
    stateKey(place, loop),
    stateKey(place, other),
  ];
  expect(new Set(keys).size).toBe(keys.length);
  expect(stateKey({ ...place, taskrunValue: false }, loop)).toBe(keys[0]);
  expect(stateKey({ ...place, namespace: true }, other)).toBe(keys[3]);
  for (const key of keys) expect(key).toMatch(/^[a-zA-Z0-9][a-zA-Z0-9._-]*$/);
});

test('reads what a loop value has set', async () => {
  const world = createTaskWorld({ loopValue: 'north' });
  await world.run(setTask, { data: { page: '7' } });
  expect(await world.run(getTask, {})).toEqual({ count: 1, data: { page: '7' } });
  expect(await world.run(getTask, { taskrunValue: false })).toEqual({ count: 0, data: {} });
});
