/** `sluice budget list`. */
import { describeScope } from '../../../core/governance/index.ts';
import type { Perform } from '../../command.ts';
import { exitCodes } from '../../output/exit-codes.ts';
import { printRows } from '../../print-rows.ts';
import { withApplication } from '../../with-application.ts';
import { describeAmount } from './describe-amount.ts';

/** Lists the budgets and how they stand. */
export const listBudgets: Perform = async (call, surroundings) => {
  const found = await withApplication(call, surroundings, async (application) =>
    (await application.governance()).budgets.list(),
  );
  printRows(call, surroundings, {
    rows: found,
    documents: found,
    columns: [
      { title: 'ID', text: ({ id }) => id, isFlexible: true },
      { title: 'FOR', text: ({ scope }) => describeScope(scope), isFlexible: true },
      { title: 'CAP', text: ({ cap, currency, unit }) => describeAmount(cap, unit, currency) },
      { title: 'PERIOD', text: ({ period, timeZone }) => `${period} ${timeZone}` },
      {
        title: 'LEAST LEFT',
        text: ({ cap, unit, currency, standings }) =>
          describeAmount(Math.min(cap, ...standings.map(({ left }) => left)), unit, currency),
      },
      { title: 'OWNER', text: ({ owner }) => owner ?? '', isFlexible: true },
    ],
    nothing: 'there are no budgets',
  });
  return exitCodes.success;
};
