/**
 * Runs the SQL of a task in DuckDB: files are laid into the working folder, the text is rendered with
 * their names, each statement runs in turn, and its result is dropped, fetched or stored.
 */
import { createWriteStream } from 'node:fs';
import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { DuckDBConnection, DuckDBPreparedStatement } from '@duckdb/node-api';
import { Failure } from '../../../core/failure/index.ts';
import {
  emptyMap,
  isList,
  isMap,
  mapOf,
  type Value,
  type ValueMap,
} from '../../../core/value/index.ts';
import type { TaskContext } from '../../../ports/task-context.ts';
import {
  pathInFolder,
  placeInputFiles,
  textsOf,
  type WorkingPlaces,
  withWorkingPlaces,
} from '../../scripts/index.ts';
import { boundValue, type EngineModule, type ReadValue, valueReader } from './duckdb-value.ts';
import { type AllowedPlaces, databasePlace, type PlaceSetting } from './file-places.ts';
import { queryFailure, withDatabase } from './open-database.ts';
import { prepareSql, type ReadyStatement } from './prepare-sql.ts';
import type { QueryFiles, QueryProperties, QueryResult } from './query-properties.ts';
import { jsonText, rowsOf } from './query-rows.ts';
import { stringOfText } from './sql-text.ts';

/** The most rows that are fetched into outputs, which are kept in memory and in the ledger. */
const fetchedRowsMax = 100_000;

type FetchType = QueryProperties['fetchType'];

/** What the statements of one task run gave. */
export interface QueryRun {
  /** The results of statements that have rows, in order. */
  readonly results: readonly QueryResult[];
  readonly files: QueryFiles;
}

function fetchTypeOf({ fetch, fetchOne, store, fetchType }: QueryProperties): FetchType {
  if (fetch) return 'FETCH';
  if (fetchOne) return 'FETCH_ONE';
  return store ? 'STORE' : fetchType;
}

/** Returns `value` with every template in it evaluated; lone expressions keep their type. */
async function evaluateDeep(value: Value, context: TaskContext): Promise<Value> {
  if (typeof value === 'string') return (await context.evaluate(value)).value;
  if (isList(value)) return Promise.all(value.map((one) => evaluateDeep(one, context)));
  if (!isMap(value)) return value;
  const map = emptyMap();
  for (const [key, one] of Object.entries(value)) map[key] = await evaluateDeep(one, context);
  return map;
}

/** Returns the file of the database that the properties name; undefined for one in memory. */
async function databaseFile(
  { url, databaseUri, outputDbFile }: QueryProperties,
  { folder, own }: WorkingPlaces,
  context: TaskContext,
): Promise<string | undefined> {
  const named = /^jdbc:duckdb:([^?;]*)/.exec(url.trim())?.[1];
  if (named === undefined) {
    throw new Failure('task.input-invalid', `\`${url}\` is no address of a DuckDB database`, {
      help: 'write `jdbc:duckdb:` and the path of a file, or nothing after it',
    });
  }
  if (/^(md|motherduck):/.test(named)) {
    throw new Failure('task.input-invalid', 'databases of MotherDuck cannot be reached from here', {
      help: 'use a database file, or `jdbc:duckdb:` for a fresh one',
    });
  }
  const ownFile = join(own, 'database.duckdb');
  if (databaseUri !== undefined) {
    await copyFile(await context.files.localPath(databaseUri), ownFile);
    return ownFile;
  }
  if (named !== '' && named !== ':memory:') return databasePlace(named, folder);
  return outputDbFile ? ownFile : undefined;
}

/** Makes an empty file for each name of `outputFiles`; gives their paths by name. */
async function makeOutputFiles(names: readonly string[], own: string): Promise<ValueMap> {
  const places = emptyMap();
  for (const name of names) {
    const path = pathInFolder(join(own, 'outputs'), name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, '');
    places[name] = path;
  }
  return places;
}

/** Runs the SQL of `properties`; `statementsMax` is 1 where only one statement is expected. */
export async function runQueries(
  properties: QueryProperties,
  context: TaskContext,
  statementsMax: number,
): Promise<QueryRun> {
  return withWorkingPlaces(context, async (places) => {
    const { folder, own } = places;
    await placeInputFiles(properties.inputFiles, folder, context);
    const outputs = await makeOutputFiles(textsOf(properties.outputFiles), own);
    const allowed: AllowedPlaces = { paths: new Set(), folders: new Set() };
    const { statements, after } = await prepareAll(
      properties,
      { ...places, context, allowed },
      outputs,
      statementsMax,
    );
    const file = await databaseFile(properties, places, context);
    const zone = properties.timeZoneId ?? Temporal.Now.timeZoneId();
    const engine: EngineModule = await import('@duckdb/node-api');
    const { threads, memoryLimit } = properties;
    const { signal } = context;
    const setting = { file, ...places, allowed, zone, threads, memoryLimit, signal };
    const results = await withDatabase(engine, setting, async (connection) => {
      const read = valueReader(engine, zone);
      const run = new StatementRun({ engine, connection, read, context, properties, own });
      const isOneStep = statements.length + after.length > 1 && properties.transaction !== false;
      return run.all(statements, after, isOneStep);
    });
    return { results, files: await keepFiles(properties, outputs, file, context) };
  });
}

