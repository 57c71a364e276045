/** Which folder holds the data when none is named: the same rule for every command, told in its help. */
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, relative, resolve, sep } from 'node:path';
import type { Call, Surroundings } from './command.ts';
import { usageFailure } from './parse-arguments.ts';

/** Returns the data folder of a call, as an absolute path. */
export function dataFolder(
  call: Call,
  { environment, workingFolder }: Pick<Surroundings, 'environment' | 'workingFolder'>,
): string {
  const named = call.text('data');
  if (named === '') throw usageFailure('option `--data` names no folder');
  if (named !== undefined) return resolve(workingFolder, named);
  const { SLUICE_DATA, XDG_DATA_HOME } = environment;
  if (SLUICE_DATA !== undefined && SLUICE_DATA !== '') return resolve(workingFolder, SLUICE_DATA);
  const local = join(workingFolder, '.sluice');
  if (existsSync(local)) return local;
  const home = environment['HOME'] ?? homedir();
  const base =
    XDG_DATA_HOME === undefined || XDG_DATA_HOME === ''
      ? join(home, '.local', 'share')
      : XDG_DATA_HOME;
  return join(base, 'sluice');
}

/**
 * Refuses to write to `place` where it lies in the data folder: what is made of a ledger would replace
 * the ledger itself, and what is published would have the keys beside it.
 */
export function refuseOwnFolder(
  call: Call,
  surroundings: Pick<Surroundings, 'environment' | 'workingFolder'>,
  place: string,
): void {
  const way = relative(dataFolder(call, surroundings), place);
  if (way === '..' || way.startsWith(`..${sep}`) || way.startsWith(sep)) return;
  throw usageFailure(`\`${place}\` lies in the data folder itself`, 'name a place elsewhere');
}

/** Returns `command` with the data folder of `call` named, for a person to repeat it. */
export function repeatable(call: Call, command: string): string {
  const named = call.text('data');
  if (named === undefined) return command;
  const quoted = /^[\w@%+=:,./-]+$/.test(named) ? named : `'${named.replaceAll("'", "'\\''")}'`;
  return `${command} --data ${quoted}`;
}
