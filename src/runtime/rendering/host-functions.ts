/**
 * The functions of expressions that need the world: the time, chance, secrets, pairs, files, logs. Each
 * says where its result comes from: a pair and a file keep the provenance they were stored with, a
 * secret is a credential, what the network answers is untrusted.
 */
import { parse as parseYaml } from 'yaml';
import type { HostFunction } from '../../core/expression/index.ts';
import { presentRuns, stateProvenance } from '../../core/engine/index.ts';
import { Failure } from '../../core/failure/index.ts';
import {
  plainText,
  emptyMap,
  isList,
  isMap,
  isTime,
  mapOf,
  type Marked,
  type Marks,
  marksOf,
  provenanceOf,
  unmarked,
  type Value,
} from '../../core/value/index.ts';
import type { Cipher } from '../../ports/cipher.ts';
import type { Clock } from '../../ports/clock.ts';
import type { ExecutionFiles } from '../../ports/execution-files.ts';
import type { KeyValues } from '../../ports/key-values.ts';
import type { NamespaceFiles } from '../../ports/namespace-files.ts';
import type { Random } from '../../ports/random.ts';
import type { Secrets } from '../../ports/secrets.ts';
import type { LogRecord } from '../../ports/store.ts';
import type { Execution } from '../../core/engine/index.ts';

/** What the functions need of the system. */
export interface FunctionParts {
  readonly clock: Clock;
  readonly random: Random;
  readonly cipher: Cipher;
  readonly secrets: Secrets;
  readonly fetch: typeof globalThis.fetch;
  readonly environment: Readonly<Record<string, string | undefined>>;
  keyValues(namespace: string): KeyValues;
  namespaceFiles(namespace: string): NamespaceFiles;
}

/** For whom the functions work. */
export interface FunctionTarget {
  readonly execution: Execution;
  /** Gives the files of the execution; absent before it exists. Most templates read none. */
  readonly files: (() => ExecutionFiles) | undefined;
  readonly reveal: (secret: string) => void;
  /** Error lines of the execution, oldest first. */
  readonly errorLogs: () => Promise<readonly LogRecord[]>;
}

type Args = Readonly<Record<string, Value | undefined>>;

function text(args: Args, name: string): string {
  const value = args[name];
  if (typeof value === 'string') return value;
  throw new Failure('expression.failed', `\`${name}\` must be text`);
}

function optionalText(args: Args, name: string): string | undefined {
  const value = args[name];
  return value === undefined || value === null ? undefined : text(args, name);
}

function whole(args: Args, name: string): number {
  const value = args[name];
  if (typeof value === 'number' && Number.isInteger(value)) return value;
  throw new Failure('expression.failed', `\`${name}\` must be a whole number`);
}

function define(
  parameters: readonly string[],
  call: (args: Args) => Value | Marked | Promise<Value | Marked>,
): HostFunction {
  return {
    parameters,
    call: (args) => {
      const result = call(args);
      return result instanceof Promise ? result.then(asMarked) : asMarked(result);
    },
  };
}

function asMarked(result: Value | Marked): Marked {
  const isMarkedValue =
    result !== null && typeof result === 'object' && 'marks' in result && 'value' in result;
  return isMarkedValue ? (result as Marked) : unmarked(result as Value);
}

const letters = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

