/** Tests of `jdbc.duckdb.Query`, against the real engine. */
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { taskContract } from '../../../../test/contract/task.contract.ts';
import { createTaskWorld, type TaskWorld } from '../../../../test/support/task-world.ts';
import { Double, encodeValue, type Value } from '../../../core/value/index.ts';
import { duckdbQuery } from './query.ts';

const endless = 'SELECT count(*) FROM range(100000000000) a WHERE hash(a.range) % 7 = 3';

taskContract(duckdbQuery, {
  valid: { sql: 'SELECT 812 AS id', fetchOne: true, password: 'a-secret-of-the-shop' },
  waiting: { sql: endless },
  failing: [
    { title: 'when the SQL is wrong', properties: { sql: 'SELEC 1' }, code: 'sql.failed' },
    { title: 'when a table is missing', properties: { sql: 'FROM nothing' }, code: 'sql.failed' },
    {
      title: 'when an extension is asked for',
      properties: { sql: 'INSTALL httpfs' },
      code: 'sql.failed',
    },
    {
      title: 'when there are two statements',
      properties: { sql: 'SELECT 1; SELECT 2' },
      code: 'task.input-invalid',
    },
    { title: 'when there is none', properties: { sql: '-- nothing' }, code: 'task.input-invalid' },
    {
      title: 'when a file is missing',
      properties: { sql: "FROM '/data/no-such-file.parquet'" },
      code: 'file.not-found',
    },
    {
      title: 'when a file is not for queries',
      properties: { sql: "FROM read_text('/etc/hostname')" },
      code: 'file.refused',
    },
    {
      title: 'when a network address is read',
      properties: { sql: "FROM read_parquet('https://shop.example/a.parquet')" },
      code: 'file.refused',
    },
    {
      title: 'when the address is not one of DuckDB',
      properties: { sql: 'SELECT 1', url: 'jdbc:postgresql://db' },
      code: 'task.input-invalid',
    },
    {
      title: 'when the database is in a cloud',
      properties: { sql: 'SELECT 1', url: 'jdbc:duckdb:md:shop' },
      code: 'task.input-invalid',
    },
    {
      title: 'when the time zone is unknown',
      properties: { sql: 'SELECT 1', timeZoneId: 'Shop/Aisle' },
      code: 'task.input-invalid',
    },
    {
      title: 'when the memory limit is no amount',
      properties: { sql: 'SELECT 1', memoryLimit: 'plenty' },
      code: 'task.input-invalid',
    },
  ],
});

/** Makes a Parquet file with the engine itself; gives its local path. */
async function parquetFile(select: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-data-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const { DuckDBInstance } = await import('@duckdb/node-api');
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  const path = join(folder, 'orders.parquet');
  await connection.run(`COPY (${select}) TO '${path}' (FORMAT parquet)`);
  connection.closeSync();
  return path;
}

async function storedParquet(world: TaskWorld, select: string): Promise<string> {
  const { readFile } = await import('node:fs/promises');
  return world.addFile('orders.parquet', await readFile(await parquetFile(select)));
}

const nullCheck = `SELECT count(*)
FROM read_parquet('{{ inputs.data_uri }}')
WHERE user_id IS NULL;
`;

describe('the check for missing users, as it is printed', () => {
  const withNulls =
    'SELECT range AS order_id, CASE WHEN range < 3 THEN NULL ELSE range END AS user_id FROM range(100)';
  const withoutNulls = 'SELECT range AS order_id, range AS user_id FROM range(100)';
  const check = (data_uri: string) => {
    const world = createTaskWorld({ variables: { inputs: { data_uri } } });
    return world.run(duckdbQuery, { sql: nullCheck, fetchOne: true });
  };

  test.each([
    [withNulls, 3],
    [withoutNulls, 0],
    [`${withoutNulls} LIMIT 0`, 0],
  ])('counts them in a local file: %s', async (select, count) => {
    const output = await check(await parquetFile(select));
    expect(output).toEqual({ row: { 'count_star()': count, count }, size: 1 });
  });

  test.each([
    [withNulls, 3],
    [withoutNulls, 0],
  ])('counts them in a stored file: %s', async (select, count) => {
    const world = createTaskWorld();
    const uri = await storedParquet(world, select);
    const sql = nullCheck.replace('{{ inputs.data_uri }}', uri);
    const output = await world.run(duckdbQuery, { sql, fetchOne: true });
    expect(output.row).toEqual({ 'count_star()': count, count });
  });

  test('fails when the column is missing', async () => {
    await expect(check(await parquetFile('SELECT 1 AS order_id'))).rejects.toMatchObject({
      code: 'sql.failed',
      message: expect.stringContaining('user_id') as string,
    });
  });

  test('fails when the file is missing', async () => {
    await expect(check('/data/no-such-file.parquet')).rejects.toMatchObject({
      code: 'file.not-found',
    });
  });
});

