/** `sluice retention remove`. */
import type { Perform } from '../../command.ts';
import { exitCodes } from '../../output/exit-codes.ts';
import { printDone } from '../../print-rows.ts';
import { withApplication } from '../../with-application.ts';

/** Removes a rule. */
export const removeRule: Perform = async (call, surroundings) => {
  const rule = { dataClass: call.args[0] ?? '', namespace: call.text('namespace') ?? '*' };
  await withApplication(call, surroundings, ({ retention }) => retention.remove(rule));
  const { dataClass, namespace } = rule;
  printDone(call, surroundings, `removed the rule for \`${dataClass}\` in \`${namespace}\``, rule);
  return exitCodes.success;
};
