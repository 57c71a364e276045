/** `sluice budget show`. */
import { describeScope } from '../../../core/governance/index.ts';
import type { Perform } from '../../command.ts';
import { exitCodes } from '../../output/exit-codes.ts';
import { printDone } from '../../print-rows.ts';
import { withApplication } from '../../with-application.ts';

/** Shows a budget. */
export const showBudget: Perform = async (call, surroundings) => {
  const [id = ''] = call.args;
  const found = await withApplication(call, surroundings, async (application) =>
    (await application.governance()).budgets.show(id),
  );
  const { cap, unit, currency, scope, period, timeZone, present, standings } = found;
  const what = currency ?? unit;
  const ends = present.endsAt === null ? 'never ends' : new Date(present.endsAt).toISOString();
  const lines = [
    `${id}: ${cap} ${what} per ${period} (${timeZone}) for ${describeScope(scope)}`,
    `period ${present.name}, ends ${ends}`,
    ...standings.map(
      ({ name, settled, reserved, left }) =>
        `${name === '' ? 'all' : name}: ${settled} spent, ${reserved} set aside, ${left} left`,
    ),
    ...(standings.length === 0 ? [`nothing spent, ${cap} left`] : []),
  ];
  printDone(call, surroundings, lines.join('\n'), { ...found });
  return exitCodes.success;
};
