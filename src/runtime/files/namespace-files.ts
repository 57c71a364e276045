/** The files of a namespace: shared by its flows, kept until somebody deletes them. */
import { unknownProvenance } from '../../core/value/index.ts';
import type { NamespaceFiles } from '../../ports/namespace-files.ts';
import { formatUri, namespaceFolder, parseUri, partsOf } from './storage-uri.ts';
import {
  blobName,
  bytesOf,
  deleteFile,
  type FileParts,
  fileProvenance,
  storeFile,
} from './stored-files.ts';

/** What the files of a namespace are made of. */
export interface NamespaceFileParts extends FileParts {
  readonly namespace: string;
}

/** Returns the files of one namespace. */
export function createNamespaceFiles(parts: NamespaceFileParts): NamespaceFiles {
  const { namespace, blobs } = parts;
  const owner = `namespace:${namespace}`;
  const folder = namespaceFolder(namespace);
  const pathOf = (path: string): string => {
    // People write `/a.txt` for the file at the top; it is the same file.
    const inner = path.startsWith('/') ? path.slice(1) : path;
    return `${folder}/${partsOf(inner).join('/')}`;
  };
  return {
    namespace,
    async put(path, content, provenance = unknownProvenance) {
      return storeFile(parts, { path: pathOf(path), owner, provenance }, (blob) =>
        blobs.put(blob, bytesOf(content)),
      );
    },
    read: async (path) => blobs.get(blobName(parts, pathOf(path))),
    exists: async (path) => blobs.exists(blobName(parts, pathOf(path))),
    delete: async (path) => deleteFile(parts, pathOf(path), owner),
    async list() {
      const records = await parts.store.files(parts.tenant, owner);
      return records.map(({ uri }) => parseUri(uri, namespace).slice(folder.length + 1)).toSorted();
    },
    uri: (path) => formatUri(pathOf(path)),
    provenance: async (path) => fileProvenance(parts, pathOf(path)),
  };
}
