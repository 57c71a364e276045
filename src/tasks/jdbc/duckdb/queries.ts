/** `jdbc.duckdb.Queries`: several statements of SQL over one database, in DuckDB, all or nothing. */
import { z } from 'zod';
import { defineTask } from '../../../ports/task.ts';
import { fileShape, queryDeclaration, queryProperties, resultShape } from './query-properties.ts';
import { runQueries } from './run-queries.ts';

/** Runs several statements in DuckDB. */
export const duckdbQueries = defineTask({
  ...queryDeclaration,
  type: 'jdbc.duckdb.Queries',
  summary: 'Runs several statements of SQL in DuckDB, one after the other.',
  input: z.strictObject({
    sql: z.string().describe('The statements, with `;` between them.'),
    ...queryProperties,
    transaction: z
      .boolean()
      .default(true)
      .describe('Whether all statements take effect together or not at all.'),
  }),
  rendering: { ...queryDeclaration.rendering, transaction: 'typed' },
  output: z.strictObject({
    outputs: z
      .array(z.strictObject(resultShape))
      .describe('The results of the statements that have rows, in order.'),
    ...fileShape,
  }),
  examples: [
    {
      title: 'Total the orders of each customer and keep them as Parquet',
      flow: `id: total-orders
namespace: shop.reports
tasks:
  - id: totals
    type: jdbc.duckdb.Queries
    inputFiles:
      orders.csv: |
        customer,cents
        812,1990
        813,4500
        812,250
    outputFiles:
      - totals.parquet
    sql: |
      CREATE TABLE totals AS
        SELECT customer, sum(cents) AS cents FROM read_csv('orders.csv') GROUP BY customer;
      COPY totals TO '{{ outputFiles["totals.parquet"] }}' (FORMAT parquet);
      SELECT * FROM totals ORDER BY cents DESC;
      SELECT count(*) FROM totals;
    fetchType: FETCH
`,
      outputs: {
        totals: {
          outputs: [
            {
              rows: [
                { customer: 813, cents: 4500 },
                { customer: 812, cents: 2240 },
              ],
            },
            { rows: [{ count: 2 }] },
          ],
        },
      },
    },
  ],
  async run(properties, context) {
    const { results, files } = await runQueries(properties, context, Number.POSITIVE_INFINITY);
    return { outputs: [...results], ...files };
  },
});
