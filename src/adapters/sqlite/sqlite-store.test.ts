/** The SQLite store keeps the contract, agrees with the reference, and survives faults, other processes and sudden ends. */
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, describe, expect, test } from 'vitest';
import { testFieldGroups } from '../../../test/contract/field-groups.contract.ts';
import { testRegisters } from '../../../test/contract/registers.contract.ts';
import {
  earlierWrite,
  fullWrite,
  testStore,
  testStoreAgainst,
} from '../../../test/contract/store.contract.ts';
import {
  entryOf,
  executionOf,
  logOf,
  snapshot,
  taskRunOf,
  writeOf,
} from '../../../test/support/store-records.ts';
import { createMemoryStore } from '../memory/memory-store.ts';
import { createSystemSealer } from '../system/system-sealer.ts';
import { placesPerMs } from './log-place-store.ts';
import { migrate, readMigrations } from './migrate-store.ts';
import { connect, type Driver, openDriver, type SqlValue } from './open-store.ts';
import { openSqliteStore } from './sqlite-store.ts';

const sealer = createSystemSealer();
const folder = mkdtempSync(join(tmpdir(), 'sluice-sqlite-'));
let count = 0;
const freshPath = (): string => {
  count += 1;
  return join(folder, `${count}`, 'store.db');
};
afterAll(() => rmSync(folder, { recursive: true }));

testStore('the store in SQLite', () => openSqliteStore({ sealer, path: freshPath() }));
testFieldGroups('the store in SQLite', () => openSqliteStore({ sealer, path: freshPath() }));
testRegisters('the store in SQLite', () => openSqliteStore({ sealer, path: freshPath() }));
testStoreAgainst(
  'the store in SQLite',
  () => openSqliteStore({ sealer, path: freshPath() }),
  async () => createMemoryStore(sealer),
);

/** Opens a driver that calls `before` ahead of each statement that runs. */
function spiedDriver(before: (sql: string) => void) {
  return (path: string, busyTimeoutMs: number): Driver => {
    const driver = openDriver(path, busyTimeoutMs);
    return {
      exec: (sql) => driver.exec(sql),
      close: () => driver.close(),
      get isTransaction() {
        return driver.isTransaction;
      },
      prepare(sql) {
        const statement = driver.prepare(sql);
        const spied =
          <T>(work: (...values: SqlValue[]) => T) =>
          (...values: SqlValue[]): T => {
            before(sql);
            return work(...values);
          };
        return {
          run: spied((...values) => statement.run(...values)),
          get: spied((...values) => statement.get(...values)),
          all: spied((...values) => statement.all(...values)),
        };
      },
    };
  };
}

function diskError(errcode: number): Error {
  return Object.assign(new Error('disk'), { code: 'ERR_SQLITE_ERROR', errcode });
}

