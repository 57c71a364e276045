/** Keys of requests: what is unknown is said, what is old is forgotten, what was refused may come again. */
import { createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import { createVirtualClock } from '../../../test/support/virtual-clock.ts';
import { createMemoryStore } from '../../adapters/memory/memory-store.ts';
import { createSystemSealer } from '../../adapters/system/system-sealer.ts';
import { Failure } from '../../core/failure/index.ts';
import { createIdempotency } from './idempotency.ts';

const request = { tenant: 'main', actor: 'user:a', key: 'k', target: 'POST /x', content: '1' };

function world() {
  const store = createMemoryStore(createSystemSealer());
  const clock = createVirtualClock();
  const parts = {
    store,
    clock,
    digests: {
      keyedDigest: (text: string) => createHmac('sha256', 'key').update(text).digest('hex'),
    },
    answers: { seal: (text: string) => `sealed ${text}`, open: (text: string) => text.slice(7) },
    commit: async (write: Parameters<typeof store.commit>[0][number]) => {
      await store.commit([write]);
    },
  };
  return { store, clock, keys: createIdempotency(parts) };
}

test('a request that ended unexpectedly is not run again: its outcome is unknown', async () => {
  const { keys } = world();
  await expect(
    keys.once(request, () => Promise.reject(new Error('the process broke'))),
  ).rejects.toThrow();
  let runs = 0;
  const again = keys.once(request, async () => {
    runs += 1;
    return { status: 200 };
  });
  await expect(again).rejects.toMatchObject({ code: 'request.key-in-use' });
  expect(runs).toBe(0);
});

test('what was refused may be sent again with the same key', async () => {
  const { keys } = world();
  const refused = keys.once(request, () =>
    Promise.reject(new Failure('flow.disabled', 'it is off')),
  );
  await expect(refused).rejects.toMatchObject({ code: 'flow.disabled' });
  expect(await keys.once(request, async () => ({ status: 200, body: { id: 1 } }))).toMatchObject({
    status: 200,
  });
  expect(await keys.once(request, async () => ({ status: 500 }))).toMatchObject({
    status: 200,
    body: { id: 1 },
  });
});

test('a key belongs to one principal and one target', async () => {
  const { keys } = world();
  let runs = 0;
  const run = async () => {
    runs += 1;
    return { status: 200 };
  };
  await keys.once(request, run);
  await keys.once({ ...request, actor: 'user:b' }, run);
  await keys.once({ ...request, target: 'POST /y' }, run);
  await keys.once({ ...request, tenant: 'other' }, run);
  expect(runs).toBe(4);
});

test('a key is forgotten after a day', async () => {
  const { keys, clock, store } = world();
  await keys.once(request, async () => ({ status: 200 }));
  expect(await keys.dropOld('main')).toBe(0);
  clock.advance(25 * 3_600_000);
  expect(await keys.dropOld('main')).toBe(1);
  expect(
    await store.registerRecords({ tenant: 'main', kind: 'idempotency-key', limit: 9 }),
  ).toEqual([]);
});
