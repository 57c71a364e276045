/** `sluice ledger publish`. */
import { resolve } from 'node:path';
import type { Perform } from '../../command.ts';
import { refuseOwnFolder } from '../../data-folder.ts';
import { exitCodes } from '../../output/exit-codes.ts';
import { unwritable } from '../../output/file-outlet.ts';
import { printDone } from '../../print-rows.ts';
import { withApplication } from '../../with-application.ts';

/** Writes the ledger as files. */
export const publishLedger: Perform = async (call, surroundings) => {
  const folder = resolve(surroundings.workingFolder, call.args[0] ?? '');
  refuseOwnFolder(call, surroundings, folder);
  const hasPayloads = call.has('payloads');
  const done = await withApplication(call, surroundings, ({ ledger }) =>
    ledger.publish(folder, { hasPayloads }).catch((error: unknown) => {
      const isOfSystem = error instanceof Error && 'syscall' in error;
      throw isOfSystem ? unwritable(folder, error) : error;
    }),
  );
  const sentence = `published ${done.size} entries; ${done.fileCount} files are written or changed`;
  printDone(call, surroundings, sentence, { ...done, folder });
  return exitCodes.success;
};