/** Renders and reads the SQL of `properties`. */
async function prepareAll(
  { sql, afterSQL, parameters }: QueryProperties,
  setting: PlaceSetting,
  outputs: ValueMap,
  statementsMax: number,
): Promise<Record<'statements' | 'after', readonly ReadyStatement[]>> {
  const { context, folder } = setting;
  const names = mapOf({ workingDir: folder, outputFiles: outputs, temp: outputs });
  const values = (await evaluateDeep((parameters ?? {}) as Value, context)) as ValueMap;
  const prepare = async (text: string, what: string, most: number) => {
    const { value } = await context.render(text, names);
    const ready = await prepareSql(value as string, values, setting);
    checkCount(ready.length, what, most);
    return ready;
  };
  return {
    statements: await prepare(sql, 'sql', statementsMax),
    after: afterSQL === undefined ? [] : await prepare(afterSQL, 'afterSQL', 1),
  };
}

function checkCount(count: number, what: string, most: number): void {
  if (count === 0) throw new Failure('task.input-invalid', `\`${what}\` holds no statement`);
  if (count <= most) return;
  throw new Failure(
    'task.input-invalid',
    `\`${what}\` holds ${count} statements but runs one; \`jdbc.duckdb.Queries\` runs several`,
  );
}

async function keepFiles(
  { outputDbFile }: QueryProperties,
  outputs: ValueMap,
  file: string | undefined,
  { files }: TaskContext,
): Promise<QueryFiles> {
  const kept: Record<string, string> = {};
  for (const [name, path] of Object.entries(outputs)) {
    kept[name] = await files.putFile(name, path as string);
  }
  return {
    ...(Object.keys(kept).length === 0 ? {} : { outputFiles: kept }),
    ...(outputDbFile && file !== undefined
      ? { databaseUri: await files.putFile('database.duckdb', file) }
      : {}),
  };
}

/** Runs statements over one connection. */
class StatementRun {
  readonly #engine: EngineModule;
  readonly #connection: DuckDBConnection;
  readonly #read: ReadValue;
  readonly #context: TaskContext;
  readonly #properties: QueryProperties;
  readonly #own: string;

  constructor(parts: {
    readonly engine: EngineModule;
    readonly connection: DuckDBConnection;
    readonly read: ReadValue;
    readonly context: TaskContext;
    readonly properties: QueryProperties;
    readonly own: string;
  }) {
    this.#engine = parts.engine;
    this.#connection = parts.connection;
    this.#read = parts.read;
    this.#context = parts.context;
    this.#properties = parts.properties;
    this.#own = parts.own;
  }

  /** Runs all statements, as one transaction when `isOneStep`; gives the results that have rows. */
  async all(
    statements: readonly ReadyStatement[],
    after: readonly ReadyStatement[],
    isOneStep: boolean,
  ): Promise<QueryResult[]> {
    const hasOwn = statements.some(({ words }) => /^(BEGIN|START)$/.test(words[0] ?? ''));
    const wraps = isOneStep && !hasOwn;
    if (wraps) await this.#connection.run('BEGIN TRANSACTION');
    try {
      const results: QueryResult[] = [];
      for (const [index, statement] of statements.entries()) {
        const result = await this.#one(statement, fetchTypeOf(this.#properties), index + 1);
        if (result !== undefined) results.push(result);
      }
      for (const statement of after) await this.#one(statement, 'NONE', 0);
      if (wraps) await this.#connection.run('COMMIT');
      return results;
    } catch (error) {
      // The connection closes next, which rolls back whatever was begun.
      throw queryFailure(error);
    }
  }

