/**
 * Files and key–value pairs of the fake world, in memory, honouring the rules of their ports: a task
 * reads files of its own execution, of the execution that caused it and of its namespace; what is
 * written carries the provenance of everything that the task has seen.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Failure } from '../../src/core/failure/index.ts';
import {
  isList,
  isMap,
  joinMarks,
  joinProvenance,
  plain,
  type Marked,
  type Provenance,
  type Value,
} from '../../src/core/value/index.ts';
import type { ExecutionFiles } from '../../src/ports/execution-files.ts';
import type { KeyEntry, KeyValues, KeyValueType } from '../../src/ports/key-values.ts';
import type { NamespaceFiles } from '../../src/ports/namespace-files.ts';

/** What files and pairs need to know of the task run that uses them. */
export interface WorldEyes {
  /** Notes an effect. */
  note(target: 'files' | 'store', mode: 'read' | 'write', what: string): void;
  /** Joins what was read into what the task run has seen. */
  see(provenance: Provenance): void;
  /** Returns the join of the input and of everything seen. */
  seen(): Provenance;
  now(): string;
  readonly folder: () => Promise<string>;
}

interface StoredFile {
  readonly content: Uint8Array;
  readonly provenance: Provenance;
}

/** Files by URI, kept over the task runs of one world. */
export type StoredFiles = Map<string, StoredFile>;

function toBytes(content: Uint8Array | string): Uint8Array {
  return typeof content === 'string' ? new TextEncoder().encode(content) : content;
}

function namespaceUri(namespace: string, path: string): string {
  return `kestra:///${namespace.replaceAll('.', '/')}/_files/${path}`;
}

function cleanPath(path: string): string {
  const clean = path.replace(/^\/+/, '');
  if (clean.split('/').includes('..')) {
    throw new Failure('file.refused', `the path \`${path}\` leaves its folder`);
  }
  return clean;
}

/** Returns the files of `namespace` among `stored`. */
export function worldNamespaceFiles(
  stored: StoredFiles,
  eyes: WorldEyes,
  namespace: string,
): NamespaceFiles {
  const uri = (path: string) => namespaceUri(namespace, cleanPath(path));
  const find = (path: string): StoredFile => {
    const found = stored.get(uri(path));
    if (found === undefined) {
      throw new Failure('file.not-found', `no file \`${path}\` in namespace \`${namespace}\``);
    }
    return found;
  };
  return {
    namespace,
    uri,
    async put(path, content, provenance = plain) {
      eyes.note('files', 'write', uri(path));
      stored.set(uri(path), {
        content: toBytes(content),
        provenance: joinProvenance(provenance, eyes.seen()),
      });
      return uri(path);
    },
    async read(path) {
      eyes.note('files', 'read', uri(path));
      const found = find(path);
      eyes.see(found.provenance);
      return found.content;
    },
    async exists(path) {
      return stored.has(uri(path));
    },
    async delete(path) {
      eyes.note('files', 'write', uri(path));
      return stored.delete(uri(path));
    },
    async list() {
      const prefix = namespaceUri(namespace, '');
      eyes.note('files', 'read', prefix);
      return [...stored.keys()]
        .filter((one) => one.startsWith(prefix))
        .map((one) => one.slice(prefix.length))
        .toSorted();
    },
    async provenance(path) {
      return find(path).provenance;
    },
  };
}

/** Where the files of a task run lie. */
export interface FilePlace {
  /** `kestra:///…/executions/<id>`, without a slash at the end. */
  readonly executionPrefix: string;
  /** Prefixes of other executions that may be read. */
  readonly readablePrefixes: readonly string[];
  readonly taskPath: string;
  readonly namespace: string;
}

