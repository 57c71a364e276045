/** Bytes by name: the content of files. Names are paths with `/`; an adapter maps them to its medium. */

/** Bytes by name. */
export interface Blobs {
  put(name: string, content: Uint8Array): Promise<void>;
  /** Takes the content of a local file; the file may be moved. */
  putFile(name: string, localPath: string): Promise<void>;
  /** Throws `file.not-found`. */
  get(name: string): Promise<Uint8Array>;
  /** Returns a local path with the content, for programs that read files themselves; not to be written. */
  localPath(name: string): Promise<string>;
  size(name: string): Promise<number>;
  exists(name: string): Promise<boolean>;
  delete(name: string): Promise<boolean>;
  /** Returns the names that start with `prefix`, in order. */
  list(prefix: string): Promise<readonly string[]>;
}
