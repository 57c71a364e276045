/** `sluice budget remove`. */
import type { Perform } from '../../command.ts';
import { exitCodes } from '../../output/exit-codes.ts';
import { printDone } from '../../print-rows.ts';
import { withApplication } from '../../with-application.ts';

/** Removes a budget. */
export const removeBudget: Perform = async (call, surroundings) => {
  const [id = ''] = call.args;
  await withApplication(call, surroundings, async (application) =>
    (await application.governance()).budgets.remove(id),
  );
  printDone(call, surroundings, `the budget \`${id}\` is removed`, { id });
  return exitCodes.success;
};
