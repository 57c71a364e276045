/**
 * The ledger of a data folder notices every change: of any column of an entry, of its seal, of the tree
 * and of the checkpoints, by truncation, by two writers, by a sudden end.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, describe, expect, test } from 'vitest';
import { openSqliteStore } from '../../src/adapters/sqlite/sqlite-store.ts';
import { createSystemSealer, systemHasher } from '../../src/adapters/system/system-sealer.ts';
import type { Store } from '../../src/ports/store.ts';
import { makeCheckpoint, verifyStore } from '../../src/runtime/sealer/index.ts';
import { checks, logSigner } from '../support/ledger-world.ts';
import { entryOf, writeOf } from '../support/store-records.ts';

const folder = mkdtempSync(join(tmpdir(), 'sluice-sealed-'));
afterAll(() => rmSync(folder, { recursive: true }));
const sealer = createSystemSealer();
const signer = { ...logSigner, ...checks.verifier };
let count = 0;
const freshPath = (): string => {
  count += 1;
  return join(folder, `${count}.db`);
};
const partsOf = (store: Store) => ({
  store,
  hasher: systemHasher,
  signer,
  clock: { now: () => 5 },
});
const add = (store: Store, entries: number) =>
  store.commit(
    Array.from({ length: entries }, (_, index) =>
      writeOf({ entries: [entryOf({ payload: `{"n":${index}}`, at: index })] }),
    ),
  );

/** Returns SQL for the text of `column` with another first byte. */
const flipped = (column: string): string =>
  `CAST(X'01' || substr(CAST(${column} AS BLOB), 2) AS TEXT)`;
/** Returns the bytes of a blob with the byte at `place` turned. */
const turned = (bytes: Uint8Array, place: number): Uint8Array => {
  const copy = Uint8Array.from(bytes);
  copy[place]! ^= 0x10;
  return copy;
};

/** Opens a ledger of `entries` entries with a checkpoint over the first `sealed` of them. */
async function ledgerOf(entries: number, sealed: number) {
  const path = freshPath();
  const store = await openSqliteStore({ path, sealer });
  await add(store, sealed);
  const checkpoint = await makeCheckpoint(partsOf(store));
  await add(store, entries - sealed);
  const driver = new DatabaseSync(path);
  return {
    path,
    store,
    driver,
    checkpoint,
    verify: (notes: readonly string[] = []) => verifyStore(partsOf(store), { notes }),
    async close() {
      driver.close();
      await store.close();
    },
  };
}