describe('faults', () => {
  test('leave nothing half-written, whichever statement of a commit fails', async () => {
    let left = Number.POSITIVE_INFINITY;
    let ran = 0;
    const open = spiedDriver(() => {
      ran += 1;
      left -= 1;
      if (left === 0) throw diskError(10);
    });
    const path = freshPath();
    const store = await openSqliteStore({ sealer, path, open });
    await store.commit([earlierWrite]);
    const before = await snapshot(store);
    ran = 0;
    await store.commit([fullWrite, writeOf({ entries: [entryOf({ stream: 'flow:a/b' })] })]);
    const statements = ran;
    const after = await snapshot(store);
    await store.close();
    expect(statements).toBeGreaterThan(20);

    for (let failing = 1; failing <= statements; failing += 1) {
      const other = freshPath();
      left = Number.POSITIVE_INFINITY;
      const faulty = await openSqliteStore({ sealer, path: other, open });
      await faulty.commit([earlierWrite]);
      left = failing;
      const commit = () =>
        faulty.commit([fullWrite, writeOf({ entries: [entryOf({ stream: 'flow:a/b' })] })]);
      await expect(commit()).rejects.toMatchObject({ code: 'store.unreachable' });
      expect(await snapshot(faulty)).toEqual(before);
      const witness = await openSqliteStore({ sealer, path: other });
      expect(await snapshot(witness)).toEqual(before);
      await witness.close();
      // What the failed commit had learnt of keys is forgotten: the next one gets everything right.
      await commit();
      expect(await snapshot(faulty)).toEqual(after);
      expect(faulty.commitCount).toBe(2);
      await faulty.close();
    }
  });

  test('are told in plain sentences: a full disk', async () => {
    const path = freshPath();
    const store = await openSqliteStore({
      sealer,
      path,
      open: (file, busyTimeoutMs) => {
        const driver = openDriver(file, busyTimeoutMs);
        driver.exec('PRAGMA max_page_count = 60');
        return driver;
      },
    });
    await store.commit([earlierWrite]);
    const before = await snapshot(store);
    const large = writeOf({ entries: [entryOf({ payload: 'x'.repeat(500_000) })] });
    await expect(store.commit([fullWrite, large])).rejects.toMatchObject({
      code: 'store.unreachable',
      message: `the disk under the store is full: \`${path}\``,
      isRetryable: true,
    });
    expect(await snapshot(store)).toEqual(before);
    await store.commit([fullWrite]);
    await store.close();
  });

  test('are told in plain sentences: a lock, a foreign file, a folder in the way', async () => {
    const path = freshPath();
    const store = await openSqliteStore({ sealer, path, busyTimeoutMs: 20 });
    const other = new DatabaseSync(path);
    other.exec('BEGIN IMMEDIATE');
    await expect(store.commit([fullWrite])).rejects.toMatchObject({
      code: 'store.locked',
      isRetryable: true,
    });
    other.exec('ROLLBACK');
    other.close();
    await store.commit([fullWrite]);
    await store.close();

    const foreign = join(folder, 'foreign.db');
    writeFileSync(foreign, 'no database at all '.repeat(99));
    await expect(openSqliteStore({ sealer, path: foreign })).rejects.toMatchObject({
      code: 'store.unreachable',
      message: `the file is not a store: \`${foreign}\``,
      isRetryable: false,
    });
    await expect(openSqliteStore({ sealer, path: folder })).rejects.toMatchObject({
      code: 'store.unreachable',
    });
    await expect(openSqliteStore({ sealer, path: join(foreign, 'x.db') })).rejects.toMatchObject({
      code: 'store.unreachable',
    });
  });
});

