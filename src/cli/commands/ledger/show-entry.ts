/** `sluice ledger show`. */
import type { Perform } from '../../command.ts';
import { exitCodes } from '../../output/exit-codes.ts';
import { json } from '../../output/json.ts';
import { oneLine } from '../../output/terminal-text.ts';
import { withApplication } from '../../with-application.ts';
import { entryDocument } from './entry-document.ts';
import { readSeq } from './read-seq.ts';

/** Shows an entry. */
export const showEntry: Perform = async (call, surroundings) => {
  const { out } = surroundings;
  const seq = readSeq(call.args[0] ?? '');
  const entry = await withApplication(call, surroundings, ({ ledger }) => ledger.entry(seq));
  const document = entryDocument(entry);
  if (call.text('output') === 'json') out.write(json(document));
  else {
    for (const [name, value] of Object.entries(document)) {
      out.write(
        `${`${name}:`.padEnd(9)}${oneLine(typeof value === 'string' ? value : JSON.stringify(value))}\n`,
      );
    }
  }
  return exitCodes.success;
};