function uuid(random: Random): string {
  const bytes = random.bytes(16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** Returns a K-sortable id: seconds since May 2014, then chance, in 27 letters and digits. */
function ksuid(clock: Clock, random: Random): string {
  let number = BigInt(Math.floor(clock.now() / 1000) - 1_400_000_000);
  for (const byte of random.bytes(16)) number = (number << 8n) | BigInt(byte);
  let written = '';
  for (; number > 0n; number /= 62n) written = (letters[Number(number % 62n)] as string) + written;
  return written.padStart(27, '0');
}

function below(random: Random, count: number): number {
  const bytes = random.bytes(6);
  const large = bytes.reduce((sum, byte) => sum * 256 + byte, 0);
  return large % count;
}

const nanoLetters = `_-${letters}`;

function nanoId(random: Random, length: number, alphabet: string): string {
  let id = '';
  for (let at = 0; at < length; at += 1) id += alphabet[below(random, alphabet.length)];
  return id;
}

/** Returns the functions of time and chance, which need nothing else of the system. */
export function chanceFunctions({
  clock,
  random,
}: Pick<FunctionParts, 'clock' | 'random'>): [string, HostFunction][] {
  const now = (): Temporal.ZonedDateTime =>
    Temporal.Instant.fromEpochMilliseconds(clock.now()).toZonedDateTimeISO('UTC');
  return [
    ['now', define([], () => now())],
    ['uuid', define([], () => uuid(random))],
    ['id', define([], () => random.id())],
    ['ksuid', define([], () => ksuid(clock, random))],
    [
      'nanoId',
      define(['length', 'alphabet'], (args) => {
        const length = args['length'] === undefined ? 21 : whole(args, 'length');
        if (length < 1 || length > 1000) {
          throw new Failure('expression.failed', '`length` must be between 1 and 1000');
        }
        return nanoId(random, length, optionalText(args, 'alphabet') ?? nanoLetters);
      }),
    ],
    [
      'randomInt',
      define(['lower', 'upper'], (args) => {
        const [lower, upper] = [whole(args, 'lower'), whole(args, 'upper')];
        if (lower >= upper) throw new Failure('expression.failed', '`lower` must be below `upper`');
        return lower + below(random, upper - lower);
      }),
    ],
    ['randomPort', define([], () => 1024 + below(random, 65_536 - 1024))],
  ];
}

function notFound(key: string): Failure {
  return new Failure('secret.not-found', `there is no secret \`${key}\``, {
    help: `set the environment variable \`SECRET_${key.toUpperCase()}\` to its base64 text`,
  });
}

/** Functions of secrets and pairs. */
function secretFunctions(parts: FunctionParts, target: FunctionTarget): [string, HostFunction][] {
  const own = target.execution.flow.namespace;
  return [
    [
      'secret',
      define(['key', 'namespace', 'subkey'], async (args) => {
        const key = text(args, 'key');
        const found = await parts.secrets.get(key, optionalText(args, 'namespace') ?? own);
        if (found === undefined) throw notFound(key);
        const subkey = optionalText(args, 'subkey');
        const value = subkey === undefined ? found : partOf(found, key, subkey);
        target.reveal(value);
        return {
          value,
          marks: marksOf(
            provenanceOf({
              classes: [{ name: 'credential', subject: null }],
              sources: [`secret:${key}`],
            }),
          ),
        };
      }),
    ],
    [
      'kv',
      define(['key', 'namespace', 'errorOnMissing'], async (args) => {
        const key = text(args, 'key');
        const namespace = optionalText(args, 'namespace') ?? own;
        const found = await parts.keyValues(namespace).get(key);
        if (found !== undefined) return found;
        if (args['errorOnMissing'] === false) return null;
        throw new Failure(
          'kv.not-found',
          `there is no key \`${key}\` in namespace \`${namespace}\``,
          {
            help: 'set it with `sluice kv set`, or call `kv(…, errorOnMissing=false)`',
          },
        );
      }),
    ],
    [
      'encrypt',
      define(['key', 'plaintext'], (args) =>
        parts.cipher.encrypt(text(args, 'plaintext'), text(args, 'key')),
      ),
    ],
    [
      'decrypt',
      define(['key', 'encrypted'], (args) => {
        const opened = parts.cipher.decrypt(text(args, 'encrypted'), text(args, 'key'));
        target.reveal(opened);
        return opened;
      }),
    ],
    [
      'env',
      define(
        ['name'],
        (args) => parts.environment[`ENV_${text(args, 'name').toUpperCase()}`] ?? null,
      ),
    ],
  ];
}

function partOf(secret: string, key: string, subkey: string): string {
  let parsed: unknown;
  try {
    parsed = JSON.parse(secret);
  } catch {
    parsed = undefined;
  }
  if (isMap(parsed) && Object.hasOwn(parsed, subkey)) return plainText(parsed[subkey]);
  throw new Failure('secret.not-found', `the secret \`${key}\` has no part \`${subkey}\``);
}

function isUri(path: string): boolean {
  return path.startsWith('kestra://') || path.startsWith('nsfile://');
}

/** Functions of files. */
function fileFunctions(parts: FunctionParts, target: FunctionTarget): [string, HostFunction][] {
  const own = target.execution.flow.namespace;
  const decoder = new TextDecoder();
  const ownFiles = (): ExecutionFiles => {
    const { files } = target;
    if (files !== undefined) return files();
    throw new Failure('file.refused', 'files of an execution cannot be read before it exists');
  };
  const bytes = async (path: string, namespace: string): Promise<Uint8Array> =>
    isUri(path) ? ownFiles().read(path) : parts.namespaceFiles(namespace).read(path);
  const size = async (path: string, namespace: string): Promise<number> =>
    isUri(path)
      ? ownFiles().size(path)
      : (await parts.namespaceFiles(namespace).read(path)).byteLength;
  const namespaceOf = (args: Args): string => optionalText(args, 'namespace') ?? own;
  const read = define(['path', 'namespace'], async (args) => {
    const path = text(args, 'path');
    return {
      value: decoder.decode(await bytes(path, namespaceOf(args))),
      marks: await marksOfFile(path, namespaceOf(args)),
    };
  });
  const marksOfFile = async (path: string, namespace: string): Promise<Marks> =>
    marksOf(
      isUri(path)
        ? await ownFiles().provenance(path)
        : await parts.namespaceFiles(namespace).provenance(path),
    );
  // How large a file is, is for whoever wrote it to choose.
  const measure = (measured: (bytes: number) => Value) =>
    define(['uri', 'namespace'], async (args) => {
      const path = text(args, 'uri');
      const value = measured(await size(path, namespaceOf(args)));
      return { value, marks: await marksOfFile(path, namespaceOf(args)) };
    });
  const isEmpty = measure((bytes) => bytes === 0);
  return [
    ['read', read],
    [
      'fileURI',
      define(['path', 'namespace'], (args) => {
        const path = text(args, 'path');
        if (path.split('/').includes('..')) {
          throw new Failure('file.refused', `the path \`${path}\` must not contain \`..\``);
        }
        return parts.namespaceFiles(namespaceOf(args)).uri(path);
      }),
    ],
    ['fileSize', measure((bytes) => bytes)],
    [
      'fileExists',
      define(['uri', 'namespace'], (args) => {
        const path = text(args, 'uri');
        return isUri(path)
          ? ownFiles().exists(path)
          : parts.namespaceFiles(namespaceOf(args)).exists(path);
      }),
    ],
    ['isFileEmpty', isEmpty],
    ['fileEmpty', isEmpty],
  ];
}

/** Turns what a YAML parser gives into values of the language. */
function yamlValue(parsed: unknown): Value {
  if (parsed === null || parsed === undefined) return null;
  if (isTime(parsed) || typeof parsed !== 'object') return parsed as Value;
  if (isList(parsed)) return parsed.map(yamlValue);
  const map = emptyMap();
  for (const [key, entry] of Object.entries(parsed)) map[key] = yamlValue(entry);
  return map;
}

/** Reads YAML text; it needs nothing of the system but a parser. */
export const yamlFunction: HostFunction = define(['yaml'], (args) => {
  const source = args['yaml'];
  if (source === null || source === undefined) return null;
  try {
    return yamlValue(parseYaml(text(args, 'yaml'), { maxAliasCount: 0 }));
  } catch {
    throw new Failure('expression.failed', 'the text given to `yaml` is no YAML');
  }
});

/** Functions about the execution itself, and the rest. */
function valueOf(execution: Execution, taskRunId: string | null): { readonly value?: Value } {
  const run = taskRunId === null ? undefined : execution.runsById.get(taskRunId);
  return run?.value === undefined ? {} : { value: run.value };
}

function otherFunctions(parts: FunctionParts, target: FunctionTarget): [string, HostFunction][] {
  return [
    [
      'errorLogs',
      define([], async () => ({
        value: (await target.errorLogs()).map((line) =>
          mapOf({
            taskRunId: line.taskRunId,
            taskId: line.taskId,
            ...valueOf(target.execution, line.taskRunId),
            attemptNumber: line.attempt,
            level: line.level,
            message: line.message,
            timestamp: Temporal.Instant.fromEpochMilliseconds(line.at),
          }),
        ),
        // Lines hold whatever tasks and programs wrote, texts of outsiders included.
        marks: marksOf(provenanceOf({ trust: 'untrusted' })),
      })),
    ],
    [
      'tasksWithState',
      define(['state'], (args) => {
        const state = text(args, 'state').toUpperCase();
        const value = presentRuns(target.execution)
          .filter((run) => run.state === state)
          .map((run) =>
            mapOf({
              taskId: run.task.id,
              taskRunId: run.id,
              ...(run.value !== undefined && { value: run.value }),
            }),
          );
        return { value, marks: marksOf(stateProvenance(target.execution)) };
      }),
    ],
    ['yaml', yamlFunction],
    [
      'http',
      define(['uri', 'method', 'body', 'headers', 'contentType'], async (args) => {
        const headers: Record<string, string> = {};
        if (isMap(args['headers'])) {
          for (const [name, value] of Object.entries(args['headers']))
            headers[name] = plainText(value);
        }
        const contentType = optionalText(args, 'contentType');
        if (contentType !== undefined) headers['content-type'] = contentType;
        const body = args['body'];
        const response = await parts.fetch(text(args, 'uri'), {
          method: optionalText(args, 'method') ?? 'GET',
          headers,
          ...(body !== undefined &&
            body !== null && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
        });
        const answer = await response.text();
        if (!response.ok) {
          throw new Failure('http.status', `\`${text(args, 'uri')}\` answered ${response.status}`);
        }
        const isJson = response.headers.get('content-type')?.includes('json') === true;
        return {
          value: isJson ? decodeJson(answer) : answer,
          marks: marksOf(provenanceOf({ trust: 'untrusted' })),
        };
      }),
    ],
  ];
}

function decodeJson(answer: string): Value {
  try {
    return yamlValue(JSON.parse(answer));
  } catch {
    return answer;
  }
}

/** Returns the functions of expressions that need the world, for one execution or task run. */
export function hostFunctions(
  parts: FunctionParts,
  target: FunctionTarget,
): ReadonlyMap<string, HostFunction> {
  return new LazyFunctions(() => [
    ...chanceFunctions(parts),
    ...secretFunctions(parts, target),
    ...fileFunctions(parts, target),
    ...otherFunctions(parts, target),
  ]);
}

/** A map that is made at its first use: most templates call no function at all. */
class LazyFunctions implements ReadonlyMap<string, HostFunction> {
  readonly #make: () => readonly [string, HostFunction][];
  #made: ReadonlyMap<string, HostFunction> | undefined;

  constructor(make: () => readonly [string, HostFunction][]) {
    this.#make = make;
  }

  #all(): ReadonlyMap<string, HostFunction> {
    this.#made ??= new Map(this.#make());
    return this.#made;
  }

  get size(): number {
    return this.#all().size;
  }

  get(name: string): HostFunction | undefined {
    return this.#all().get(name);
  }

  has(name: string): boolean {
    return this.#all().has(name);
  }

  keys(): MapIterator<string> {
    return this.#all().keys();
  }

  values(): MapIterator<HostFunction> {
    return this.#all().values();
  }

  entries(): MapIterator<[string, HostFunction]> {
    return this.#all().entries();
  }

  [Symbol.iterator](): MapIterator<[string, HostFunction]> {
    return this.entries();
  }

  forEach(
    act: (one: HostFunction, name: string, all: ReadonlyMap<string, HostFunction>) => void,
  ): void {
    for (const [name, one] of this.#all()) act(one, name, this);
  }
}