describe('durability', () => {
  test('what was committed is there after closing and opening, and flushes are complete ones', async () => {
    const path = freshPath();
    const store = await openSqliteStore({ sealer, path });
    await store.commit([earlierWrite, fullWrite]);
    const before = await snapshot(store);
    await store.close();
    const again = await openSqliteStore({ sealer, path });
    expect(await snapshot(again)).toEqual(before);
    expect(await again.commit([writeOf({ entries: [entryOf()] })])).toEqual({ lastSeq: 4 });
    await again.close();

    const driver = openDriver(path, 100);
    connect(driver, path);
    expect(driver.prepare('PRAGMA synchronous').get()).toEqual({ synchronous: 2 });
    expect(driver.prepare('PRAGMA journal_mode').get()).toEqual({ journal_mode: 'wal' });
    driver.close();
  });

  const program = (path: string, body: string): readonly string[] => [
    '--input-type=module',
    '--eval',
    `import { openSqliteStore } from ${JSON.stringify(join(import.meta.dirname, 'sqlite-store.ts'))};
     import { createSystemSealer } from ${JSON.stringify(join(import.meta.dirname, '../system/system-sealer.ts'))};
     const sealer = createSystemSealer();
     const store = await openSqliteStore({ sealer, path: ${JSON.stringify(path)} });
     ${body}`,
  ];

  test('another process reads and writes the same file; places stay without gaps', async () => {
    const path = freshPath();
    const store = await openSqliteStore({ sealer, path });
    await store.commit([fullWrite]);
    const entry = JSON.stringify(entryOf({ stream: 'execution:child' }));
    const child = spawn(
      process.execPath,
      program(
        path,
        `for (let i = 0; i < 200; i++) await store.commit([{ entries: [${entry}] }]);
         console.log(JSON.stringify(await store.execution('main', 'e1')));`,
      ),
    );
    const output: string[] = [];
    child.stdout.on('data', (chunk: Buffer) => output.push(String(chunk)));
    let ended = false;
    child.on('close', () => {
      ended = true;
    });
    let own = 0;
    while (!ended) {
      await store.commit([writeOf({ entries: [entryOf({ stream: 'execution:parent' })] })]);
      own += 1;
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    expect(JSON.parse(output.join(''))).toEqual(await store.execution('main', 'e1'));
    const all = await store.allEntries(0, 99_999);
    expect(all.map(({ seq }) => seq)).toEqual(all.map((_, index) => index + 1));
    expect(await store.entries('main', 'execution:child')).toHaveLength(200);
    expect(await store.entries('main', 'execution:parent')).toHaveLength(own);
    await store.close();
  });

  test('a process that is killed loses nothing it had been told is durable', async () => {
    const path = freshPath();
    const write = JSON.stringify(
      writeOf({ entries: [entryOf()], taskRuns: [taskRunOf()], executions: [executionOf()] }),
    );
    const child = spawn(
      process.execPath,
      program(
        path,
        `for (let i = 0; ; i++) {
           const write = ${write};
           write.taskRuns[0].id = 'r' + i;
           console.log((await store.commit([write])).lastSeq);
           if (i % 20 === 0) await new Promise((resolve) => setImmediate(resolve));
         }`,
      ),
    );
    const told = await new Promise<number>((resolve) => {
      let last = 0;
      child.stdout.on('data', (chunk: Buffer) => {
        last = Number(String(chunk).trim().split('\n').at(-1));
        if (last > 300) child.kill('SIGKILL');
      });
      child.on('close', () => resolve(last));
    });
    expect(told).toBeGreaterThan(300);
    const store = await openSqliteStore({ sealer, path });
    const entries = await store.allEntries(0, 999_999);
    expect(entries.length).toBeGreaterThanOrEqual(told);
    // One entry and one task run in each commit: neither came without the other.
    expect(await store.taskRuns('main', 'e1')).toHaveLength(entries.length);
    await store.close();
    const check = execFileSync(process.execPath, [
      '--eval',
      `console.log(new (require('node:sqlite').DatabaseSync)(${JSON.stringify(path)}).prepare('PRAGMA integrity_check').get().integrity_check)`,
    ]);
    expect(String(check).trim()).toBe('ok');
  });
});

describe('migrations', () => {
  test('are applied once, in order, and recorded', async () => {
    const path = freshPath();
    await (await openSqliteStore({ sealer, path })).close();
    await (await openSqliteStore({ sealer, path })).close();
    const driver = openDriver(path, 100);
    const applied = driver.prepare('SELECT version, name, checksum FROM schema_version').all();
    const known = readMigrations().map(({ sql: _sql, ...rest }) => rest);
    expect(applied).toEqual(known);
    expect(known.map(({ version }) => version)).toEqual(known.map((_, index) => index + 1));
    driver.close();
  });

  test('that fail leave the file as it was', async () => {
    const path = freshPath();
    await (await openSqliteStore({ sealer, path })).close();
    const driver = openDriver(path, 100);
    const connection = connect(driver, path);
    const broken = {
      version: 99,
      name: '0099-broken.sql',
      checksum: 'x',
      sql: 'CREATE TABLE half (a); CREATE TABLE entries (a);',
    };
    expect(() => migrate(path, driver, connection, [...readMigrations(), broken])).toThrow();
    expect(driver.prepare("SELECT name FROM sqlite_schema WHERE name = 'half'").all()).toEqual([]);
    expect(driver.prepare('SELECT version FROM schema_version').all()).toEqual(
      readMigrations().map(({ version }) => ({ version })),
    );
    driver.close();
    await (await openSqliteStore({ sealer, path })).close();
  });

  test.each([
    ['of a later version', "INSERT INTO schema_version VALUES (99, '0099-later.sql', 'x')"],
    ['with other content', "UPDATE schema_version SET checksum = 'x'"],
  ])('%s are refused', async (_, sql) => {
    const path = freshPath();
    await (await openSqliteStore({ sealer, path })).close();
    const driver = openDriver(path, 100);
    driver.exec(sql);
    driver.close();
    await expect(openSqliteStore({ sealer, path })).rejects.toMatchObject({
      code: 'store.unreachable',
      message: expect.stringContaining(path) as string,
      isRetryable: false,
    });
  });

  test('of a fresh file that several processes open at once are applied by one of them', async () => {
    const path = freshPath();
    const ends = Array.from({ length: 3 }, () => {
      const child = spawn(process.execPath, [
        '--input-type=module',
        '--eval',
        `import { openSqliteStore } from ${JSON.stringify(join(import.meta.dirname, 'sqlite-store.ts'))};
     import { createSystemSealer } from ${JSON.stringify(join(import.meta.dirname, '../system/system-sealer.ts'))};
     const sealer = createSystemSealer();
         await (await openSqliteStore({ sealer, path: ${JSON.stringify(path)} })).close();`,
      ]);
      return new Promise((resolve) => child.on('close', resolve));
    });
    expect(await Promise.all(ends)).toEqual([0, 0, 0]);
  });
});

test('two connections in turn know the lengths of streams, whoever wrote to them last', async () => {
  const path = freshPath();
  const stores = [
    await openSqliteStore({ sealer, path }),
    await openSqliteStore({ sealer, path }),
  ] as const;
  const lengths = [0, 0, 0];
  // Which connection writes to which stream, and whether a refused write came before.
  const steps = Array.from(
    { length: 60 },
    (_, at) => [(at * at) % 2, (at * 7) % 3, at % 4] as const,
  );
  for (const [who, which, kind] of steps) {
    const store = stores[who === 0 ? 0 : 1];
    const stream = `execution:e${which}`;
    const length = lengths[which] ?? 0;
    const expecting = (known: number): Promise<unknown> =>
      store.commit([
        writeOf({ entries: [entryOf({ stream })] }),
        writeOf({
          entries: [entryOf({ stream })],
          expects: { tenant: 'main', stream, length: known },
        }),
      ]);
    if (kind === 0) {
      await expect(expecting(length)).rejects.toMatchObject({ code: 'store.conflict' });
    }
    await expecting(length + 1);
    lengths[which] = length + 2;
    expect(await store.streamLength('main', stream)).toBe(length + 2);
  }
  for (const store of stores) await store.close();
});

test('more log lines of a millisecond than it has places come in the order of their writing', async () => {
  const store = await openSqliteStore({ sealer, path: freshPath() });
  const at = 1_763_700_000_000;
  const messages = Array.from({ length: placesPerMs + 3 }, (_, index) => `line ${index}`);
  await store.commit([writeOf({ logs: messages.map((message) => logOf({ at, message })) })]);
  await store.commit([writeOf({ logs: [logOf({ at: at - 1, message: 'before' })] })]);
  const found = await store.logs({ tenant: 'main' });
  expect(found.map(({ message }) => message)).toEqual(['before', ...messages]);
  expect(found.filter((one) => one.at === at)).toHaveLength(placesPerMs);
  await store.close();
});

test('every read finds its rows by an index, and in their order', async () => {
  const path = freshPath();
  const texts = new Set<string>();
  const open = spiedDriver((sql) => texts.add(sql));
  const store = await openSqliteStore({ sealer, path, open });
  await store.commit([earlierWrite, fullWrite]);
  await snapshot(store);
  const range = { tenant: 'main', createdFrom: 1, createdTo: 2, limit: 9 };
  await store.executions({ ...range, namespace: 'n', flowId: 'f', after: 'e1' });
  await store.executions({ tenant: 'main', causedBy: 'e1', limit: 9 });
  await store.logs({ tenant: 'main', executionId: 'e1' });
  await store.purge({
    tenant: 'main',
    executionIds: ['e1'],
    parts: ['execution', 'log', 'metric'],
  });
  await store.file('main', 'x');
  await store.keyValue('main', 'n', 'k');
  await store.close();

  const driver = openDriver(path, 100);
  const plans = [...texts]
    .filter((sql) => /^\s*(SELECT|DELETE)/.test(sql) && !sql.includes('schema_version'))
    .flatMap((sql) => {
      const steps = driver.prepare(`EXPLAIN QUERY PLAN ${sql}`).all() as { detail: string }[];
      return steps.map(({ detail }) => `${detail} <- ${sql.replaceAll(/\s+/g, ' ').trim()}`);
    });
  driver.close();
  expect(plans.length).toBeGreaterThan(30);
  const scans = plans.filter((plan) => plan.startsWith('SCAN') && !plan.includes('json_each'));
  // Only the log of a whole tenant reads everything, in the order of its rows.
  expect(scans.map((plan) => plan.split(' <- ')[0])).toEqual(['SCAN logs']);
  const executionPlans = plans.filter((plan) => plan.includes('FROM executions'));
  // The few executions with one cause are sorted; all other lists come in the order of their index.
  expect(executionPlans.filter((plan) => plan.includes('TEMP B-TREE'))).toHaveLength(1);
  const byTime = executionPlans.filter((plan) =>
    plan.startsWith('SEARCH executions USING INDEX executions_by_time'),
  );
  expect(byTime).toHaveLength(1);
});
