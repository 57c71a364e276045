/** `sluice approval claim`. */
import type { Perform } from '../../command.ts';
import { exitCodes } from '../../output/exit-codes.ts';
import { printDone } from '../../print-rows.ts';
import { withApplication } from '../../with-application.ts';

/** Takes an approval on, or gives it back. */
export const claimApproval: Perform = async (call, surroundings) => {
  const [id = ''] = call.args;
  const isReleased = call.has('release');
  const approval = await withApplication(call, surroundings, async (application) => {
    const desk = await application.approvals();
    return isReleased ? desk.unclaim(id) : desk.claim(id);
  });
  const sentence = isReleased
    ? `the approval \`${id}\` is free`
    : `the approval \`${id}\` is yours to decide`;
  printDone(call, surroundings, sentence, { ...approval });
  return exitCodes.success;
};