describe('values', () => {
  const one = async (sql: string, more: object = {}): Promise<Value> => {
    const world = createTaskWorld();
    const output = await world.run(duckdbQuery, {
      sql: `SELECT ${sql} AS it`,
      fetchOne: true,
      timeZoneId: 'Europe/Berlin',
      ...more,
    });
    return output.row?.['it'] as Value;
  };

  test.each<[string, unknown]>([
    ['NULL', null],
    ['true', true],
    ['42::TINYINT', 42],
    ['42::BIGINT', 42],
    ['9223372036854775807', 9223372036854775807n],
    ['sum(42)', 42],
    ['0.1::FLOAT', 0.1],
    ['1.25::DOUBLE', 1.25],
    ['13::DOUBLE', new Double(13)],
    ['19.90::DECIMAL(10,2)', 19.9],
    ['13::DECIMAL(10,2)', new Double(13)],
    ['13::DECIMAL(10,0)', 13],
    ["'tea'", 'tea'],
    ["'tea'::ENUM('tea', 'mug')", 'tea'],
    ["'ab'::BLOB", 'YWI='],
    ["'7d8ef3c2-6c8e-4a6c-8d1d-2f0c0c5e9a11'::UUID", '7d8ef3c2-6c8e-4a6c-8d1d-2f0c0c5e9a11'],
    ['[1, 2, NULL]', [1, 2, null]],
    ['[1, 2]::INTEGER[2]', [1, 2]],
    ["{'a': 1, 'b': [{'c': 13.0::DOUBLE}]}", { a: 1, b: [{ c: new Double(13) }] }],
    ["MAP {'a': 1, 'b': 2}", { a: 1, b: 2 }],
    ['\'{"a": 13.0, "b": [1]}\'::JSON', { a: new Double(13), b: [1] }],
    ["union_value(k := 'x')", 'x'],
    ['1::VARIANT', 1],
  ])('of %s are typed', async (sql, expected) => {
    expect(await one(sql)).toEqual(expected);
  });

  test.each([
    ["TIMESTAMP '2026-07-01 10:00:00.5'", '2026-07-01T10:00:00.5+02:00[Europe/Berlin]'],
    ["TIMESTAMP_S '2026-01-01 10:00:00'", '2026-01-01T10:00:00+01:00[Europe/Berlin]'],
    [
      "TIMESTAMP_NS '2026-01-01 10:00:00.123456789'",
      '2026-01-01T10:00:00.123456789+01:00[Europe/Berlin]',
    ],
    ["TIMESTAMPTZ '2026-07-01 10:00:00+02'", '2026-07-01T08:00:00+00:00[UTC]'],
    ["TIMESTAMPTZ '2026-07-01 10:00:00'", '2026-07-01T08:00:00+00:00[UTC]'],
    ["DATE '2026-07-01'", '2026-07-01'],
    ["TIME '10:00:00.25'", '10:00:00.25'],
    ["INTERVAL '14 months 2 days 90 minutes'", 'P1Y2M2DT1H30M'],
    ["'infinity'::TIMESTAMP", 'infinity'],
    ["DATE '1969-12-31'", '1969-12-31'],
    ["TIMESTAMP '1969-12-31 23:59:59.9'", '1969-12-31T23:59:59.9+01:00[Europe/Berlin]'],
  ])('of %s are times', async (sql, expected) => {
    const found = await one(sql);
    expect(found === null ? null : String(found as unknown as string)).toBe(expected);
    if (expected !== 'infinity') expect(typeof found).toBe('object');
  });

  const passing: readonly Value[] = [
    null,
    true,
    42,
    3_000_000_000,
    9007199254740993n,
    1.5,
    new Double(13),
    "it's",
    [1, 2],
    [new Double(1), 2.5],
    ['a', null],
    { a: 1, b: 'x' },
    Temporal.PlainDate.from('2026-07-01'),
    Temporal.PlainTime.from('10:00:00.25'),
    Temporal.Duration.from('P1DT2H'),
  ];

  test.each(passing.map((value) => [encodeValue(value), value] as const))(
    '%s pass through a parameter as they are',
    async (text, value) => {
      expect(encodeValue(await one(':it', { parameters: { it: value } }))).toBe(text);
    },
  );

  test('of a list are made alike where they can be', async () => {
    expect(await one(':it', { parameters: { it: [1, 2.5] } })).toEqual([new Double(1), 2.5]);
  });

  test('of a moment pass through a parameter', async () => {
    const found = await one(':at', {
      parameters: { at: Temporal.Instant.from('2026-07-01T08:00:00Z') },
    });
    expect(String(found as unknown as string)).toBe('2026-07-01T08:00:00+00:00[UTC]');
  });
});