describe('a change in the tables of the ledger is noticed and the entry is named', () => {
  // 3 lies below a checkpoint in a full tile, 280 in a growing one, 299 above every checkpoint.
  const places = [3, 280, 299];
  const texts = ['tenant', 'type', 'actor', 'payload'];

  test('of any text or number of an entry [G-125]', async () => {
    const ledger = await ledgerOf(300, 290);
    expect(await ledger.verify()).toMatchObject({ verdict: 'valid', size: 300, unsealedCount: 10 });
    for (const seq of places) {
      for (const column of [...texts, 'at', 'stream']) {
        const value = texts.includes(column) ? flipped(column) : `${column} + 1`;
        ledger.driver.exec('CREATE TEMP TABLE kept AS SELECT * FROM entries');
        ledger.driver.exec(`UPDATE entries SET ${column} = ${value} WHERE seq = ${seq}`);
        expect(await ledger.verify(), `${column} of ${seq}`).toMatchObject({
          verdict: 'broken',
          seq,
          lastSeq: seq,
        });
        ledger.driver.exec(
          'DELETE FROM entries; INSERT INTO entries SELECT * FROM kept; DROP TABLE kept',
        );
      }
    }
    expect(await ledger.verify()).toMatchObject({ verdict: 'valid' });
    await ledger.close();
  });

  test.each(['header', 'salt', 'leaf'])('of any byte of a %s', async (column) => {
    const ledger = await ledgerOf(300, 290);
    const put = ledger.driver.prepare(`UPDATE entries SET ${column} = ? WHERE seq = ?`);
    for (const seq of places) {
      const row = ledger.driver
        .prepare(`SELECT ${column} AS bytes FROM entries WHERE seq = ?`)
        .get(seq);
      const bytes = row?.['bytes'] as Uint8Array;
      for (let place = 0; place < bytes.length; place += seq === 3 ? 1 : 7) {
        put.run(turned(bytes, place), seq);
        expect(await ledger.verify(), `byte ${place} of ${seq}`).toMatchObject({
          verdict: 'broken',
          seq,
          lastSeq: seq,
        });
      }
      put.run(bytes, seq);
    }
    expect(await ledger.verify()).toMatchObject({ verdict: 'valid' });
    await ledger.close();
  });

  test('of the tiles above the leaves, and of the checkpoints', async () => {
    const ledger = await ledgerOf(600, 590);
    const { bytes } = ledger.driver.prepare('SELECT bytes FROM tiles').get() as {
      bytes: Uint8Array;
    };
    expect(bytes).toHaveLength(64);
    for (let place = 0; place < bytes.length; place += 5) {
      ledger.driver.prepare('UPDATE tiles SET bytes = ?').run(turned(bytes, place));
      const first = place < 32 ? 1 : 257;
      expect(await ledger.verify()).toMatchObject({ verdict: 'broken', seq: first });
    }
    ledger.driver.prepare('UPDATE tiles SET bytes = ?').run(bytes);
    expect(await ledger.verify()).toMatchObject({ verdict: 'valid' });
    const { note } = ledger.checkpoint;
    for (let place = 0; place < note.length; place += 11) {
      const changed = `${note.slice(0, place)}${note[place] === 'A' ? 'B' : 'A'}${note.slice(place + 1)}`;
      ledger.driver.prepare('UPDATE checkpoints SET note = ?').run(changed);
      expect(await ledger.verify(), `letter ${place}`).toMatchObject({ verdict: 'broken' });
    }
    ledger.driver.prepare('UPDATE checkpoints SET note = ?, size = 3').run(note);
    expect(await ledger.verify()).toMatchObject({ verdict: 'broken' });
    await ledger.close();
  });

  test('of a removed, exchanged or invented entry', async () => {
    const ledger = await ledgerOf(300, 290);
    const attempt = async (sql: string, seq: number) => {
      ledger.driver.exec(`CREATE TEMP TABLE kept AS SELECT * FROM entries; ${sql}`);
      expect(await ledger.verify(), sql).toMatchObject({ verdict: 'broken', seq });
      ledger.driver.exec(
        'DELETE FROM entries; INSERT INTO entries SELECT * FROM kept; DROP TABLE kept',
      );
    };
    await attempt('DELETE FROM entries WHERE seq = 7', 7);
    await attempt('UPDATE entries SET seq = 1000 WHERE seq = 7', 7);
    await attempt(
      'UPDATE entries SET seq = -1 WHERE seq = 7; UPDATE entries SET seq = 7 WHERE seq = 8; UPDATE entries SET seq = 8 WHERE seq = -1',
      7,
    );
    await attempt(
      'INSERT INTO entries SELECT 301, tenant, at, stream, type, actor, payload, header, salt, leaf FROM entries WHERE seq = 300',
      301,
    );
    await ledger.close();
  });
});

test('a ledger that was cut off with its checkpoints is caught by one that was kept elsewhere', async () => {
  const ledger = await ledgerOf(300, 290);
  ledger.driver.exec('DELETE FROM entries WHERE seq > 280');
  expect(await ledger.verify()).toMatchObject({ verdict: 'broken', seq: 281, lastSeq: 290 });
  ledger.driver.exec('DELETE FROM checkpoints');
  const store = await openSqliteStore({ path: ledger.path, sealer });
  await add(store, 20);
  await makeCheckpoint(partsOf(store));
  expect(await verifyStore(partsOf(store))).toMatchObject({ verdict: 'valid' });
  const kept = await verifyStore(partsOf(store), { notes: [ledger.checkpoint.note] });
  expect(kept).toMatchObject({ verdict: 'broken' });
  await store.close();
  await ledger.close();
});

test('two connections that append by turns grow one tree', async () => {
  const path = freshPath();
  const one = await openSqliteStore({ path, sealer });
  const other = await openSqliteStore({ path, sealer: createSystemSealer() });
  for (let turn = 0; turn < 60; turn += 1) {
    await add(one, (turn * 7) % 13);
    await add(other, (turn * 5) % 11);
  }
  await makeCheckpoint(partsOf(one));
  expect(await verifyStore(partsOf(other))).toMatchObject({ verdict: 'valid', unsealedCount: 0 });
  await one.close();
  await other.close();
});

