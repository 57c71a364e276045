/** Group commit: few transactions for many callers, order kept, nobody pays for another's bad write. */
import { describe, expect, test } from 'vitest';
import { entryOf, flowOf, writeOf } from '../../../test/support/store-records.ts';
import { createMemoryStore } from '../../adapters/memory/memory-store.ts';
import { createSystemSealer } from '../../adapters/system/system-sealer.ts';
import { Failure } from '../../core/failure/index.ts';
import type { Store, Write } from '../../ports/store.ts';
import { createCommitter } from './committer.ts';

const numbered = (index: number): Write => writeOf({ entries: [entryOf({ payload: `${index}` })] });
const bad = writeOf({ entries: [entryOf()], flows: [flowOf({ source: 'other' })] });

/** A store on which each commit takes a while, as one over a network does. */
function slowStore(store: Store): Pick<Store, 'commit'> {
  return {
    commit: async (writes) => {
      await new Promise((resolve) => setTimeout(resolve, 5));
      return store.commit(writes);
    },
  };
}

describe('a committer', () => {
  test('lets a thousand callers share few commits', async () => {
    const store = createMemoryStore(createSystemSealer());
    const committer = createCommitter(store);
    await Promise.all(
      Array.from({ length: 1_000 }, (_, index) => committer.commit(numbered(index))),
    );
    expect(store.commitCount).toBeLessThanOrEqual(2);
    expect(await store.allEntries(0, 9_999)).toHaveLength(1_000);
  });

  test('lets callers that go on from step to step share a commit per step', async () => {
    const store = createMemoryStore(createSystemSealer());
    const committer = createCommitter(store);
    const steps = async (): Promise<void> => {
      for (let step = 0; step < 20; step += 1) {
        await committer.commit(numbered(step));
        await Promise.resolve().then(() => Promise.resolve());
      }
    };
    await Promise.all(Array.from({ length: 50 }, steps));
    expect(store.commitCount).toBe(20);
  });

  test('gathers what comes while a commit is under way', async () => {
    const store = createMemoryStore(createSystemSealer());
    const committer = createCommitter(slowStore(store));
    const first = committer.commit(numbered(0));
    await new Promise((resolve) => setTimeout(resolve, 1));
    const rest = Array.from({ length: 30 }, (_, index) => committer.commit(numbered(index + 1)));
    await Promise.all([first, ...rest]);
    expect(store.commitCount).toBe(2);
  });

  test('answers only after the write is durable, and keeps the order of calls', async () => {
    const store = createMemoryStore(createSystemSealer());
    const committer = createCommitter(slowStore(store));
    const answers: number[] = [];
    const calls = Array.from({ length: 2_500 }, async (_, index) => {
      await committer.commit(numbered(index));
      answers.push(index);
      expect((await store.entries('main', 'execution:e1', index)).length).toBeGreaterThan(0);
    });
    await Promise.all(calls);
    const stored = (await store.allEntries(0, 9_999)).map(({ payload }) => Number(payload));
    expect(stored).toEqual(stored.toSorted((a, b) => a - b));
    expect(answers).toEqual(stored);
  });

  test('fails only the caller of a bad write', async () => {
    const store = createMemoryStore(createSystemSealer());
    const committer = createCommitter(store);
    await committer.commit(writeOf({ flows: [flowOf()] }));
    const calls = Array.from({ length: 9 }, (_, index) =>
      committer.commit(index === 4 ? bad : numbered(index)),
    );
    const results = await Promise.allSettled(calls);
    expect(results.map(({ status }) => status === 'fulfilled')).toEqual(
      results.map((_, index) => index !== 4),
    );
    expect(results[4]).toMatchObject({ reason: { code: 'store.conflict' } });
    const stored = (await store.allEntries(0, 99)).map(({ payload }) => payload);
    expect(stored).toEqual(['0', '1', '2', '3', '5', '6', '7', '8']);
    await committer.commit(numbered(9));
  });

  test('tells everyone of a lock at once instead of waiting for it again for each', async () => {
    let calls = 0;
    const committer = createCommitter({
      commit: async () => {
        calls += 1;
        throw new Failure('store.locked', 'another process keeps the store locked');
      },
    });
    const results = await Promise.allSettled(
      [1, 2, 3].map((one) => committer.commit(numbered(one))),
    );
    expect(results.every(({ status }) => status === 'rejected')).toBe(true);
    expect(calls).toBe(1);
  });

  test('writes nothing a second time when the disk fails: the first may have become durable', async () => {
    const store = createMemoryStore(createSystemSealer());
    const committer = createCommitter({
      commit: async (writes) => {
        await store.commit(writes);
        throw new Failure('store.unreachable', 'the disk under the store fails');
      },
    });
    const results = await Promise.allSettled(
      [1, 2, 3].map((one) => committer.commit(numbered(one))),
    );
    expect(results.every(({ status }) => status === 'rejected')).toBe(true);
    expect(await store.allEntries(0, 9)).toHaveLength(3);
  });

  test('parts those who write into two groups where one can be written beside the other', async () => {
    const sizes: number[] = [];
    let underWay = 0;
    let most = 0;
    const committer = createCommitter({
      besideFrom: 4,
      commit: async (writes) => {
        sizes.push(writes.length);
        underWay += 1;
        most = Math.max(most, underWay);
        await new Promise((resolve) => setTimeout(resolve, 5));
        underWay -= 1;
        return { lastSeq: 0 };
      },
    });
    const client = async (): Promise<void> => {
      for (let round = 0; round < 10; round += 1) await committer.commit(numbered(round));
    };
    await Promise.all(Array.from({ length: 20 }, client));
    expect(most).toBe(1);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(200);
    // The first group closes before anybody knows how many will come, the last ones when few are left.
    expect(sizes.slice(3, -3).every((size) => size >= 8 && size <= 12)).toBe(true);
  });

  test('is idle when nothing waits', async () => {
    const store = createMemoryStore(createSystemSealer());
    const committer = createCommitter(slowStore(store));
    await committer.idle();
    const call = committer.commit(numbered(1)).then(() => committer.commit(numbered(2)));
    await committer.idle();
    expect(await store.allEntries(0, 9)).toHaveLength(2);
    await call;
  });
});