  async #one(
    statement: ReadyStatement,
    fetchType: FetchType,
    ordinal: number,
  ): Promise<QueryResult | undefined> {
    this.#context.signal.throwIfAborted();
    try {
      return await this.#run(statement, fetchType, ordinal);
    } catch (error) {
      const [first] = statement.unknownParameters;
      const isSyntax = error instanceof Error && error.message.includes('Parser Error');
      if (first === undefined || !isSyntax) throw error;
      throw queryFailure(error, `give \`${first}\` a value in \`parameters\``);
    }
  }

  async #run(
    statement: ReadyStatement,
    fetchType: FetchType,
    ordinal: number,
  ): Promise<QueryResult | undefined> {
    const extracted = await this.#connection.extractStatements(statement.sql);
    // One statement of a flow may be several of the engine (PIVOT); the last one has the result.
    for (let at = 0; at < extracted.count - 1; at += 1) {
      const step = await extracted.prepare(at);
      this.#bind(step, statement);
      await step.run();
      step.destroySync();
    }
    const prepared = await extracted.prepare(extracted.count - 1);
    this.#bind(prepared, statement);
    try {
      const { storeFormat } = this.#properties;
      const isQuery = prepared.statementType === this.#engine.StatementType.SELECT;
      if (fetchType === 'STORE' && storeFormat !== 'jsonl' && isQuery) {
        return await this.#storeCopy(statement, storeFormat, ordinal);
      }
      return await this.#take(prepared, fetchType, ordinal);
    } finally {
      prepared.destroySync();
    }
  }

  #bind(prepared: DuckDBPreparedStatement, { parameters }: ReadyStatement): void {
    for (let index = 1; index <= prepared.parameterCount; index += 1) {
      const value = parameters.get(prepared.parameterName(index));
      if (value === undefined) continue;
      const bound = boundValue(this.#engine, value);
      if (bound.value === null) prepared.bindNull(index);
      else prepared.bindValue(index, bound.value, bound.type);
    }
  }

  /** Runs `prepared` and takes of its rows what `fetchType` asks for; undefined when it has none to give. */
  async #take(
    prepared: DuckDBPreparedStatement,
    fetchType: FetchType,
    ordinal: number,
  ): Promise<QueryResult | undefined> {
    if (fetchType === 'NONE') {
      await prepared.run();
      return undefined;
    }
    const result = await prepared.stream();
    if (result.returnType !== this.#engine.ResultReturnType.QUERY_RESULT) return undefined;
    const rows = rowsOf(result, this.#read, fetchType !== 'STORE');
    if (fetchType === 'STORE') return this.#storeLines(rows, ordinal);
    if (fetchType === 'FETCH_ONE') {
      const first = await rows.next();
      await rows.return(undefined);
      return this.#sized({ row: first.done === true ? null : first.value }, first.done ? 0 : 1);
    }
    const all: ValueMap[] = [];
    for await (const row of rows) {
      if (all.length === fetchedRowsMax) {
        throw new Failure('sql.failed', `the query gives more than ${fetchedRowsMax} rows`, {
          help: 'use `fetchType: STORE` for large results, or ask for fewer rows',
        });
      }
      all.push(row);
    }
    return this.#sized({ rows: all }, all.length);
  }

  #sized(result: QueryResult, size: number): QueryResult {
    this.#context.metric({ name: 'fetch.size', type: 'counter', value: size });
    return { ...result, size };
  }

  /** Returns the name and place of a file of stored rows. */
  #fileOf(ordinal: number, ending: string): { readonly name: string; readonly path: string } {
    const name = `rows-${ordinal}.${ending}`;
    return { name, path: join(this.#own, name) };
  }

  async #storeLines(rows: AsyncGenerator<ValueMap>, ordinal: number): Promise<QueryResult> {
    const { name, path } = this.#fileOf(ordinal, 'jsonl');
    let size = 0;
    async function* lines(): AsyncGenerator<string> {
      for await (const row of rows) {
        size += 1;
        yield `${jsonText(row)}\n`;
      }
    }
    await pipeline(Readable.from(lines()), createWriteStream(path));
    return this.#sized({ uri: await this.#context.files.putFile(name, path) }, size);
  }

  async #storeCopy(
    statement: ReadyStatement,
    format: 'parquet' | 'csv',
    ordinal: number,
  ): Promise<QueryResult> {
    const { name, path } = this.#fileOf(ordinal, format);
    const target = `TO ${stringOfText(path)} (FORMAT ${format})`;
    const extracted = await this.#connection.extractStatements(
      `COPY (\n${statement.sql}\n) ${target}`,
    );
    const copy = await extracted.prepare(0);
    this.#bind(copy, statement);
    try {
      const counted = await (await copy.run()).getRows();
      const size = Number(counted[0]?.[0] ?? 0);
      return this.#sized({ uri: await this.#context.files.putFile(name, path) }, size);
    } finally {
      copy.destroySync();
    }
  }
}
