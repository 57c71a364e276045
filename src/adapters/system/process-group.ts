/** Process groups of the machine: whether one is alive, its end, and what tells a process from a later one of the same number. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { readdir, readFile, readlink } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

/** How long a killed group may take to vanish; only a process inside a broken device takes so long. */
const vanishMs = 5_000;
const pollMs = 10;

function signalGroup(group: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(-group, signal);
  } catch (error) {
    // `EPERM`: someone is there who may not be signalled.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** What follows the name of a process in its `stat`: state, parent, group, …; the name may hold anything. */
function fieldsOf(stat: string): readonly string[] {
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
}

interface ProcessEntry {
  readonly id: number;
  readonly group: number;
  readonly session: number;
  readonly hasTerminal: boolean;
}

/** Returns the processes that run; the dead whom nobody has buried do not count. Linux only. */
async function running(): Promise<readonly ProcessEntry[]> {
  const found: ProcessEntry[] = [];
  for (const id of await readdir('/proc')) {
    if (!/^\d+$/.test(id)) continue;
    const text = await readFile(`/proc/${id}/stat`, 'utf8').catch(() => '');
    const [state, , group, session, terminal] = fieldsOf(text);
    if (text === '' || state === 'Z' || state === 'X') continue;
    found.push({
      id: Number(id),
      group: Number(group),
      session: Number(session),
      hasTerminal: terminal !== '0',
    });
  }
  return found;
}

/**
 * Returns the groups that work below `place` and lead a session of their own without a terminal, as
 * those do that are started here; somebody who looks around there has a terminal. Linux only.
 */
export async function groupsIn(place: string): Promise<ReadonlySet<number>> {
  const groups = new Set<number>();
  if (process.platform !== 'linux') return groups;
  for (const { id, group, session, hasTerminal } of await running()) {
    if (session !== group || hasTerminal) continue;
    const folder = await readlink(`/proc/${id}/cwd`).catch(() => '');
    if (`${folder}/`.startsWith(place)) groups.add(group);
  }
  return groups;
}

/** Tells whether a member of the group runs. */
async function isGroupAlive(group: number): Promise<boolean> {
  if (!signalGroup(group, 0)) return false;
  return process.platform !== 'linux' || (await running()).some((one) => one.group === group);
}

/** Waits until the group is gone; false when it is not in time. */
export async function waitForGroup(group: number, milliseconds: number): Promise<boolean> {
  const end = performance.now() + milliseconds;
  while (await isGroupAlive(group)) {
    if (performance.now() >= end) return false;
    await sleep(pollMs);
  }
  return true;
}

/** Ends a group: asks, waits, kills. */
export async function endGroup(group: number, graceMs: number): Promise<void> {
  if (!(await isGroupAlive(group))) return;
  signalGroup(group, 'SIGTERM');
  if (await waitForGroup(group, graceMs)) return;
  signalGroup(group, 'SIGKILL');
  await waitForGroup(group, vanishMs);
}

/** Returns the start of the process `id` as a number of the machine's own; undefined when it is not there. */
export function startOf(id: number): string | undefined {
  try {
    if (process.platform === 'linux') {
      const fields = fieldsOf(readFileSync(`/proc/${id}/stat`, 'utf8'));
      return fields[0] === 'Z' || fields[0] === 'X' ? undefined : fields[19];
    }
    const text = execFileSync('ps', ['-o', 'lstart=', '-p', String(id)], { encoding: 'utf8' });
    return text.trim() === '' ? undefined : String(Date.parse(text.trim()));
  } catch {
    // It is not there, or this machine does not tell: then it is not recognised, and left alone.
    return undefined;
  }
}

let boot: string | undefined;

/** Returns what is different after each start of the machine; starts are counted from there on Linux. */
export function bootOf(): string {
  if (boot !== undefined) return boot;
  try {
    boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    boot = 'none';
  }
  return boot;
}
