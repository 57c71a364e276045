/** Commits in a thread beside this one: the same as here, with the event loop free meanwhile. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { earlierWrite, fullWrite } from '../../../test/contract/store.contract.ts';
import { hasher, logSigner, checks } from '../../../test/support/ledger-world.ts';
import { slowDriver, slowFlushMs } from '../../../test/support/slow-driver.ts';
import { entryOf, keyValueOf, snapshot, writeOf } from '../../../test/support/store-records.ts';
import type { Store, Write } from '../../ports/store.ts';
import { makeCheckpoint, verifyStore } from '../../runtime/sealer/index.ts';
import { createMemoryStore } from '../memory/memory-store.ts';
import { createSystemSealer } from '../system/system-sealer.ts';
import { openSqliteStore } from './sqlite-store.ts';

const script = new URL('../../app/commit-thread.ts', import.meta.url);
const slowScript = new URL('../../../test/support/slow-commit-thread.ts', import.meta.url);
const sealer = createSystemSealer();
const folder = mkdtempSync(join(tmpdir(), 'sluice-beside-'));
let count = 0;
const freshPath = (): string => {
  count += 1;
  return join(folder, `${count}`, 'store.db');
};
afterAll(() => rmSync(folder, { recursive: true }));

const openBeside = (path = freshPath()): Promise<Store> =>
  openSqliteStore({ sealer, path, thread: { script, isAlways: true } });

const manyWrites = (from: number): readonly Write[] =>
  Array.from({ length: 40 }, (_, at) =>
    writeOf({ entries: [entryOf({ stream: `execution:e${(from + at) % 7}`, at: from + at })] }),
  );

const verdictOf = async (store: Store) => {
  const signer = { ...logSigner, ...checks.verifier };
  const parts = { store, hasher, signer, clock: { now: () => 7 } };
  await makeCheckpoint(parts);
  return (await verifyStore(parts)).verdict;
};

describe('a commit beside this thread', () => {
  test('gives what a commit here gives', async () => {
    const [beside, oracle] = [await openBeside(), createMemoryStore(sealer)];
    const odd = ['', 'ä\u{1F600}\u0000"\\', '\u2028'.repeat(3)].map((payload) =>
      entryOf({ payload }),
    );
    for (const writes of [[earlierWrite], [fullWrite, writeOf({ entries: odd })], manyWrites(1)]) {
      expect(await beside.commit(writes)).toEqual(await oracle.commit(writes));
      expect(await snapshot(beside)).toEqual(await snapshot(oracle));
    }
    expect(beside.commitCount).toBe(3);
    expect(await verdictOf(beside)).toBe('valid');
    await beside.close();
  });

  test('tells its failures as they are, and leaves nothing', async () => {
    const store = await openBeside();
    await store.commit([earlierWrite]);
    const before = await snapshot(store);
    const expects = { tenant: 'main', stream: 'x', length: 9 };
    const overtaken = store.commit([fullWrite, writeOf({ entries: [entryOf()], expects })]);
    await expect(overtaken).rejects.toMatchObject({
      name: 'Failure',
      code: 'store.conflict',
      message: 'somebody else wrote to `x` meanwhile',
    });
    const wrong = writeOf({ keyValues: [keyValueOf({ value: undefined as never })] });
    await expect(store.commit([fullWrite, wrong])).rejects.toThrow();
    expect(await snapshot(store)).toEqual(before);
    await store.commit([fullWrite]);
    expect(await snapshot(store)).not.toEqual(before);
    await store.close();
  });

  test('happens in the order of the calls, with those that happen here', async () => {
    const store = await openBeside();
    const places: number[] = [];
    const noted = async (writes: readonly Write[]): Promise<void> => {
      places.push((await store.commit(writes)).lastSeq);
    };
    await Promise.all([
      noted(manyWrites(1)),
      noted([writeOf({ entries: [entryOf()] })]),
      store.addCheckpoint({ size: 0, at: 1, note: 'a' }),
      noted(manyWrites(2)),
      store.purgeLogs({ tenant: 'main' }),
    ]);
    expect(places).toEqual([40, 41, 81]);
    await store.close();
  });

  test('that is never answered fails; later ones happen here', async () => {
    const dying = new URL(
      `data:text/javascript,${encodeURIComponent(`
        import { parentPort } from 'node:worker_threads';
        parentPort.on('message', () => process.exit(3));
        parentPort.postMessage('ready');`)}`,
    );
    const path = freshPath();
    const store = await openSqliteStore({
      sealer,
      path,
      thread: { script: dying, isAlways: true },
    });
    await expect(store.commit([earlierWrite])).rejects.toMatchObject({
      code: 'store.unreachable',
    });
    expect(await store.allEntries(0, 9)).toEqual([]);
    expect(await store.commit([earlierWrite])).toEqual({ lastSeq: earlierWrite.entries.length });
    await store.close();
  });
});

describe('where a commit happens', () => {
  test('follows its size, and both connections keep one tree', async () => {
    const store = await openSqliteStore({ sealer, path: freshPath(), thread: { script } });
    expect(store.besideFrom).toBeUndefined();
    while (store.besideFrom === undefined) {
      await store.commit(manyWrites(1));
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    for (let round = 0; round < 20; round += 1) {
      await store.commit(manyWrites(round));
      await store.commit([writeOf({ entries: [entryOf()] })]);
      await store.commit(manyWrites(round).slice(0, 10));
    }
    expect(await verdictOf(store)).toBe('valid');
    expect(await store.changesElsewhere()).toBe(0);
    await store.close();
  });

  test('moves beside this thread on a slow disk, which then holds up nothing', async () => {
    const store = await openSqliteStore({
      sealer,
      path: freshPath(),
      thread: { script: slowScript },
      open: slowDriver,
    });
    for (let at = 0; store.besideFrom === undefined; at += 1) {
      await store.commit([writeOf({ entries: [entryOf()] })]);
      await new Promise((resolve) => setTimeout(resolve, 5));
      expect(at).toBeLessThan(100);
    }
    expect(store.besideFrom).toBe(1);
    let turns = 0;
    const turning = setInterval(() => {
      turns += 1;
    }, 1);
    const from = performance.now();
    await store.commit([writeOf({ entries: [entryOf()] })]);
    expect(performance.now() - from).toBeGreaterThan(slowFlushMs * 0.9);
    clearInterval(turning);
    expect(turns).toBeGreaterThan(3);
    await store.close();
  });

  test('says that another process has written only when one has', async () => {
    const path = freshPath();
    const store = await openBeside(path);
    await store.commit(manyWrites(1));
    const before = await store.changesElsewhere();
    const other = await openSqliteStore({ sealer, path });
    await other.commit([writeOf({ entries: [entryOf()] })]);
    expect(await store.changesElsewhere()).not.toBe(before);
    await store.commit(manyWrites(2));
    const after = await store.changesElsewhere();
    await store.commit(manyWrites(3));
    expect(await store.changesElsewhere()).toBe(after);
    await Promise.all([store.close(), other.close()]);
  });
});
