/** The properties and outputs that `jdbc.duckdb.Query` and `jdbc.duckdb.Queries` have in common. */
import { z } from 'zod';
import type { EffectKind, EffectTarget, OutputProvenance } from '../../../ports/task.ts';
import type { FailureCode } from '../../../core/failure/index.ts';
import { inputFilesSchema } from '../../scripts/index.ts';

/** Properties of both types. */
export const queryProperties = {
  url: z
    .string()
    .default('jdbc:duckdb:')
    .describe(
      'The database: `jdbc:duckdb:` for a fresh one, `jdbc:duckdb:name.db` for a file of the working folder, or an absolute path.',
    ),
  username: z.string().optional().describe('Accepted; a DuckDB database has no users.'),
  password: z.string().optional().describe('Accepted; a DuckDB database has no passwords.'),
  timeZoneId: z
    .string()
    .optional()
    .describe('The time zone of times without one; the zone of this machine when absent.'),
  parameters: z
    .record(z.string(), z.unknown())
    .optional()
    .describe(
      'Values for `:name` in the SQL, bound and never pasted into it; the safe way to use what others wrote.',
    ),
  fetchType: z
    .enum(['NONE', 'FETCH', 'FETCH_ONE', 'STORE'])
    .default('NONE')
    .describe(
      'What becomes of the result: nothing, all rows as `rows`, the first as `row`, or a stored file of all as `uri`.',
    ),
  fetch: z.boolean().default(false).describe('An older spelling of `fetchType: FETCH`; wins.'),
  fetchOne: z.boolean().default(false).describe('An older spelling of `fetchType: FETCH_ONE`.'),
  store: z.boolean().default(false).describe('An older spelling of `fetchType: STORE`.'),
  storeFormat: z
    .enum(['jsonl', 'parquet', 'csv'])
    .default('jsonl')
    .describe('The form of a stored result: a JSON text per line, Parquet or CSV.'),
  fetchSize: z
    .number()
    .optional()
    .describe('Accepted; a stored result is written as it is computed, whatever its size.'),
  inputFiles: inputFilesSchema.optional(),
  outputFiles: z
    .union([z.array(z.string()), z.string()])
    .optional()
    .describe(
      'Names of files to keep; the SQL writes them, for example to `{{ outputFiles.name }}`.',
    ),
  databaseUri: z
    .string()
    .optional()
    .describe('The URI of a stored database file to work on a copy of.'),
  outputDbFile: z
    .boolean()
    .default(false)
    .describe('Whether the database file is stored after the run, as the output `databaseUri`.'),
  afterSQL: z.string().optional().describe('A statement that runs last, in the same transaction.'),
  threads: z.int().min(1).optional().describe('The most threads of the engine; 4 when absent.'),
  memoryLimit: z
    .string()
    .optional()
    .describe(
      'The most memory of the engine, such as `512MB`; a quarter of the machine when absent.',
    ),
  communityExtensions: z
    .union([z.array(z.string()), z.string()])
    .optional()
    .describe('Accepted; extensions are never fetched from the network here.'),
  connectionPooling: z.boolean().optional().describe('Accepted; each run has its own connection.'),
  connectionPoolSize: z.number().optional().describe('Accepted; each run has its own connection.'),
};

/** What one statement gives. */
export const resultShape = {
  row: z
    .record(z.string(), z.unknown())
    .nullable()
    .optional()
    .describe('The first row, by label; null when there is none (FETCH_ONE).'),
  rows: z
    .array(z.record(z.string(), z.unknown()))
    .optional()
    .describe('All rows, each by label (FETCH).'),
  uri: z.string().optional().describe('The URI of the stored rows (STORE).'),
  size: z.int().optional().describe('How many rows were taken.'),
};

/** What both types give beside results. */
export const fileShape = {
  outputFiles: z
    .record(z.string(), z.string())
    .optional()
    .describe('The URIs of the files that were kept, by name.'),
  databaseUri: z.string().optional().describe('The URI of the stored database file.'),
};

/** Properties of both types, after parsing. */
export type QueryProperties = z.infer<z.ZodObject<typeof queryProperties>> & {
  readonly sql: string;
  readonly transaction?: boolean;
};

/** What one statement gives. */
export type QueryResult = z.infer<z.ZodObject<typeof resultShape>>;

/** What both types give beside results. */
export type QueryFiles = z.infer<z.ZodObject<typeof fileShape>>;

/**
 * What both types declare alike. The effect is external because the text of a query may change a
 * database file that outlives the task run, and running an INSERT twice is not running it once. What a
 * query gives comes from the files and databases it read, which no input describes.
 */
export const queryDeclaration = {
  effect: {
    kind: 'external' satisfies EffectKind,
    touches: ['database', 'files'] satisfies EffectTarget[],
  },
  provenance: { output: 'outside' satisfies OutputProvenance },
  secrets: ['password'],
  rendering: {
    sql: 'raw',
    afterSQL: 'raw',
    parameters: 'raw',
    fetch: 'typed',
    fetchOne: 'typed',
    store: 'typed',
    fetchSize: 'typed',
    outputDbFile: 'typed',
    threads: 'typed',
    connectionPooling: 'typed',
    connectionPoolSize: 'typed',
  },
  failures: [
    'sql.failed',
    'task.input-invalid',
    'file.not-found',
    'file.refused',
    'expression.failed',
  ] satisfies FailureCode[],
} as const;
