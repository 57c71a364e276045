/** `sluice exception grant`. */
import { describeScope, scopeKinds } from '../../../core/governance/index.ts';
import type { Perform } from '../../command.ts';
import { exitCodes } from '../../output/exit-codes.ts';
import { usageFailure } from '../../parse-arguments.ts';
import { printDone } from '../../print-rows.ts';
import { readCount } from '../../read-names.ts';
import { endOfDay, neededText } from '../../read-options.ts';
import { withApplication } from '../../with-application.ts';

/** Grants an exception. */
export const grantException: Perform = async (call, surroundings) => {
  const [id = ''] = call.args;
  const countMax = readCount(call, 'count');
  if (countMax === undefined) throw usageFailure('option `--count` is missing');
  const given = call.text('scope') ?? 'flow';
  const order = {
    id,
    control: neededText(call, 'control'),
    scope: { kind: scopeKinds.find((one) => one === given) ?? 'flow', id: call.text('of') ?? '' },
    countMax,
    endsAt: endOfDay(neededText(call, 'until')),
    owner: neededText(call, 'owner'),
    reason: neededText(call, 'reason'),
  };
  const granted = await withApplication(call, surroundings, async (application) =>
    (await application.governance()).exceptions.grant(order),
  );
  const ends = new Date(granted.endsAt).toISOString().slice(0, 19);
  const sentence = `${describeScope(order.scope)} is exempt from \`${order.control}\` ${countMax} times, until ${ends}`;
  printDone(call, surroundings, sentence, { ...granted });
  return exitCodes.success;
};