test('two processes that append at the same time grow one tree', async () => {
  const path = freshPath();
  const store = await openSqliteStore({ path, sealer });
  const source = (file: string): string =>
    JSON.stringify(join(import.meta.dirname, '../../src/adapters', file));
  const child = spawn(process.execPath, [
    '--input-type=module',
    '--eval',
    `import { openSqliteStore } from ${source('sqlite/sqlite-store.ts')};
     import { createSystemSealer } from ${source('system/system-sealer.ts')};
     const store = await openSqliteStore({ path: ${JSON.stringify(path)}, sealer: createSystemSealer() });
     const entry = ${JSON.stringify(entryOf({ actor: 'child' }))};
     for (let i = 0; i < 300; i++) {
       await store.commit([{ entries: [entry, entry] }]);
       await new Promise((resolve) => setTimeout(resolve, 1));
     }
     await store.close();`,
  ]);
  const code = Promise.withResolvers<number | null>();
  let hasEnded = false;
  child.on('close', (ended) => {
    hasEnded = true;
    code.resolve(ended);
  });
  while (!hasEnded) {
    await add(store, 3);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  expect(await code.promise).toBe(0);
  const all = await store.allEntries(0, 99_999);
  const authors = all.map(({ actor }) => actor);
  expect(authors.filter((one) => one === 'child')).toHaveLength(600);
  // They really took turns: the parent wrote before the child's last entry and after its first.
  const between = authors.slice(authors.indexOf('child'), authors.lastIndexOf('child'));
  expect(between.some((one) => one !== 'child')).toBe(true);
  await makeCheckpoint(partsOf(store));
  expect(await verifyStore(partsOf(store))).toMatchObject({ verdict: 'valid', unsealedCount: 0 });
  await store.close();
});

test('entries from before entries were sealed are sealed when the file is opened', async () => {
  const path = freshPath();
  const store = await openSqliteStore({ path, sealer });
  await add(store, 1_700);
  await store.close();
  const driver = new DatabaseSync(path);
  driver.exec('UPDATE entries SET header = NULL, salt = NULL, leaf = NULL; DELETE FROM tiles');
  driver.close();
  const again = await openSqliteStore({ path, sealer });
  await add(again, 3);
  await makeCheckpoint(partsOf(again));
  expect(await verifyStore(partsOf(again))).toMatchObject({ verdict: 'valid', size: 1_703 });
  await again.close();
});

test('the ledger of a process that was killed verifies and goes on', async () => {
  const path = freshPath();
  const first = await openSqliteStore({ path, sealer });
  await makeCheckpoint(partsOf(first));
  await first.close();
  const source = (file: string): string =>
    JSON.stringify(join(import.meta.dirname, '../../src/adapters', file));
  const child = spawn(process.execPath, [
    '--input-type=module',
    '--eval',
    `import { openSqliteStore } from ${source('sqlite/sqlite-store.ts')};
     import { createSystemSealer } from ${source('system/system-sealer.ts')};
     const store = await openSqliteStore({ path: ${JSON.stringify(path)}, sealer: createSystemSealer() });
     const entry = ${JSON.stringify(entryOf())};
     for (let i = 0; ; i++) {
       console.log((await store.commit([{ entries: [entry, entry, entry] }])).lastSeq);
       if (i % 10 === 0) await new Promise((resolve) => setImmediate(resolve));
     }`,
  ]);
  const told = await new Promise<number>((resolve) => {
    let last = 0;
    child.stdout.on('data', (chunk: Buffer) => {
      last = Number(String(chunk).trim().split('\n').at(-1));
      if (last > 900) child.kill('SIGKILL');
    });
    child.on('close', () => resolve(last));
  });
  expect(told).toBeGreaterThan(900);
  const store = await openSqliteStore({ path, sealer });
  const found = await verifyStore(partsOf(store));
  expect(found).toMatchObject({ verdict: 'valid' });
  expect((found as { size: number }).size).toBeGreaterThanOrEqual(told);
  await add(store, 300);
  await makeCheckpoint(partsOf(store));
  expect(await verifyStore(partsOf(store))).toMatchObject({ verdict: 'valid', unsealedCount: 0 });
  await store.close();
});
