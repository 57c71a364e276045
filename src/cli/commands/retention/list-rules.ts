/** `sluice retention list`. */
import type { Perform } from '../../command.ts';
import { exitCodes } from '../../output/exit-codes.ts';
import { printRows } from '../../print-rows.ts';
import { withApplication } from '../../with-application.ts';

/** Lists the rules. */
export const listRules: Perform = async (call, surroundings) => {
  const found = await withApplication(call, surroundings, ({ retention }) => retention.list());
  printRows(call, surroundings, {
    rows: found,
    documents: found,
    columns: [
      { title: 'CLASS', text: ({ dataClass }) => dataClass },
      { title: 'NAMESPACE', text: ({ namespace }) => namespace, isFlexible: true },
      { title: 'PERIOD', text: ({ period }) => period },
      { title: 'AT LEAST', text: ({ atLeast }) => atLeast ?? '' },
    ],
    nothing: 'there are no rules: values are kept until somebody erases them',
  });
  return exitCodes.success;
};
