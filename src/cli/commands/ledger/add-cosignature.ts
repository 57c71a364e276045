/** `sluice ledger add-cosignature`. */
import type { Perform } from '../../command.ts';
import { exitCodes } from '../../output/exit-codes.ts';
import { usageFailure } from '../../parse-arguments.ts';
import { printDone } from '../../print-rows.ts';
import { readLocalText } from '../../read-local-file.ts';
import { withApplication } from '../../with-application.ts';

/** Keeps a cosignature. */
export const addCosignature: Perform = async (call, surroundings) => {
  const witness = call.text('witness');
  if (witness === undefined) {
    throw usageFailure('option `--witness` is missing', 'name the key that the witness printed');
  }
  const text = await readLocalText(call.args[0] ?? '', surroundings);
  const kept = await withApplication(call, surroundings, ({ ledger }) =>
    ledger.addCosignature(text, witness),
  );
  const sentence = `kept the cosignature of \`${kept.witness}\` on the checkpoint of ${kept.size} entries`;
  printDone(call, surroundings, sentence, { ...kept });
  return exitCodes.success;
};
