/** `sluice ledger checkpoint`. */
import type { Perform } from '../../command.ts';
import { exitCodes } from '../../output/exit-codes.ts';
import { json } from '../../output/json.ts';
import { withApplication } from '../../with-application.ts';

/** Signs a checkpoint. */
export const makeCheckpoint: Perform = async (call, surroundings) => {
  const { out, err } = surroundings;
  const checkpoint = await withApplication(call, surroundings, ({ ledger }) => ledger.checkpoint());
  if (call.text('output') === 'json') out.write(json(checkpoint));
  else {
    out.write(checkpoint.note);
    if (!call.has('quiet')) err.write(`key: ${checkpoint.verifierKey}\n`);
  }
  return exitCodes.success;
};
