/** `jdbc.duckdb.Query`: one statement of SQL over files, stored data and databases, in DuckDB. */
import { z } from 'zod';
import { defineTask } from '../../../ports/task.ts';
import { fileShape, queryDeclaration, queryProperties, resultShape } from './query-properties.ts';
import { runQueries } from './run-queries.ts';

/** Runs one statement in DuckDB. */
export const duckdbQuery = defineTask({
  ...queryDeclaration,
  type: 'jdbc.duckdb.Query',
  summary: 'Runs one statement of SQL in DuckDB.',
  description: `Reads Parquet, CSV and JSON files where they lie: input files by name, stored files by
their \`kestra://\` URI, files of this machine by an absolute path. What others wrote belongs into
\`parameters\`, never between quotes in the SQL. A label that is a call can be read by the name of its
function: \`row.count\` for \`count(*)\`. Decimals become numbers of double precision; cast money to
whole cents, or to text, where every digit counts.`,
  input: z.strictObject({
    sql: z.string().describe('The statement.'),
    ...queryProperties,
  }),
  output: z.strictObject({ ...resultShape, ...fileShape }),
  examples: [
    {
      title: 'Train a model only on orders that all have a customer',
      flow: `id: governed-model-training
namespace: company.team.ai
inputs:
  - id: missing
    type: INT
    defaults: 0
tasks:
  - id: orders
    type: jdbc.duckdb.Query
    outputFiles:
      - orders.parquet
    sql: |
      COPY (
        SELECT range AS order_id, CASE WHEN range < :missing THEN NULL ELSE range % 7 END AS user_id
        FROM range(100)
      ) TO '{{ outputFiles["orders.parquet"] }}' (FORMAT parquet)
    parameters:
      missing: "{{ inputs.missing }}"
  - id: data-quality-check
    type: jdbc.duckdb.Query
    sql: |
      SELECT count(*)
      FROM read_parquet('{{ outputs.orders.outputFiles["orders.parquet"] }}')
      WHERE user_id IS NULL;
    fetchOne: true
  - id: check-for-nulls
    type: core.flow.If
    condition: "{{ outputs['data-quality-check'].row.count > 0 }}"
    then:
      - id: fail-on-bad-data
        type: core.execution.Fail
        errorMessage: "Data quality check failed: Found NULL user_id values."
    else:
      - id: train-model
        type: scripts.python.Script
        script: |
          print("Data quality check passed. Starting model training...")
`,
      outputs: {
        'data-quality-check': { row: { 'count_star()': 0, count: 0 }, size: 1 },
        'train-model': { exitCode: 0 },
      },
    },
    {
      title: 'Refuse to train on orders without a customer',
      flow: `id: refuse-bad-orders
namespace: company.team.ai
tasks:
  - id: orders
    type: jdbc.duckdb.Query
    outputFiles:
      - orders.parquet
    sql: |
      COPY (SELECT 812 AS order_id, NULL::INTEGER AS user_id)
      TO '{{ outputFiles["orders.parquet"] }}' (FORMAT parquet)
  - id: data-quality-check
    type: jdbc.duckdb.Query
    sql: |
      SELECT count(*)
      FROM read_parquet('{{ outputs.orders.outputFiles["orders.parquet"] }}')
      WHERE user_id IS NULL;
    fetchOne: true
  - id: check-for-nulls
    type: core.flow.If
    condition: "{{ outputs['data-quality-check'].row.count > 0 }}"
    then:
      - id: fail-on-bad-data
        type: core.execution.Fail
        errorMessage: "Data quality check failed: Found NULL user_id values."
`,
      state: 'FAILED',
      outputs: { 'data-quality-check': { row: { count: 1 } } },
    },
    {
      title: 'Find slow movers in a file of sales',
      flow: `id: find-slow-movers
namespace: shop.stock
inputs:
  - id: fewer_than
    type: INT
    defaults: 10
tasks:
  - id: slow
    type: jdbc.duckdb.Query
    inputFiles:
      sales.csv: |
        sku,sold
        mug,42
        tea,3
        pot,7
    sql: SELECT sku, sold FROM read_csv('sales.csv') WHERE sold < :fewer_than ORDER BY sold
    parameters:
      fewer_than: "{{ inputs.fewer_than }}"
    fetchType: FETCH
`,
      outputs: {
        slow: {
          rows: [
            { sku: 'tea', sold: 3 },
            { sku: 'pot', sold: 7 },
          ],
          size: 2,
        },
      },
    },
  ],
  async run(properties, context) {
    const { results, files } = await runQueries(properties, context, 1);
    return { ...results[0], ...files };
  },
});
