/** `sluice retention set`. */
import type { Perform } from '../../command.ts';
import { exitCodes } from '../../output/exit-codes.ts';
import { usageFailure } from '../../parse-arguments.ts';
import { printDone } from '../../print-rows.ts';
import { withApplication } from '../../with-application.ts';

/** Sets a rule. */
export const setRule: Perform = async (call, surroundings) => {
  const period = call.text('period');
  if (period === undefined) {
    throw usageFailure('option `--period DURATION` is missing', 'add for example `--period P90D`');
  }
  const rule = {
    dataClass: call.args[0] ?? '',
    namespace: call.text('namespace') ?? '*',
    period,
    atLeast: call.text('at-least') ?? null,
  };
  await withApplication(call, surroundings, ({ retention }) => retention.set(rule));
  const { dataClass, namespace } = rule;
  const sentence = `\`${dataClass}\` in \`${namespace}\` is kept for ${period}`;
  printDone(call, surroundings, sentence, rule);
  return exitCodes.success;
};
