/** An application that keeps nothing: for tests of flows that need no data folder. */
import { mkdtemp, rm } from 'node:fs/promises';
import { rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createMemoryStore } from '../adapters/memory/memory-store.ts';
import { createSystemSealer } from '../adapters/system/system-sealer.ts';
import type { Application } from './application.ts';
import { createApplication } from './create-application.ts';

/** Returns an application over a store in memory and a folder that goes with it. */
export async function createTransientApplication(): Promise<Application> {
  const dataFolder = await mkdtemp(join(tmpdir(), 'sluice-transient-'));
  const removeAtExit = (): void => rmSync(dataFolder, { recursive: true, force: true });
  process.once('exit', removeAtExit);
  const store = createMemoryStore(createSystemSealer());
  const application = await createApplication({ dataFolder, store });
  return {
    ...application,
    async close() {
      await application.close();
      process.off('exit', removeAtExit);
      await rm(dataFolder, { recursive: true, force: true });
    },
  };
}
