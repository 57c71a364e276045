/**
 * Files and pairs as a task run sees them: what it reads is joined into what the run has seen, and what
 * it has seen marks what it writes, so that nothing is washed clean by being stored.
 */
import {
  flatten,
  joinMarks,
  joinProvenance,
  plain,
  type Provenance,
} from '../../core/value/index.ts';
import type { ExecutionFiles } from '../../ports/execution-files.ts';
import type { KeyValues } from '../../ports/key-values.ts';
import type { NamespaceFiles } from '../../ports/namespace-files.ts';

/** What a run has seen so far. */
export interface Watch {
  see(provenance: Provenance): void;
  seen(): Provenance;
}

function written(watch: Watch, provenance: Provenance | undefined): Provenance {
  return joinProvenance(watch.seen(), provenance ?? plain);
}

/** Returns `files` watched. */
export function provenFiles(files: ExecutionFiles, watch: Watch): ExecutionFiles {
  const look = async (uri: string): Promise<void> => watch.see(await files.provenance(uri));
  return {
    ...files,
    put: (name, content, provenance) => files.put(name, content, written(watch, provenance)),
    putFile: (name, path, provenance) => files.putFile(name, path, written(watch, provenance)),
    read: async (uri) => {
      const content = await files.read(uri);
      await look(uri);
      return content;
    },
    size: async (uri) => {
      const size = await files.size(uri);
      await look(uri);
      return size;
    },
    localPath: async (uri) => {
      const path = await files.localPath(uri);
      await look(uri);
      return path;
    },
  };
}

/** Returns `files` of a namespace watched. */
export function provenNamespaceFiles(files: NamespaceFiles, watch: Watch): NamespaceFiles {
  return {
    ...files,
    put: (path, content, provenance) => files.put(path, content, written(watch, provenance)),
    read: async (path) => {
      const content = await files.read(path);
      watch.see(await files.provenance(path));
      return content;
    },
  };
}

/** Returns `pairs` watched. */
export function provenPairs(pairs: KeyValues, watch: Watch): KeyValues {
  return {
    ...pairs,
    list: async (prefix) => {
      const found = await pairs.list(prefix);
      for (const { provenance } of found) if (provenance !== undefined) watch.see(provenance);
      return found;
    },
    get: async (key) => {
      const found = await pairs.get(key);
      if (found !== undefined) watch.see(flatten(found.marks));
      return found;
    },
    set: (key, value, options) =>
      pairs.set(key, { value: value.value, marks: joinMarks(value.marks, watch.seen()) }, options),
  };
}
