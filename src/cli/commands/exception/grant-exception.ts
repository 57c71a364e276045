/** `sluice exception grant`. */
import { describeScope, scopeKinds } from '../../../core/governance/index.ts';
import type { Call, Perform } from '../../command.ts';
import { exitCodes } from '../../output/exit-codes.ts';
import { usageFailure } from '../../parse-arguments.ts';
import { printDone } from '../../print-rows.ts';
import { readCount } from '../../read-names.ts';
import { withApplication } from '../../with-application.ts';

function needed(call: Call, option: string): string {
  const text = call.text(option) ?? '';
  if (text === '') throw usageFailure(`option \`--${option}\` is missing`);
  return text;
}

/** Returns the moment at which `day` is over. */
function endOf(day: string): number {
  try {
    const next = Temporal.PlainDate.from(day).add({ days: 1 });
    return next.toZonedDateTime('UTC').epochMilliseconds;
  } catch {
    throw usageFailure(`\`${day}\` is no day like 2026-12-31`);
  }
}

/** Grants an exception. */
export const grantException: Perform = async (call, surroundings) => {
  const [id = ''] = call.args;
  const countMax = readCount(call, 'count');
  if (countMax === undefined) throw usageFailure('option `--count` is missing');
  const given = call.text('scope') ?? 'flow';
  const order = {
    id,
    control: needed(call, 'control'),
    scope: { kind: scopeKinds.find((one) => one === given) ?? 'flow', id: call.text('of') ?? '' },
    countMax,
    endsAt: endOf(needed(call, 'until')),
    owner: needed(call, 'owner'),
    reason: needed(call, 'reason'),
  };
  const granted = await withApplication(call, surroundings, async (application) =>
    (await application.governance()).exceptions.grant(order),
  );
  const ends = new Date(granted.endsAt).toISOString().slice(0, 19);
  const sentence = `${describeScope(order.scope)} is exempt from \`${order.control}\` ${countMax} times, until ${ends}`;
  printDone(call, surroundings, sentence, { ...granted });
  return exitCodes.success;
};
