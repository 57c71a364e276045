/** Snapshots of a store: whole copies of one moment, taken while others go on writing. */
import type { FileRecord, Store } from './store.ts';

/** How far something is; for displays. */
export interface CopyProgress {
  readonly done: number;
  readonly total: number;
}

/** Takes and reads snapshots. */
export interface Snapshots {
  /** Copies the store as it is at this moment to a local file, which must not exist; writers are not held up. */
  take(destination: string, onProgress?: (progress: CopyProgress) => void): Promise<void>;
  /** Opens a snapshot that nobody changes; everything of it that writes throws `store.unreachable`. */
  open(path: string): Promise<Snapshot>;
}

/** A store that is only read, and what is asked of a whole store alone. */
export interface Snapshot {
  readonly store: Store;
  /** Returns file records of all owners in order of tenant and URI, after `after`, at most `limit`. */
  fileRecords(
    after: Pick<FileRecord, 'tenant' | 'uri'>,
    limit: number,
  ): Promise<readonly Pick<FileRecord, 'tenant' | 'uri' | 'size' | 'at'>[]>;
  /** Returns the migrations that made its tables. */
  migrations(): Promise<readonly { readonly name: string; readonly checksum: string }[]>;
}
