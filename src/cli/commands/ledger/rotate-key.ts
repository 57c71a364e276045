/** `sluice ledger rotate-key`. */
import type { Perform } from '../../command.ts';
import { exitCodes } from '../../output/exit-codes.ts';
import { printDone } from '../../print-rows.ts';
import { withApplication } from '../../with-application.ts';

/** Changes the key. */
export const rotateKey: Perform = async (call, surroundings) => {
  const rotated = await withApplication(call, surroundings, ({ ledger }) => ledger.rotateKey());
  const { seq, previousKey, verifierKey } = rotated;
  const sentence = `changed the key; entry ${seq} records it\n  was: ${previousKey}\n  is:  ${verifierKey}`;
  printDone(call, surroundings, sentence, { ...rotated });
  return exitCodes.success;
};
