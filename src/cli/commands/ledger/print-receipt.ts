/** `sluice ledger receipt`. */
import type { Perform } from '../../command.ts';
import { exitCodes } from '../../output/exit-codes.ts';
import { json } from '../../output/json.ts';
import { withApplication } from '../../with-application.ts';
import { readSeq } from './read-seq.ts';

/** Prints the receipt of an entry. */
export const printReceipt: Perform = async (call, surroundings) => {
  const { out, err } = surroundings;
  const seq = readSeq(call.args[0] ?? '');
  const receipt = await withApplication(call, surroundings, ({ ledger }) => ledger.receipt(seq));
  if (call.text('output') === 'json') out.write(json(receipt));
  else {
    out.write(receipt.text);
    if (!call.has('quiet')) err.write(`key: ${receipt.verifierKey}\n`);
  }
  return exitCodes.success;
};
