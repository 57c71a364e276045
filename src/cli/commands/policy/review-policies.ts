/** `sluice policy review`. */
import type { Perform } from '../../command.ts';
import { exitCodes } from '../../output/exit-codes.ts';
import { printDone } from '../../print-rows.ts';
import { withApplication } from '../../with-application.ts';
import { actingAs } from './acting-as.ts';
import { shownDigits } from './list-policies.ts';

/** Enters a review. */
export const reviewPolicies: Perform = async (call, surroundings) => {
  const [id = ''] = call.args;
  const note = call.text('note') ?? '';
  const { set: _, ...version } = await withApplication(call, surroundings, async (application) =>
    (await application.policies()).review(id, { note, ...actingAs(call) }),
  );
  const by = version.reviews.at(-1)?.by ?? '';
  const sentence = `reviewed ${version.version.slice(0, shownDigits)} as ${by}`;
  printDone(call, surroundings, sentence, version);
  return exitCodes.success;
};
