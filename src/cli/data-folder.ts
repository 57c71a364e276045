/** Which folder holds the data when none is named: the same rule for every command, told in its help. */
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
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

/** Returns `command` with the data folder of `call` named, for a person to repeat it. */
export function repeatable(call: Call, command: string): string {
  const named = call.text('data');
  if (named === undefined) return command;
  const quoted = /^[\w@%+=:,./-]+$/.test(named) ? named : `'${named.replaceAll("'", "'\\''")}'`;
  return `${command} --data ${quoted}`;
}
