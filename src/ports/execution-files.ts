/**
 * Files of one execution in internal storage, named by `kestra://` URIs. A task reads files of its own
 * execution, of the execution that caused it and of its namespace; nothing else.
 */
import type { Provenance } from '../core/value/index.ts';

/** Files that one task run may write and read. */
export interface ExecutionFiles {
  /** Stores bytes under `name` in this task run's folder and gives the URI. */
  put(name: string, content: Uint8Array | string, provenance?: Provenance): Promise<string>;
  /** Stores a local file, moving or copying it; gives the URI. */
  putFile(name: string, localPath: string, provenance?: Provenance): Promise<string>;
  /** Returns the bytes of `uri`: `kestra://…`, or `nsfile:///…` for a namespace file. */
  read(uri: string): Promise<Uint8Array>;
  /** Returns a local path with the content of `uri`, for programs that read files themselves; do not write there. */
  localPath(uri: string): Promise<string>;
  size(uri: string): Promise<number>;
  exists(uri: string): Promise<boolean>;
  /** Deletes a file of this execution; tells whether it was there. */
  delete(uri: string): Promise<boolean>;
  /** Returns the URIs of all files of this execution. */
  list(): Promise<readonly string[]>;
  /** Where the content of `uri` comes from. */
  provenance(uri: string): Promise<Provenance>;
}
