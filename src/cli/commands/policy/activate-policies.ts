/** `sluice policy activate`. */
import type { Perform } from '../../command.ts';
import { exitCodes } from '../../output/exit-codes.ts';
import { printDone } from '../../print-rows.ts';
import { withApplication } from '../../with-application.ts';
import { actingAs } from './acting-as.ts';
import { shownDigits } from './list-policies.ts';

/** Puts policies in force. */
export const activatePolicies: Perform = async (call, surroundings) => {
  const [id = ''] = call.args;
  const { set: _, ...version } = await withApplication(call, surroundings, async (application) =>
    (await application.policies()).activate(id, actingAs(call)),
  );
  const sentence = `in force: ${version.version.slice(0, shownDigits)}`;
  printDone(call, surroundings, sentence, version);
  return exitCodes.success;
};
