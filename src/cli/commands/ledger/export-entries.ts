/** `sluice ledger export`. */
import type { Perform } from '../../command.ts';
import { exitCodes } from '../../output/exit-codes.ts';
import { readCount } from '../../read-names.ts';
import { withApplication } from '../../with-application.ts';
import { entryDocument } from './entry-document.ts';

/** Prints entries, one JSON document a line. */
export const exportEntries: Perform = async (call, surroundings) => {
  const from = readCount(call, 'from') ?? 1;
  const to = readCount(call, 'to') ?? Number.MAX_SAFE_INTEGER;
  await withApplication(call, surroundings, async ({ ledger }) => {
    for await (const entry of ledger.read(from, to)) {
      surroundings.out.write(`${JSON.stringify(entryDocument(entry))}\n`);
    }
  });
  return exitCodes.success;
};
