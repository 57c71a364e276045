/**
 * The files one task run may touch. It writes into its own folder; it reads what its execution, the
 * executions it is joined to (the one that caused it, those it waited for) and its namespace keep.
 *
 * INVARIANT: any other file is refused before anyone looks whether it exists.
 */
import { Failure } from '../../core/failure/index.ts';
import { type Provenance, unknownProvenance } from '../../core/value/index.ts';
import type { ExecutionFiles } from '../../ports/execution-files.ts';
import {
  type ExecutionPlace,
  executionFolder,
  formatUri,
  namespaceFolder,
  parseUri,
  partsOf,
} from './storage-uri.ts';
import {
  blobName,
  bytesOf,
  deleteFile,
  type FileParts,
  fileProvenance,
  fileSize,
  localFile,
  storeFile,
} from './stored-files.ts';

/** What the files of a task run are made of. */
export interface ExecutionFileParts extends FileParts {
  readonly place: ExecutionPlace;
  /** Where it writes: `taskRunFolder(…)` or `inputFolder(…)`. */
  readonly folder: string;
  /** Other executions whose files it may read: the one that caused it. */
  readonly readable?: readonly ExecutionPlace[];
  /** Returns where an execution lives whose files it may read as well; asked for what is not known to be. */
  readonly findJoined?: (executionId: string) => Promise<ExecutionPlace | undefined>;
  /** What a file is marked with whose writer does not say; without it such a file counts as unknown. */
  readonly provenance?: Provenance;
}

/** Returns the files of one task run. */
export function createExecutionFiles(parts: ExecutionFileParts): ExecutionFiles {
  const { place, blobs } = parts;
  const owner = `execution:${place.executionId}`;
  const ownFolder = `${executionFolder(place)}/`;
  const readableFolders = [
    ownFolder,
    `${namespaceFolder(place.namespace)}/`,
    ...(parts.readable ?? []).map((one) => `${executionFolder(one)}/`),
  ];

  const readablePath = async (uri: string): Promise<string> => {
    const path = parseUri(uri, place.namespace);
    if (readableFolders.some((folder) => path.startsWith(folder))) return path;
    const [, executionId] = /\/executions\/([^/]+)\//.exec(path) ?? [];
    const joined = executionId === undefined ? undefined : await parts.findJoined?.(executionId);
    if (joined !== undefined && path.startsWith(`${executionFolder(joined)}/`)) {
      readableFolders.push(`${executionFolder(joined)}/`);
      return path;
    }
    throw new Failure(
      'file.refused',
      `the file \`${uri}\` belongs to another execution or namespace`,
    );
  };
  const readableName = async (uri: string): Promise<string> =>
    blobName(parts, await readablePath(uri));
  const written = (name: string, provenance?: Provenance) => ({
    path: `${parts.folder}/${partsOf(name).join('/')}`,
    owner,
    provenance: provenance ?? parts.provenance ?? unknownProvenance,
  });

  return {
    async put(name, content, provenance) {
      return storeFile(parts, written(name, provenance), (blob) =>
        blobs.put(blob, bytesOf(content)),
      );
    },
    async putFile(name, localPath, provenance) {
      return storeFile(parts, written(name, provenance), (blob) => blobs.putFile(blob, localPath));
    },
    read: async (uri) => blobs.get(await readableName(uri)),
    localPath: async (uri) => localFile(parts, await readablePath(uri)),
    size: async (uri) => fileSize(parts, await readablePath(uri)),
    exists: async (uri) => blobs.exists(await readableName(uri)),
    async delete(uri) {
      const path = await readablePath(uri);
      if (path.startsWith(ownFolder)) return deleteFile(parts, path, owner);
      throw new Failure('file.refused', `the file \`${uri}\` is not this execution's to delete`);
    },
    async list() {
      return (await parts.store.files(parts.tenant, owner)).map(({ uri }) => uri);
    },
    provenance: async (uri) => fileProvenance(parts, await readablePath(uri)),
  };
}

/** Deletes everything an execution keeps in storage; gives the number of files. */
export async function deleteExecutionFiles(
  parts: FileParts,
  place: ExecutionPlace,
): Promise<number> {
  const owner = `execution:${place.executionId}`;
  const prefix = blobName(parts, '');
  const names = await parts.blobs.list(blobName(parts, `${executionFolder(place)}/`));
  const paths = names.map((name) => name.slice(prefix.length));
  for (const path of paths) await deleteFile(parts, path, owner);
  const left = await parts.store.files(parts.tenant, owner);
  const isGone = new Set(paths.map(formatUri));
  // Records whose bytes were lost before go as well.
  const removedFiles = left.filter(({ uri }) => !isGone.has(uri));
  if (removedFiles.length > 0) await parts.commit({ entries: [], removedFiles });
  return paths.length;
}
