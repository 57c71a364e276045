/** `sluice backup`. */
import { resolve } from 'node:path';
import type { MadeBackup } from '../../../app/backup/make-backup.ts';
import type { Perform } from '../../command.ts';
import { exitCodes } from '../../output/exit-codes.ts';
import { printDone } from '../../print-rows.ts';
import { withApplication } from '../../with-application.ts';
import { withBackupProgress } from './backup-progress.ts';

/** Returns how many there are of something. */
export function counted(count: number, one: string, many: string): string {
  return count === 1 ? `1 ${one}` : `${count} ${many}`;
}

/** Returns a number of bytes as people read it. */
export function bytesText(bytes: number): string {
  const units = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB'];
  let [value, unit] = [bytes, 0];
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${unit === 0 ? value : value.toFixed(1)} ${units[unit]}`;
}

function remarks({ manifest }: MadeBackup): readonly string[] {
  const { missing, replaced, hasKeys, keys } = manifest;
  const about = (uris: readonly string[], what: string): readonly string[] =>
    uris.length === 0
      ? []
      : [`${counted(uris.length, 'file was', 'files were')} ${what}, first \`${uris[0]}\``];
  const names = keys.map(({ name }) => name).join(' and ');
  return [
    ...about(missing, 'deleted meanwhile and is not in the backup'),
    ...about(replaced, 'replaced meanwhile; the backup has the later content, as untrusted'),
    hasKeys
      ? `it holds ${names}: whoever has it can sign as this ledger and read its secrets`
      : `it does not hold ${names}: keep them somewhere else, a restore needs them`,
  ];
}

/** Makes a backup. */
export const makeBackup: Perform = async (call, surroundings) => {
  const destination = resolve(surroundings.workingFolder, call.args[0] ?? '');
  const made = await withApplication(call, surroundings, (application) =>
    withBackupProgress(call, surroundings, (onProgress) =>
      application.backup({
        destination,
        withKeys: call.has('with-keys'),
        replaces: call.has('replace'),
        onProgress,
      }),
    ),
  );
  const { manifest, digest, bytes, path } = made;
  const { files, ledger, missing, replaced, hasKeys, at } = manifest;
  const entries = counted(ledger.size, 'entry', 'entries');
  printDone(
    call,
    surroundings,
    `backed up ${entries} and ${counted(files.length, 'file', 'files')} (${bytesText(bytes)}) to ${path}`,
    { path, at, digest, bytes, files: files.length, ...ledger, missing, replaced, hasKeys },
  );
  if (!call.has('quiet')) {
    for (const remark of remarks(made)) surroundings.err.write(`${remark}\n`);
  }
  return exitCodes.success;
};
