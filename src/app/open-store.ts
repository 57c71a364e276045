/** Opens the store of a data folder, with everything it is made of. */
import { join } from 'node:path';
import { openSqliteStore } from '../adapters/sqlite/sqlite-store.ts';
import { createSystemSealer } from '../adapters/system/system-sealer.ts';
import type { Store } from '../ports/store.ts';
import { storeName } from './data-folder.ts';

/** Opens the store of the data folder `dataFolder`. */
export function openStore(dataFolder: string): Promise<Store> {
  return openSqliteStore({
    path: join(dataFolder, storeName),
    sealer: createSystemSealer(),
    thread: { script: new URL('./commit-thread.ts', import.meta.url) },
  });
}
