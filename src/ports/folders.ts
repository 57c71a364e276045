/** Working folders on the local disk: made for a run, filled and searched, removed after it. */

/** Working folders. */
export interface Folders {
  /** Makes the folder `id`, if it is not there, and gives its absolute path. */
  make(id: string): Promise<string>;
  /** Removes the folder `id` and everything in it; `.` is all of them. */
  remove(id: string): Promise<void>;
  /** Writes a file below `folder`; paths that lead out of it are refused with `file.refused`. */
  write(folder: string, path: string, content: Uint8Array | string): Promise<void>;
  read(folder: string, path: string): Promise<Uint8Array>;
  /** Returns the files below `folder` that match any of `globs`, as relative paths in order. */
  find(
    folder: string,
    globs: readonly string[],
  ): Promise<readonly { readonly path: string; readonly changedAt: number }[]>;
}
