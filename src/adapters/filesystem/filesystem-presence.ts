/**
 * Presence by one small file per process in the data folder. A file whose process is gone (it was
 * killed, the machine restarted) does not count and is removed.
 */
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Presence } from '../../ports/presence.ts';

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // The process exists but belongs to somebody else.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

let opened = 0;

/** Returns the presence of this process in `folder`. */
export function createFilesystemPresence(folder: string): Presence {
  opened += 1;
  const own = `${process.pid}-${opened}`;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, own), '');
  return {
    hasOthers() {
      let found = false;
      for (const name of readdirSync(folder)) {
        if (name === own) continue;
        if (isAlive(Number(name.split('-')[0]))) found = true;
        else rmSync(join(folder, name), { force: true });
      }
      return found;
    },
    leave() {
      rmSync(join(folder, own), { force: true });
    },
  };
}
