/** `sluice budget show`. */
import { describeScope } from '../../../core/governance/index.ts';
import type { Perform } from '../../command.ts';
import { exitCodes } from '../../output/exit-codes.ts';
import { printDone } from '../../print-rows.ts';
import { withApplication } from '../../with-application.ts';
import { describeAmount } from './describe-amount.ts';

/** Shows a budget. */
export const showBudget: Perform = async (call, surroundings) => {
  const [id = ''] = call.args;
  const found = await withApplication(call, surroundings, async (application) =>
    (await application.governance()).budgets.show(id),
  );
  const { cap, unit, currency, scope, period, timeZone, present, standings } = found;
  const told = (amount: number): string => describeAmount(amount, unit, currency);
  const ends = present.endsAt === null ? 'never ends' : new Date(present.endsAt).toISOString();
  const lines = [
    `${id}: ${told(cap)} per ${period} (${timeZone}) for ${describeScope(scope)}`,
    `period ${present.name}, ends ${ends}`,
    ...standings.map(
      ({ name, settled, reserved, left }) =>
        `${name === '' ? 'all' : name}: ${told(settled)} spent, ${told(reserved)} set aside, ${told(left)} left`,
    ),
    ...(standings.length === 0 ? [`nothing spent, ${told(cap)} left`] : []),
  ];
  printDone(call, surroundings, lines.join('\n'), { ...found });
  return exitCodes.success;
};
