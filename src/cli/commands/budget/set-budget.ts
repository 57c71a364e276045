/** `sluice budget set`. */
import {
  budgetPeriods,
  budgetUnits,
  describeScope,
  scopeKinds,
} from '../../../core/governance/index.ts';
import type { Call, Perform } from '../../command.ts';
import { exitCodes } from '../../output/exit-codes.ts';
import { usageFailure } from '../../parse-arguments.ts';
import { printDone } from '../../print-rows.ts';
import { withApplication } from '../../with-application.ts';
import { describeAmount } from './describe-amount.ts';

function chosen<T extends string>(call: Call, option: string, all: readonly T[], usual?: T): T {
  const given = call.text(option) ?? usual;
  const found = all.find((one) => one === given);
  if (found === undefined) {
    throw usageFailure(`option \`--${option}\` is missing`, `one of: ${all.join(', ')}`);
  }
  return found;
}

/** Sets a budget. */
export const setBudget: Perform = async (call, surroundings) => {
  const [id = ''] = call.args;
  const cap = call.text('cap') ?? '';
  if (!/^\d+$/.test(cap)) {
    throw usageFailure('option `--cap` needs a whole number', 'money counts in minor units: cents');
  }
  const currency = call.text('currency');
  const owner = call.text('owner');
  const budget = {
    id,
    unit: chosen(call, 'unit', budgetUnits),
    cap: Number(cap),
    scope: { kind: chosen(call, 'scope', scopeKinds, 'everything'), id: call.text('of') ?? '' },
    period: chosen(call, 'period', budgetPeriods, 'month'),
    timeZone: call.text('time-zone') ?? 'UTC',
    ...(currency !== undefined && { currency }),
    ...(owner !== undefined && { owner }),
  };
  const card = await withApplication(call, surroundings, async (application) =>
    (await application.governance()).budgets.set(budget),
  );
  const most = describeAmount(card.cap, card.unit, card.currency);
  const sentence = `the budget \`${id}\` is ${most} per ${card.period} for ${describeScope(card.scope)}`;
  printDone(call, surroundings, sentence, { ...card });
  return exitCodes.success;
};
