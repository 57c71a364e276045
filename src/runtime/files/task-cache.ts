/**
 * Where the outputs of cached tasks are kept: files of the flow, beside its executions, so that they
 * outlast the execution that made them. Each is stored with where its content comes from.
 */
import type { Provenance } from '../../core/value/index.ts';
import { cacheFolder, type ExecutionPlace } from './storage-uri.ts';
import {
  blobName,
  bytesOf,
  deleteFile,
  type FileParts,
  fileProvenance,
  storeFile,
} from './stored-files.ts';

/** What one task of a flow keeps between executions. */
export interface TaskCache {
  put(name: string, content: string, provenance: Provenance): Promise<void>;
  /** Keeps the content of a local file. */
  putFile(name: string, localPath: string, provenance: Provenance): Promise<void>;
  /** Returns the content of `name`; undefined when nothing is kept under it. */
  read(name: string): Promise<Uint8Array | undefined>;
  provenance(name: string): Promise<Provenance>;
  /** Deletes everything whose name starts with `prefix`. */
  remove(prefix: string): Promise<void>;
}

/** Returns what the task `taskId` of the flow of `place` keeps. */
export function createTaskCache(
  parts: FileParts,
  place: Pick<ExecutionPlace, 'namespace' | 'flowId'>,
  taskId: string,
): TaskCache {
  const { blobs } = parts;
  const folder = cacheFolder(place, taskId);
  const owner = `flow:${place.namespace}/${place.flowId}`;
  const pathOf = (name: string): string => `${folder}/${name}`;
  const store = async (
    name: string,
    provenance: Provenance,
    fill: (blob: string) => Promise<void>,
  ): Promise<void> => {
    await storeFile(parts, { path: pathOf(name), owner, provenance }, fill);
  };
  return {
    put: (name, content, provenance) =>
      store(name, provenance, (blob) => blobs.put(blob, bytesOf(content))),
    putFile: (name, localPath, provenance) =>
      store(name, provenance, (blob) => blobs.putFile(blob, localPath)),
    async read(name) {
      const blob = blobName(parts, pathOf(name));
      return (await blobs.exists(blob)) ? blobs.get(blob) : undefined;
    },
    provenance: (name) => fileProvenance(parts, pathOf(name)),
    async remove(prefix) {
      const start = blobName(parts, '').length;
      for (const blob of await blobs.list(blobName(parts, pathOf(prefix)))) {
        await deleteFile(parts, blob.slice(start), owner);
      }
    },
  };
}
