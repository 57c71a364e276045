/** What the kill test looks for is noticed: each kind of loss and repetition is planted once. */
import { expect, test } from 'vitest';
import { createMemoryStore } from '../../../src/adapters/memory/memory-store.ts';
import { createSystemSealer } from '../../../src/adapters/system/system-sealer.ts';
import { entryOf } from '../../support/store-records.ts';
import type { Effect } from '../outside-tasks.ts';
import { doneTwice, lostTroubles, type Note } from './survivors.ts';

const read = { notes: 0, effects: 0 };
const effect: Effect = {
  kind: 'send',
  executionId: 'e1',
  taskRunId: 'e1-0',
  taskId: 'sent',
  value: '',
  attempt: 1,
  key: 'k',
};

async function lost(notes: readonly Note[], effects: readonly Effect[] = []): Promise<string[]> {
  const store = createMemoryStore(createSystemSealer());
  const started = entryOf({ type: 'task-started', payload: '{"taskRunId":"e1-0"}' });
  await store.commit([{ entries: [started] }]);
  return lostTroubles(store, { notes, effects, read });
}

test('an acknowledged entry that is lost or another one is noticed', async () => {
  expect(await lost([{ seq: 2, header: 'x' }])).toEqual(['the acknowledged entry 2 is lost']);
  expect(await lost([{ seq: 1, header: 'x' }])).toEqual([
    'the acknowledged entry 1 is another one',
  ]);
});

test('an acknowledged start, and a state that was shown, are missed when they are lost', async () => {
  expect(await lost([{ started: 'e9' }])).toHaveLength(1);
  expect(await lost([{ seen: 'e9', state: 'RUNNING' }])).toHaveLength(1);
  expect(await lost([{ seen: 'e1', state: 'RUNNING' }])).toEqual([]);
});

test('an effect without its intent entry is noticed', async () => {
  expect(await lost([], [effect])).toHaveLength(1);
  expect(await lost([], [{ ...effect, kind: 'book' }])).toEqual([]);
  expect(await lost([], [{ ...effect, kind: 'book', attempt: 2 }])).toHaveLength(1);
});

test('an effect that was done twice, or asked for under two keys, is noticed', () => {
  const book: Effect = { ...effect, kind: 'book' };
  const troubles = (
    effects: readonly Effect[],
    notes: readonly Note[] = [],
    lines: string[] = [],
  ) => doneTwice({ notes, effects, read }, lines);
  expect(troubles([effect, effect])).toHaveLength(1);
  expect(troubles([effect, { ...effect, attempt: 2 }])).toEqual([]);
  expect(troubles([book, book])).toEqual([]);
  expect(troubles([book, { ...book, key: 'other' }])).toHaveLength(1);
  expect(troubles([book, { ...book, key: 'other' }], [{ restarted: 'e1' }])).toEqual([]);
  expect(troubles([], [], ['a', 'b', 'a'])).toHaveLength(1);
});
