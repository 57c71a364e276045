/**
 * Opens an engine for one task run: in memory or on a file, with bounds on threads and memory, and
 * closed to the network and to every file that was not handed to it. What is running stops when the
 * task run is ended.
 *
 * INVARIANT: from the first statement of a flow on, the engine reaches the working folder and the
 * allowed places and nothing else; no statement can change that.
 */
import { availableParallelism, totalmem } from 'node:os';
import { join, sep } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { Failure } from '../../../core/failure/index.ts';
import type { EngineModule } from './duckdb-value.ts';
import type { AllowedPlaces } from './file-places.ts';
import { stringOfText } from './sql-text.ts';
import { takeTurn } from './take-turn.ts';

/** How many queries run at once in this process. */
const queriesMax = 2;

/** How often an ended query is told to stop; one that has not begun does not hear the first time. */
const interruptEveryMs = 25;

/** What is needed to open a database. */
export interface DatabaseSetting {
  /** The file; absent for a database in memory. */
  readonly file?: string | undefined;
  readonly folder: string;
  /** Where it may put what does not fit into memory. */
  readonly own: string;
  readonly allowed: AllowedPlaces;
  readonly zone: string;
  readonly threads?: number | undefined;
  readonly memoryLimit?: string | undefined;
  readonly signal: AbortSignal;
}

function listOf(texts: Iterable<string>): string {
  return `[${[...texts].map(stringOfText).join(', ')}]`;
}

/** Returns a failure for what the engine threw: one line, no stack. */
export function queryFailure(error: unknown, help?: string): Failure {
  if (error instanceof Failure) return error;
  const text = error instanceof Error ? error.message : String(error);
  const [first = '', ...rest] = text.replace(/^Failed to \w+ statements: /, '').split('\n');
  const line = /^LINE (\d+):/m.exec(text)?.[1];
  const at = line === undefined ? '' : ` (line ${line} of its statement)`;
  const message = `the query failed: ${first.replace(/[.\s]+$/, '')}${at}`;
  if (first.startsWith('Permission Error')) {
    return new Failure('file.refused', message, {
      help: 'a query reaches its working folder and the files that its text names as plain strings',
    });
  }
  const hint = rest.find((one) => /^(Did you mean|Candidate)/.test(one));
  const help2 = help ?? hint?.replace(/^(.)/, (letter) => letter.toLowerCase());
  return new Failure('sql.failed', message, help2 === undefined ? {} : { help: help2 });
}

async function configure(connection: DuckDBConnection, setting: DatabaseSetting): Promise<void> {
  const { folder, allowed, zone } = setting;
  try {
    await connection.run(`SET TimeZone = ${stringOfText(zone)}`);
  } catch (cause) {
    throw new Failure('task.input-invalid', `there is no time zone \`${zone}\``, { cause });
  }
  const folders = [folder.endsWith(sep) ? folder : folder + sep, ...allowed.folders];
  await connection.run(`SET allowed_directories = ${listOf(folders)}`);
  await connection.run(`SET allowed_paths = ${listOf(allowed.paths)}`);
  // The last one: nothing of the above can be changed once it is off, and it cannot be switched on.
  await connection.run('SET enable_external_access = false');
}

async function open(engine: EngineModule, setting: DatabaseSetting) {
  const { file, own, threads, memoryLimit } = setting;
  const memory = memoryLimit ?? `${Math.floor(totalmem() / 4 / 2 ** 20)}MiB`;
  try {
    return await engine.DuckDBInstance.create(file ?? ':memory:', {
      threads: String(threads ?? Math.min(4, availableParallelism())),
      memory_limit: memory,
      temp_directory: join(own, 'spilled'),
      autoinstall_known_extensions: 'false',
      autoload_known_extensions: 'false',
      allow_community_extensions: 'false',
    });
  } catch (error) {
    if (error instanceof Error && error.message === 'Failed to set config') {
      throw new Failure('task.input-invalid', `\`memoryLimit\` cannot be \`${memory}\``, {
        help: 'write an amount such as `512MB` or `2GB`',
      });
    }
    throw queryFailure(error);
  }
}

/** Opens the database that `setting` describes, lets `use` work with it, and closes it whatever happens. */
export async function withDatabase<T>(
  engine: EngineModule,
  setting: DatabaseSetting,
  use: (connection: DuckDBConnection) => Promise<T>,
): Promise<T> {
  const { file, signal } = setting;
  const leaveFile = file === undefined ? undefined : await takeTurn(file, 1, signal);
  try {
    const leave = await takeTurn('', queriesMax, signal);
    try {
      return await useDatabase(engine, setting, use);
    } finally {
      leave();
    }
  } finally {
    leaveFile?.();
  }
}

async function useDatabase<T>(
  engine: EngineModule,
  setting: DatabaseSetting,
  use: (connection: DuckDBConnection) => Promise<T>,
): Promise<T> {
  const { signal } = setting;
  const instance = await open(engine, setting);
  const connection = await instance.connect();
  let repeats: NodeJS.Timeout | undefined;
  const stop = () => {
    connection.interrupt();
    repeats = setInterval(() => connection.interrupt(), interruptEveryMs);
  };
  signal.addEventListener('abort', stop, { once: true });
  try {
    await configure(connection, setting);
    signal.throwIfAborted();
    return await use(connection);
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    signal.removeEventListener('abort', stop);
    clearInterval(repeats);
    connection.disconnectSync();
    instance.closeSync();
  }
}
