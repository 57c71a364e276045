/** Working folders on the local disk: made for a run, filled and searched, removed after it, also by a later process. */

/** Working folders. */
export interface Folders {
  /** Makes the folder `id`, if it is not there, and gives its absolute path. */
  make(id: string): Promise<string>;
  /** Returns the absolute path of a folder that was made, maybe by an earlier process; throws `file.not-found` when it is gone. */
  open(id: string): Promise<string>;
  /** Removes the folder `id` and everything in it. */
  remove(id: string): Promise<void>;
  /** Returns the ids of the folders that are there. */
  list(): Promise<readonly string[]>;
  /** Writes a file below `folder`; paths that lead out of it are refused with `file.refused`. */
  write(folder: string, path: string, content: Uint8Array | string): Promise<void>;
  read(folder: string, path: string): Promise<Uint8Array>;
  /** Returns the files below `folder` that match any of `globs`, as relative paths in order. */
  find(
    folder: string,
    globs: readonly string[],
  ): Promise<readonly { readonly path: string; readonly changedAt: number }[]>;
}
