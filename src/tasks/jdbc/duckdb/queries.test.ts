/** Tests of `jdbc.duckdb.Queries`, against the real engine. */
import { expect, test } from 'vitest';
import { taskContract } from '../../../../test/contract/task.contract.ts';
import { createTaskWorld } from '../../../../test/support/task-world.ts';
import { duckdbQueries } from './queries.ts';

taskContract(duckdbQueries, {
  valid: {
    sql: 'CREATE TABLE t AS FROM range(3); FROM t',
    fetchType: 'FETCH',
    password: 'secret-1',
  },
  waiting: {
    sql: 'SELECT 1; SELECT count(*) FROM range(100000000000) a WHERE hash(a.range) % 7 = 3',
  },
  failing: [
    {
      title: 'when one statement is wrong',
      properties: { sql: 'SELECT 1; FROM nothing' },
      code: 'sql.failed',
    },
  ],
});

test('gives the results of the statements that have rows, in order', async () => {
  const world = createTaskWorld();
  const output = await world.run(duckdbQueries, {
    sql: "CREATE TABLE t (a INT); INSERT INTO t VALUES (:first), (2); SELECT * FROM t; SELECT sum(a) FROM t; SELECT ';'",
    parameters: { first: 1 },
    fetchOne: true,
  });
  expect(output.outputs).toEqual([
    { row: { a: 1 }, size: 1 },
    { row: { 'sum(a)': 3, sum: 3 }, size: 1 },
    { row: { "';'": ';' }, size: 1 },
  ]);
});

const failing = {
  url: 'jdbc:duckdb:shop.db',
  sql: 'CREATE TABLE orders (id INT); INSERT INTO orders VALUES (1); FROM nothing;',
};
const tables = {
  url: 'jdbc:duckdb:shop.db',
  sql: "SELECT count(*) AS n FROM duckdb_tables() WHERE table_name = 'orders'",
  fetchOne: true,
};

test('takes effect as a whole or not at all', async () => {
  const world = createTaskWorld();
  await expect(world.run(duckdbQueries, failing)).rejects.toMatchObject({ code: 'sql.failed' });
  expect((await world.run(duckdbQueries, tables)).outputs[0]?.row).toEqual({ n: 0 });
});

test('keeps what ran before a failure when it is no transaction', async () => {
  const world = createTaskWorld();
  const running = world.run(duckdbQueries, { ...failing, transaction: false });
  await expect(running).rejects.toMatchObject({ code: 'sql.failed' });
  expect((await world.run(duckdbQueries, tables)).outputs[0]?.row).toEqual({ n: 1 });
});

test('leaves transactions to a text that has its own', async () => {
  const world = createTaskWorld();
  await world.run(duckdbQueries, {
    url: 'jdbc:duckdb:shop.db',
    sql: 'BEGIN; CREATE TABLE orders (id INT); ROLLBACK; CREATE TABLE returns (id INT)',
  });
  expect((await world.run(duckdbQueries, tables)).outputs[0]?.row).toEqual({ n: 0 });
});

test('stores each result as a file of its own', async () => {
  const world = createTaskWorld();
  const { outputs } = await world.run(duckdbQueries, {
    sql: 'SELECT 1 AS a; SELECT 2 AS a',
    fetchType: 'STORE',
  });
  expect(outputs.map(({ uri }) => world.textOf(uri ?? ''))).toEqual(['{"a":1}\n', '{"a":2}\n']);
});
