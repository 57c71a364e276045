/**
 * The entry of the command line. The cache of compiled code is switched on before anything else is
 * loaded, which is why all else is imported later: process start is a budget. `bin/sluice` has done so
 * already; this is for those who run the file itself.
 */
import { enableCompileCache, getCompileCacheDir } from 'node:module';
import { homedir } from 'node:os';
import { join } from 'node:path';

if (getCompileCacheDir() === undefined) {
  const { XDG_CACHE_HOME } = process.env;
  const caches = XDG_CACHE_HOME || join(homedir(), '.cache');
  // A folder of the user's own: code is run from it, so it must not be the shared temporary folder.
  enableCompileCache(join(caches, 'sluice', 'compiled'));
}

const { startProcess } = await import('./start-process.ts');
await startProcess();
