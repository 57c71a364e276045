/** `sluice policy coverage`. */
import type { Perform } from '../../command.ts';
import { exitCodes } from '../../output/exit-codes.ts';
import { json } from '../../output/json.ts';
import { printRows } from '../../print-rows.ts';
import { withApplication } from '../../with-application.ts';
import { lastDays } from './acting-as.ts';

/** Shows what the policies in force leave open. */
export const coverPolicies: Perform = async (call, surroundings) => {
  const { out, err } = surroundings;
  const coverage = await withApplication(call, surroundings, async (application) =>
    (await application.policies()).coverage(lastDays(call, surroundings)),
  );
  if (call.text('output') === 'json') {
    out.write(json(coverage));
    return exitCodes.success;
  }
  printRows(call, surroundings, {
    rows: coverage.actions,
    documents: [],
    columns: [
      { title: 'ACTION', text: ({ action }) => action },
      { title: 'PERMITS', text: ({ permits }) => `${permits}` },
      { title: 'FORBIDS', text: ({ forbids }) => `${forbids}` },
      { title: 'TIERS NAMED', text: ({ tiers }) => tiers.join(', ') },
    ],
    nothing: 'there are no actions',
  });
  const { neverMatched, decisions } = coverage;
  if (!call.has('quiet')) {
    const end = neverMatched.length === 0 ? '' : ':';
    err.write(`${neverMatched.length} policies determined none of ${decisions} decisions${end}\n`);
    for (const id of neverMatched) err.write(`  ${id}\n`);
  }
  return exitCodes.success;
};
