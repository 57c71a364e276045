/** `sluice budget list`. */
import { describeScope } from '../../../core/governance/index.ts';
import type { Perform } from '../../command.ts';
import { exitCodes } from '../../output/exit-codes.ts';
import { printRows } from '../../print-rows.ts';
import { withApplication } from '../../with-application.ts';

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
      { title: 'CAP', text: ({ cap, currency, unit }) => `${cap} ${currency ?? unit}` },
      { title: 'PERIOD', text: ({ period, timeZone }) => `${period} ${timeZone}` },
      {
        title: 'LEAST LEFT',
        text: ({ cap, standings }) => String(Math.min(cap, ...standings.map(({ left }) => left))),
      },
      { title: 'OWNER', text: ({ owner }) => owner ?? '', isFlexible: true },
    ],
    nothing: 'there are no budgets',
  });
  return exitCodes.success;
};
