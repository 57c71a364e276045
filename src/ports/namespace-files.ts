/** Files of a namespace: shared by its flows, kept until somebody deletes them. Paths start without `/`. */
import type { Provenance } from '../core/value/index.ts';

/** The files of one namespace. */
export interface NamespaceFiles {
  readonly namespace: string;
  put(path: string, content: Uint8Array | string, provenance?: Provenance): Promise<string>;
  /** Returns the bytes; throws `file.not-found`. */
  read(path: string): Promise<Uint8Array>;
  exists(path: string): Promise<boolean>;
  /** Tells whether it was there. */
  delete(path: string): Promise<boolean>;
  /** Returns all paths in order. */
  list(): Promise<readonly string[]>;
  uri(path: string): string;
  provenance(path: string): Promise<Provenance>;
}