describe('parameters', () => {
  const variables = { inputs: { min: 2, name: "x' OR '1'='1" } };

  test('are bound, so that what others wrote stays a value', async () => {
    const world = createTaskWorld({ variables });
    const output = await world.run(duckdbQuery, {
      sql: "SELECT count(*) AS n FROM (VALUES ('tea', 3), ('mug', 1)) v(name, sold) WHERE name = :name",
      parameters: { name: '{{ inputs.name }}' },
      fetchOne: true,
    });
    expect(output.row).toEqual({ n: 0 });
  });

  test('leave casts, strings and comments alone and may be used twice', async () => {
    const world = createTaskWorld({ variables });
    const output = await world.run(duckdbQuery, {
      sql: `SELECT '3'::int + :min AS a, ':min' AS b, :min * 2 AS c -- :min ::int
        /* :unknown */`,
      parameters: { min: '{{ inputs.min }}', unused: 1 },
      fetchOne: true,
    });
    expect(output.row).toEqual({ a: 5, b: ':min', c: 4 });
  });

  test('may name a file', async () => {
    const world = createTaskWorld();
    const uri = await storedParquet(world, 'SELECT 1 AS x UNION ALL SELECT 2');
    const output = await world.run(duckdbQuery, {
      sql: 'SELECT sum(x), :uri AS uri FROM read_parquet(:uri)',
      parameters: { uri },
      fetchOne: true,
    });
    expect(output.row).toEqual({ 'sum(x)': 3, sum: 3, uri });
  });

  test('without a value are named', async () => {
    const world = createTaskWorld();
    await expect(world.run(duckdbQuery, { sql: 'SELECT :min' })).rejects.toMatchObject({
      code: 'sql.failed',
      help: 'give `:min` a value in `parameters`',
    });
  });

  test('that mix kinds in a list are refused', async () => {
    const world = createTaskWorld();
    await expect(
      world.run(duckdbQuery, { sql: 'SELECT :list', parameters: { list: [1, 'a'] } }),
    ).rejects.toMatchObject({ code: 'task.input-invalid' });
  });
});

