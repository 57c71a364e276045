/**
 * Process groups noted as files of the data folder: where a group works before it is started, and what
 * tells its leader from a later process of the same number after it. A crash in between leaves the
 * place, by which Linux finds it.
 *
 * INVARIANT: only a group is ended that is a noted one and whose starter is gone.
 */
import {
  appendFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join, sep } from 'node:path';
import type { LeftProcesses } from '../../ports/left-processes.ts';
import { bootOf, endGroup, groupsIn, startOf } from './process-group.ts';

/** How long a left group may take to end by itself after it was asked to. */
const graceMs = 2_000;

interface Noted {
  readonly file: string;
  readonly owner: number;
  readonly ownerStart: string;
  readonly boot: string;
}

/** Returns what the name of a note says: the process that made it, and which of its notes it is. */
function readName(folder: string, name: string): Noted | undefined {
  const [owner, ownerStart, boot, number] = name.split('.');
  if (number === undefined) return undefined;
  return {
    file: join(folder, name),
    owner: Number(owner),
    ownerStart: ownerStart ?? '',
    boot: boot ?? '',
  };
}

/** Returns the groups of `noted` that are still there. */
async function groupsOf({ file, boot }: Noted): Promise<ReadonlySet<number>> {
  const groups = new Set<number>();
  if (boot !== bootOf()) return groups;
  const [folder = '', leader = ''] = readFileSync(file, 'utf8').split('\n');
  const [group = '', start] = leader.split(' ');
  if (start !== undefined && startOf(Number(group)) === start) groups.add(Number(group));
  // What its leader left behind, or what was started and not noted any more.
  if (folder !== '') for (const one of await groupsIn(folder + sep)) groups.add(one);
  return groups;
}

/** Returns the process groups that are noted in `folder`. */
export function createSystemLeftProcesses(folder: string): LeftProcesses {
  let owner: string | undefined;
  let count = 0;
  let ending: Promise<number> | undefined;

  const endOne = async (noted: Noted): Promise<number> => {
    if (noted.boot === bootOf() && startOf(noted.owner) === noted.ownerStart) return 0;
    const groups = await groupsOf(noted);
    await Promise.all([...groups].map((group) => endGroup(group, graceMs)));
    rmSync(noted.file, { force: true });
    return groups.size;
  };
  const endAll = async (): Promise<number> => {
    let names: string[];
    try {
      names = readdirSync(folder);
    } catch (error) {
      // Nothing was ever noted.
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 0;
      throw error;
    }
    const noted = names.map((name) => readName(folder, name)).filter((one) => one !== undefined);
    const ended = await Promise.all(noted.map(endOne));
    return ended.reduce((sum, one) => sum + one, 0);
  };

  return {
    note(workingFolder) {
      owner ??= `${process.pid}.${startOf(process.pid) ?? ''}.${bootOf()}`;
      count += 1;
      const file = join(folder, `${owner}.${count}`);
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      writeFileSync(file, `${workingFolder}\n`, { mode: 0o600 });
      return {
        started(group) {
          const start = startOf(group);
          if (start !== undefined) appendFileSync(file, `${group} ${start}\n`);
        },
        over: () => rmSync(file, { force: true }),
      };
    },
    end() {
      ending ??= endAll().finally(() => {
        ending = undefined;
      });
      return ending;
    },
  };
}
