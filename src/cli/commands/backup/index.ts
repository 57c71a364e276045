/** The commands about backups. */
import type { Command } from '../../command.ts';

const fromOption = {
  name: 'from',
  value: 'FILE',
  isRepeatable: true,
  summary: 'a checkpoint that was kept elsewhere; shows a backup that is older or of another past',
} as const;
const keyOption = {
  name: 'vkey',
  value: 'KEY',
  isRepeatable: true,
  summary: 'a key to trust instead of the one that the backup names',
} as const;

/** The commands about backups. */
export const backupCommands: readonly Command[] = [
  {
    verb: 'backup',
    summary: 'Copies the data folder to another folder while others work on it.',
    description:
      'The copy is of one moment: the store, the content of its files, the ledger with a checkpoint signed for it, and a signed list of all files with their digests. It appears under its name when it is whole and not before. The ledger records that it was made.\n\n' +
      'The keys are not in it: without them a backup can be read and verified, but neither signed for nor decrypted. Keep `ledger.key` and `encryption.key` somewhere else, or take them along with `--with-keys`; whoever has such a backup can then sign as this ledger and read its secrets.',
    args: [{ name: 'destination', summary: 'a folder that does not exist' }],
    options: [
      { name: 'with-keys', summary: 'also copies ledger.key and encryption.key' },
      { name: 'replace', summary: 'replaces the backup that is there' },
    ],
    examples: [
      { title: 'Make a backup', call: 'sluice backup /backups/monday' },
      {
        title: 'Replace the last one, with the keys',
        call: 'sluice backup /backups/latest --replace --with-keys',
      },
    ],
    load: async () => (await import('./make-backup.ts')).makeBackup,
  },
  {
    noun: 'backup',
    verb: 'verify',
    summary: 'Verifies a backup offline: its signature, every file, the ledger in it.',
    description: 'Needs no data folder and changes nothing of the backup.',
    args: [{ name: 'backup', summary: 'the folder of the backup' }],
    options: [fromOption, keyOption],
    examples: [{ title: 'Verify a backup', call: 'sluice backup verify /backups/monday' }],
    load: async () => (await import('./verify-backup.ts')).verifyBackup,
  },
  {
    verb: 'restore',
    summary: 'Puts a backup in the place of the data folder.',
    description:
      'The backup is verified first. A data folder that is there must not be in use; it is kept beside the restored one. If it has entries that the backup has not, nothing is restored and what would be lost is said; `--discard-newer` restores all the same. The restored ledger records it.\n\n' +
      'Keys that are not in the backup are taken from the folder of `--keys`, or from the data folder that is there.',
    args: [{ name: 'backup', summary: 'the folder of the backup' }],
    options: [
      { name: 'dry-run', summary: 'only says what would be lost' },
      { name: 'discard-newer', summary: 'restores although entries are lost' },
      { name: 'accept-erased', summary: 'restores although what was erased since comes back' },
      { name: 'keys', value: 'DIR', summary: 'a folder with keys that were kept apart' },
      { name: 'without-keys', summary: 'restores without keys that are not at hand' },
      fromOption,
      keyOption,
    ],
    examples: [
      { title: 'See what would be lost', call: 'sluice restore /backups/monday --dry-run' },
      { title: 'Restore into another folder', call: 'sluice restore /backups/monday --data fresh' },
      {
        title: 'Never an older state than a checkpoint that was kept',
        call: 'sluice restore /backups/monday --from checkpoint.txt',
      },
    ],
    load: async () => (await import('./restore-backup.ts')).restoreBackup,
  },
];