describe('results', () => {
  const sql = 'SELECT range AS n FROM range(3)';

  test.each([
    [{}, {}],
    [{ fetchType: 'FETCH_ONE' }, { row: { n: 0 }, size: 1 }],
    [{ fetchType: 'FETCH' }, { rows: [{ n: 0 }, { n: 1 }, { n: 2 }], size: 3 }],
    [
      { fetch: true, fetchOne: true, store: true },
      { rows: [{ n: 0 }, { n: 1 }, { n: 2 }], size: 3 },
    ],
    [
      { fetchOne: true, store: true, fetchType: 'STORE' },
      { row: { n: 0 }, size: 1 },
    ],
  ])('with %j are %j', async (properties, expected) => {
    const world = createTaskWorld();
    expect(await world.run(duckdbQuery, { sql, ...properties })).toEqual(expected);
    const size = (expected as { size?: number }).size;
    expect(world.metrics).toEqual(
      size === undefined ? [] : [{ name: 'fetch.size', type: 'counter', value: size }],
    );
  });

  test('without a row are null and nothing', async () => {
    const world = createTaskWorld();
    const output = await world.run(duckdbQuery, { sql: `${sql} WHERE n > 9`, fetchOne: true });
    expect(output).toEqual({ row: null, size: 0 });
  });

  test('of statements that have no rows are empty', async () => {
    const world = createTaskWorld();
    expect(await world.run(duckdbQuery, { sql: 'CREATE TABLE t (a INT)', fetch: true })).toEqual(
      {},
    );
  });

  test('are stored as a line of JSON for each row, exact and without second names', async () => {
    const world = createTaskWorld();
    const output = await world.run(duckdbQuery, {
      sql: "SELECT 13::DOUBLE AS d, 9007199254740993 AS b, TIMESTAMP '2026-01-01 10:00:00' AS at, max(range) FROM range(9)",
      store: true,
      timeZoneId: 'UTC',
    });
    expect(output.size).toBe(1);
    expect(output.uri).toMatch(/\.jsonl$/);
    expect(world.textOf(output.uri ?? '')).toBe(
      '{"d":13.0,"b":9007199254740993,"at":"2026-01-01T10:00:00+00:00","max(\\"range\\")":8}\n',
    );
  });

  test('of many rows are stored without being held', async () => {
    const world = createTaskWorld();
    const output = await world.run(duckdbQuery, { sql: 'FROM range(200_000)', store: true });
    expect(output.size).toBe(200_000);
    expect(world.textOf(output.uri ?? '').split('\n')).toHaveLength(200_001);
  });

  test('of too many rows are not fetched', async () => {
    const world = createTaskWorld();
    await expect(
      world.run(duckdbQuery, { sql: 'FROM range(100_001)', fetch: true }),
    ).rejects.toMatchObject({
      code: 'sql.failed',
      help: expect.stringContaining('STORE') as string,
    });
  });

  test.each(['parquet', 'csv'])('are stored as %s and can be read again', async (storeFormat) => {
    const world = createTaskWorld();
    const stored = await world.run(duckdbQuery, {
      sql: 'SELECT range AS n FROM range(5) WHERE range < :most -- not all',
      parameters: { most: 4 },
      store: true,
      storeFormat,
    });
    expect(stored.size).toBe(4);
    const output = await world.run(duckdbQuery, {
      sql: `SELECT sum(n) AS total FROM '${stored.uri}'`,
      fetchOne: true,
    });
    expect(output.row).toEqual({ total: 6 });
  });
});

describe('files', () => {
  test('that are laid into the folder are found by name', async () => {
    const world = createTaskWorld();
    const uri = world.addFile('mugs.csv', 'sku,sold\nmug,42\n');
    const output = await world.run(duckdbQuery, {
      inputFiles: { 'in/tea.csv': 'sku,sold\ntea,3\n', 'in/mugs.csv': uri },
      sql: "SELECT sum(sold) AS sold FROM read_csv('in/*.csv')",
      fetchOne: true,
    });
    expect(output.row).toEqual({ sold: 45 });
  });

  test('that the query writes are kept', async () => {
    const world = createTaskWorld();
    const output = await world.run(duckdbQuery, {
      sql: "COPY (SELECT 1 AS a) TO '{{ outputFiles.out }}' (FORMAT csv)",
      outputFiles: ['out', 'empty'],
    });
    expect(world.textOf(output.outputFiles?.['out'] ?? '')).toBe('a\n1\n');
    expect(world.textOf(output.outputFiles?.['empty'] ?? 'none')).toBe('');
  });

  test('of this machine are read by absolute path and pattern', async () => {
    const path = await parquetFile('SELECT 1 AS a');
    const world = createTaskWorld();
    for (const place of [path, path.replace('orders', '*')]) {
      const output = await world.run(duckdbQuery, {
        sql: `SELECT a FROM '${place}'`,
        fetchOne: true,
      });
      expect(output.row).toEqual({ a: 1 });
    }
  });

  test.each([
    ["COPY (SELECT 1) TO '/tmp/sluice-must-not-exist.csv'"],
    ["COPY (SELECT 1) TO '../out.csv'"],
    ["ATTACH '/tmp/sluice-must-not-exist.db'"],
    ["EXPORT DATABASE '/tmp/sluice-must-not-exist'"],
    ["COPY (SELECT 1) TO ('/tmp/' || 'sluice-must-not-exist.csv')"],
    ["FROM read_csv('/tmp/' || 'x.csv')"],
    ["FROM 'file:///tmp/x.csv'"],
    ["FROM read_text('../x.csv')"],
    ["FROM read_text('/proc/self/environ')"],
    ["FROM 's3://bucket/x.parquet'"],
    ["COPY (SELECT 1) TO 'kestra:///shop/tests/a.csv'"],
    ["FROM 'kestra:///shop/other/executions/1/inputs/a.csv'"],
  ])('are refused: %s', async (sql) => {
    const world = createTaskWorld();
    await expect(world.run(duckdbQuery, { sql })).rejects.toMatchObject({ code: 'file.refused' });
    expect((await readdir('/tmp')).filter((name) => name.includes('must-not-exist'))).toEqual([]);
  });

  test('outside are refused behind a link, too', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'sluice-data-'));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    const { symlink } = await import('node:fs/promises');
    await symlink('/etc/hostname', join(folder, 'a.csv'));
    const world = createTaskWorld();
    await expect(
      world.run(duckdbQuery, { sql: `FROM read_text('${join(folder, 'a.csv')}')` }),
    ).rejects.toMatchObject({ code: 'file.refused' });
  });

  test('by URI inside the folder are read', async () => {
    const world = createTaskWorld();
    const output = await world.run(duckdbQuery, {
      inputFiles: { 'a.csv': 'n\n7\n' },
      sql: "SELECT n FROM 'file://{{ workingDir }}/a.csv'",
      fetchOne: true,
    });
    expect(output.row).toEqual({ n: 7 });
  });
});

