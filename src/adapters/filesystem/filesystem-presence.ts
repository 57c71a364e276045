/**
 * Presence by one small file per process in the data folder. A file whose process is gone (it was
 * killed, the machine restarted) does not count and is removed.
 *
 * INVARIANT: another process that was given the number of one that is gone is not taken for it, where the
 * system tells when processes began.
 */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Presence } from '../../ports/presence.ts';

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    // Not there, or not told: whoever asks takes both for nothing.
    return '';
  }
}

/** Returns what tells a process from every other of its number; empty where the system does not say. */
function beginningOf(pid: number): string {
  const stat = textOf(`/proc/${pid}/stat`);
  // The name of the program stands in brackets and may hold anything, brackets too.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state, start] = [fields[0], fields[19]];
  // One that has ended and that nobody has asked about yet still has a number.
  if (state === 'Z' || state === 'X') return 'ended';
  if (start === undefined) return '';
  return `${textOf('/proc/sys/kernel/random/boot_id').trim()} ${start}`;
}

function isAlive(pid: number, beginning: string): boolean {
  const present = beginningOf(pid);
  if (present === 'ended') return false;
  if (present !== '' && beginning !== '') return present === beginning;
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
  writeFileSync(join(folder, own), beginningOf(process.pid));
  return {
    hasOthers() {
      let found = false;
      for (const name of readdirSync(folder)) {
        if (name === own) continue;
        const path = join(folder, name);
        if (isAlive(Number(name.split('-')[0]), textOf(path))) found = true;
        else rmSync(path, { force: true });
      }
      return found;
    },
    leave() {
      rmSync(join(folder, own), { force: true });
    },
  };
}