/** Returns the files of one execution among `stored`, as the task run at `place` sees them. */
export function worldExecutionFiles(
  stored: StoredFiles,
  eyes: WorldEyes,
  place: FilePlace,
): ExecutionFiles {
  const resolve = (uri: string): string => {
    if (uri.startsWith('nsfile:///')) {
      return namespaceUri(place.namespace, cleanPath(uri.slice('nsfile:///'.length)));
    }
    const allowed = [
      `${place.executionPrefix}/`,
      ...place.readablePrefixes,
      namespaceUri(place.namespace, ''),
    ];
    if (uri.includes('..') || !allowed.some((prefix) => uri.startsWith(prefix))) {
      throw new Failure('file.refused', `the file \`${uri}\` does not belong to this execution`);
    }
    return uri;
  };
  const find = (uri: string): StoredFile => {
    const found = stored.get(resolve(uri));
    if (found === undefined) throw new Failure('file.not-found', `no file \`${uri}\``);
    return found;
  };
  const put = (name: string, content: Uint8Array, provenance: Provenance): string => {
    const uri = `${place.executionPrefix}/${place.taskPath}/${cleanPath(name)}`;
    eyes.note('files', 'write', uri);
    stored.set(uri, { content, provenance: joinProvenance(provenance, eyes.seen()) });
    return uri;
  };
  const read = (uri: string): Uint8Array => {
    eyes.note('files', 'read', uri);
    const found = find(uri);
    eyes.see(found.provenance);
    return found.content;
  };
  return {
    async put(name, content, provenance = plain) {
      return put(name, toBytes(content), provenance);
    },
    async putFile(name, localPath, provenance = plain) {
      return put(name, await readFile(localPath), provenance);
    },
    async read(uri) {
      return read(uri);
    },
    async localPath(uri) {
      const content = read(uri);
      const path = join(await eyes.folder(), '.stored', resolve(uri).slice('kestra:///'.length));
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, content);
      return path;
    },
    async size(uri) {
      eyes.note('files', 'read', uri);
      return find(uri).content.byteLength;
    },
    async exists(uri) {
      return stored.has(resolve(uri));
    },
    async delete(uri) {
      const target = resolve(uri);
      if (!target.startsWith(`${place.executionPrefix}/`)) {
        throw new Failure('file.refused', `the file \`${uri}\` is not this execution's to delete`);
      }
      eyes.note('files', 'write', uri);
      return stored.delete(target);
    },
    async list() {
      eyes.note('files', 'read', place.executionPrefix);
      return [...stored.keys()]
        .filter((uri) => uri.startsWith(`${place.executionPrefix}/`))
        .toSorted();
    },
    async provenance(uri) {
      return find(uri).provenance;
    },
  };
}

interface StoredPair {
  readonly entry: KeyEntry;
  readonly marked: Marked;
}

/** Pairs by namespace and key, kept over the task runs of one world. */
export type StoredPairs = Map<string, StoredPair>;

function typeOf(value: Value): KeyValueType {
  if (typeof value === 'string') return 'STRING';
  if (typeof value === 'boolean') return 'BOOLEAN';
  if (value === null || isList(value) || isMap(value)) return 'JSON';
  if (value instanceof Temporal.Duration) return 'DURATION';
  if (value instanceof Temporal.PlainDate) return 'DATE';
  if (value instanceof Temporal.Instant || value instanceof Temporal.ZonedDateTime) {
    return 'DATETIME';
  }
  return 'NUMBER';
}

/** Returns the pairs of `namespace` among `stored`. */
export function worldKeyValues(stored: StoredPairs, eyes: WorldEyes, namespace: string): KeyValues {
  const at = (key: string) => `${namespace}\n${key}`;
  const alive = (key: string): StoredPair | undefined => {
    const found = stored.get(at(key));
    const expiresAt = found?.entry.expiresAt;
    const hasExpired =
      expiresAt !== undefined && Temporal.Instant.compare(expiresAt, eyes.now()) <= 0;
    return hasExpired ? undefined : found;
  };
  return {
    namespace,
    async get(key) {
      eyes.note('store', 'read', `kv ${namespace}/${key}`);
      const found = alive(key);
      if (found !== undefined) eyes.see(found.marked.marks.own);
      return found?.marked;
    },
    async set(key, value, options = {}) {
      eyes.note('store', 'write', `kv ${namespace}/${key}`);
      const before = alive(key);
      if (before !== undefined && options.overwrite === false) {
        throw new Failure('kv.exists', `the key \`${key}\` exists`);
      }
      const now = eyes.now();
      const expiresAt =
        options.ttlMs === undefined
          ? {}
          : {
              expiresAt: Temporal.Instant.from(now).add({ milliseconds: options.ttlMs }).toString(),
            };
      stored.set(at(key), {
        marked: { value: value.value, marks: joinMarks(value.marks, eyes.seen()) },
        entry: {
          key,
          type: options.type ?? typeOf(value.value),
          ...(options.description === undefined ? {} : { description: options.description }),
          createdAt: before?.entry.createdAt ?? now,
          updatedAt: now,
          ...expiresAt,
        },
      });
    },
    async delete(key) {
      eyes.note('store', 'write', `kv ${namespace}/${key}`);
      const isThere = alive(key) !== undefined;
      stored.delete(at(key));
      return isThere;
    },
    async list(prefix = '') {
      eyes.note('store', 'read', `kv ${namespace}`);
      return [...stored.keys()]
        .filter((one) => one.startsWith(at(prefix)))
        .toSorted()
        .flatMap((one) => stored.get(one)?.entry ?? []);
    },
  };
}