test.each([
  'SET enable_external_access = true',
  "SET allowed_directories = ['/']",
  'LOAD httpfs',
  'FORCE INSTALL httpfs',
  'UPDATE EXTENSIONS',
  "PRAGMA enable_profiling = 'json'",
  'SET SESSION "enable_profiling" = \'json\'',
  "FROM enable_logging(storage = 'stdout')",
  "SET profiling_output = '/tmp/profile.json'",
  "SET log_query_path = '/tmp/log.txt'",
  "CALL enable_logging(storage = 'file', storage_config = {'path': '/tmp/log'})",
])('the walls cannot be moved: %s', async (sql) => {
  const world = createTaskWorld();
  await expect(world.run(duckdbQuery, { sql })).rejects.toMatchObject({ code: 'sql.failed' });
});

test('the place for what does not fit into memory cannot be moved', async () => {
  const world = createTaskWorld();
  await expect(
    world.run(duckdbQuery, { sql: "SET temp_directory = '/tmp'" }),
  ).rejects.toMatchObject({ code: 'file.refused' });
});

test('settings of the query itself may be changed', async () => {
  const world = createTaskWorld();
  await world.run(duckdbQuery, { sql: 'SET threads = 1', afterSQL: "SET TimeZone = 'UTC'" });
});

describe('a database', () => {
  test('on a file of this machine keeps what is written, one run after the other', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'sluice-data-'));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    const url = `jdbc:duckdb:${join(folder, 'shop.db')}`;
    const run = (sql: string) => createTaskWorld().run(duckdbQuery, { url, sql, fetchOne: true });
    await run('CREATE TABLE orders (id INTEGER)');
    await Promise.all([1, 2, 3, 4].map((id) => run(`INSERT INTO orders VALUES (${id})`)));
    expect((await run('SELECT count(*) FROM orders')).row).toMatchObject({ count: 4 });
  });

  test('in a hidden folder is not opened', async () => {
    const world = createTaskWorld();
    await expect(
      world.run(duckdbQuery, { url: 'jdbc:duckdb:/home/ana/.sluice/ledger.db', sql: 'SELECT 1' }),
    ).rejects.toMatchObject({ code: 'file.refused' });
  });

  test('on a file that is none fails plainly', async () => {
    const world = createTaskWorld();
    await expect(
      world.run(duckdbQuery, {
        inputFiles: { 'shop.db': 'this is no database'.repeat(500) },
        url: 'jdbc:duckdb:shop.db',
        sql: 'SELECT 1',
      }),
    ).rejects.toMatchObject({ code: 'sql.failed' });
  });

  test('is stored when asked for and worked on as a copy', async () => {
    const world = createTaskWorld();
    const first = await world.run(duckdbQuery, {
      sql: 'CREATE TABLE orders AS FROM range(3)',
      outputDbFile: true,
    });
    const databaseUri = first.databaseUri ?? '';
    await world.run(duckdbQuery, { databaseUri, sql: 'DROP TABLE orders' });
    const output = await world.run(duckdbQuery, {
      databaseUri,
      sql: 'SELECT count(*) FROM orders',
      fetchOne: true,
    });
    expect(output.row).toMatchObject({ count: 3 });
  });

  test('is fresh for each run', async () => {
    const world = createTaskWorld();
    await world.run(duckdbQuery, { sql: 'CREATE TABLE t (a INT)' });
    await expect(world.run(duckdbQuery, { sql: 'FROM t' })).rejects.toMatchObject({
      code: 'sql.failed',
    });
  });
});

