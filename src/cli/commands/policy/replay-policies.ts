/** `sluice policy replay`. */
import type { Perform } from '../../command.ts';
import { exitCodes } from '../../output/exit-codes.ts';
import { json } from '../../output/json.ts';
import { printRows } from '../../print-rows.ts';
import { withApplication } from '../../with-application.ts';
import { actingAs, lastDays } from './acting-as.ts';

/** Shows what a proposal would have changed. */
export const replayPolicies: Perform = async (call, surroundings) => {
  const [id = ''] = call.args;
  const report = await withApplication(call, surroundings, async (application) =>
    (await application.policies()).replay(id, lastDays(call, surroundings), actingAs(call)),
  );
  if (call.text('output') === 'json') {
    surroundings.out.write(json(report));
    return exitCodes.success;
  }
  printRows(call, surroundings, {
    rows: report.groups,
    documents: [],
    columns: [
      { title: 'DECISIONS', text: ({ count }) => `${count}` },
      { title: 'ACTION', text: ({ action }) => action },
      { title: 'ON', text: ({ resource }) => resource },
      { title: 'BEFORE', text: ({ before }) => before },
      { title: 'AFTER', text: ({ after }) => after },
      { title: 'BY', text: ({ policies }) => policies.join(', '), isFlexible: true },
    ],
    nothing: 'no verdict changes',
  });
  const { decisions, changed, unknown } = report;
  const lost = unknown === 0 ? '' : `; of ${unknown} the question was not kept`;
  if (!call.has('quiet'))
    surroundings.err.write(`${changed} of ${decisions} decisions change${lost}\n`);
  return exitCodes.success;
};
