/** SQL over files and values with DuckDB, in flows. */
import { beforeEach, expect, test } from 'vitest';
import { createFlowWorld, type FlowResult, type FlowWorld } from '../../support/run-flow.ts';

let world: FlowWorld;

beforeEach(async () => {
  world = await createFlowWorld();
});

async function run(tasks: string): Promise<FlowResult> {
  return world.run(`id: sales\nnamespace: shop.sales\ntasks:${tasks}\n`);
}

const orders = `
  - id: orders
    type: core.storage.Write
    extension: .csv
    content: |
      sku,count
      J-1,3
      J-2,4
      J-1,5`;

test('Query reads input files and gives rows, one row, a file or nothing [duckdb.fetch]', async () => {
  const query = (id: string, how: string): string => `
  - id: ${id}
    type: io.kestra.plugin.jdbc.duckdb.Query
    inputFiles:
      orders.csv: "{{ outputs.orders.uri }}"
    sql: SELECT sku, sum(count)::INT AS total FROM read_csv('orders.csv') GROUP BY sku ORDER BY sku
    ${how}`;
  const result = await run(
    [
      orders,
      query('rows', 'fetchType: FETCH'),
      query('one', 'fetchType: FETCH_ONE'),
      query('stored', 'fetchType: STORE'),
      query('old', 'fetchOne: true'),
      query('none', 'timeZoneId: UTC'),
      `
  - id: text
    type: core.debug.Return
    format: "{{ outputs.rows.rows[1].total }} {{ outputs.one.row.sku }} {{ read(outputs.stored.uri) | trim }}"`,
    ].join(''),
  );
  expect(result.state).toBe('SUCCESS');
  expect(result.taskRun('rows').outputs).toMatchObject({
    rows: [
      { sku: 'J-1', total: 8 },
      { sku: 'J-2', total: 4 },
    ],
    size: 2,
  });
  expect(result.taskRun('one').outputs).toMatchObject({ row: { sku: 'J-1', total: 8 }, size: 1 });
  expect(result.taskRun('old').outputs).toMatchObject({ row: { sku: 'J-1' } });
  expect(result.taskRun('none').outputs).not.toHaveProperty('rows');
  expect(result.taskRun('text').outputs).toEqual({
    value: '4 J-1 {"sku":"J-1","total":8}\n{"sku":"J-2","total":4}',
  });
});

test('labels of columns are those of the query; lists, structs and times become values [duckdb.values]', async () => {
  const result = await run(`
  - id: all
    type: jdbc.duckdb.Query
    timeZoneId: UTC
    fetchType: FETCH_ONE
    sql: |
      SELECT count(*), [1, 2] AS list, {'a': 1} AS map, DATE '2026-03-02' AS day, NULL AS nothing`);
  expect(result.taskRun('all').outputs['row']).toMatchObject({
    'count_star()': 1,
    list: [1, 2],
    map: { a: 1 },
    day: '2026-03-02',
    nothing: null,
  });
});

test('parameters are bound and never pasted into the SQL [duckdb.parameters]', async () => {
  const result = await run(`
  - id: find
    type: jdbc.duckdb.Query
    fetchType: FETCH_ONE
    parameters:
      name: "x'; DROP TABLE orders; --"
      count: "{{ 40 + 2 }}"
    sql: SELECT :name AS name, :count + 1 AS next, '7'::INT AS seven`);
  expect(result.taskRun('find').outputs['row']).toEqual({
    name: "x'; DROP TABLE orders; --",
    next: 43,
    seven: 7,
  });
});

test('Queries runs several statements in one transaction and gives each result [duckdb.queries]', async () => {
  const result = await run(`
  - id: make
    type: jdbc.duckdb.Queries
    fetchType: FETCH
    outputDbFile: true
    sql: |
      CREATE TABLE orders (sku TEXT, count INT);
      INSERT INTO orders VALUES ('J-1', 3);
      SELECT * FROM orders; SELECT 1 AS one
  - id: again
    type: jdbc.duckdb.Query
    databaseUri: "{{ outputs.make.databaseUri }}"
    fetchType: FETCH_ONE
    sql: SELECT sum(count) AS total FROM orders
  - id: two
    type: jdbc.duckdb.Query
    sql: SELECT 1; SELECT 2`);
  expect(result.taskRun('make').outputs['outputs']).toMatchObject(
    expect.arrayContaining([
      expect.objectContaining({ rows: [{ sku: 'J-1', count: 3 }] }),
      expect.objectContaining({ rows: [{ one: 1 }] }),
    ]) as unknown[],
  );
  expect(result.taskRun('again').outputs['row']).toEqual({ total: 3 });
  expect(result.state).toBe('FAILED');
  expect(result.document.error?.message).toContain('Queries');
});

test('output files are written by the SQL and stored [duckdb.output-files]', async () => {
  const result = await run(`
  - id: export
    type: jdbc.duckdb.Query
    outputFiles: [report]
    sql: COPY (SELECT 1 AS one) TO '{{ outputFiles.report }}' (HEADER)
  - id: read
    type: core.debug.Return
    format: "{{ read(outputs.export.outputFiles.report) | trim }}"`);
  expect(result.state).toBe('SUCCESS');
  expect(result.taskRun('read').outputs).toEqual({ value: 'one\n1' });
});

test('a script and a query work side by side in one working directory [duckdb.in-folder]', async () => {
  const result = await run(`
  - id: together
    type: core.flow.WorkingDirectory
    tasks:
      - id: make
        type: scripts.shell.Script
        script: printf 'a,b\\n1,2\\n' > data.csv
      - id: query
        type: jdbc.duckdb.Query
        fetchType: FETCH_ONE
        sql: SELECT a + b AS sum FROM read_csv('data.csv')`);
  expect(result.state).toBe('SUCCESS');
  expect(result.taskRun('query').outputs['row']).toEqual({ sum: 3 });
});