test('`afterSQL` runs last, in the same transaction', async () => {
  const world = createTaskWorld();
  await world.run(duckdbQuery, {
    url: 'jdbc:duckdb:shop.db',
    sql: 'CREATE TABLE t AS FROM range(2)',
    afterSQL: 'INSERT INTO t VALUES (9)',
  });
  const failing = world.run(duckdbQuery, {
    url: 'jdbc:duckdb:shop.db',
    sql: 'DELETE FROM t',
    afterSQL: 'INSERT INTO nothing VALUES (1)',
  });
  await expect(failing).rejects.toMatchObject({ code: 'sql.failed' });
  const output = await world.run(duckdbQuery, {
    url: 'jdbc:duckdb:shop.db',
    sql: 'SELECT count(*) FROM t',
    fetchOne: true,
  });
  expect(output.row).toMatchObject({ count: 3 });
});

test('a statement that the engine takes apart counts as one', async () => {
  const world = createTaskWorld();
  const output = await world.run(duckdbQuery, {
    sql: "PIVOT (VALUES ('tea', 3), ('mug', 4)) v(sku, sold) ON sku USING sum(sold)",
    fetchOne: true,
  });
  expect(output.row).toEqual({ mug: 4, tea: 3 });
});

test('runs beside the event loop, which keeps turning', async () => {
  const world = createTaskWorld();
  let turns = 0;
  const ticking = setInterval(() => {
    turns += 1;
  }, 5);
  const startedAt = performance.now();
  await world.run(duckdbQuery, {
    sql: 'SELECT count(*) FROM range(100000000) a WHERE hash(a.range) % 7 = 3',
  });
  clearInterval(ticking);
  const took = performance.now() - startedAt;
  expect(turns).toBeGreaterThan(took / 5 / 4);
});

test('a query that waits for its turn stops when it is ended', async () => {
  const worlds = [createTaskWorld(), createTaskWorld(), createTaskWorld()];
  const runs = worlds.map((world) => {
    const running = world.run(duckdbQuery, { sql: endless });
    return expect(running).rejects.toThrow('the task run was ended');
  });
  await new Promise((resolve) => {
    setTimeout(resolve, 100);
  });
  const startedAt = performance.now();
  for (const world of worlds.toReversed()) world.cancel();
  await Promise.all(runs);
  expect(performance.now() - startedAt).toBeLessThan(2_000);
});

test('errors say the line of the statement and what was meant', async () => {
  const world = createTaskWorld();
  await expect(
    world.run(duckdbQuery, { sql: 'WITH orders AS (SELECT 1 AS a)\nSELECT *\nFROM ordrs' }),
  ).rejects.toMatchObject({
    message:
      'the query failed: Catalog Error: Table with name ordrs does not exist! (line 3 of its statement)',
  });
});

test('leaves the folder of the machine alone', async () => {
  const before = await readdir('.');
  const world = createTaskWorld();
  await world.run(duckdbQuery, { sql: "COPY (SELECT 1) TO 'here.csv'" });
  expect(await readdir('.')).toEqual(before);
  await writeFile(join(await world.context.workingFolder(), 'probe'), '');
  expect(await readdir(await world.context.workingFolder())).toContain('here.csv');
});
