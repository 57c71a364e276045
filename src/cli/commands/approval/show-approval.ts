/** `sluice approval show`. */
import type { Perform } from '../../command.ts';
import { exitCodes } from '../../output/exit-codes.ts';
import { printDone } from '../../print-rows.ts';
import { withApplication } from '../../with-application.ts';

/** Shows an approval with the effect as it was shown. */
export const showApproval: Perform = async (call, surroundings) => {
  const [id = ''] = call.args;
  const found = await withApplication(call, surroundings, async (application) =>
    (await application.approvals()).show(id),
  );
  const { shown } = found;
  const votes = found.votes.map(
    ({ by, verdict, reason }) => `  ${by}: ${verdict}${reason === '' ? '' : ` (${reason})`}`,
  );
  const until =
    found.deadlineAt === null ? [] : [`until: ${new Date(found.deadlineAt).toISOString()}`];
  const text = [
    `${found.id}: ${found.state}`,
    found.title,
    ...(found.executionId === '' ? [] : [`execution: ${found.executionId}`]),
    `asked by: ${found.requester}`,
    `who decides: ${found.deciders.join(', ') || 'nobody any more'}, ${found.missing} missing`,
    ...until,
    ...shown.reasons.map((one) => `why: ${one}`),
    `effect: ${JSON.stringify(shown.arguments, null, 2)}`,
    ...(Object.keys(shown.preview).length === 0
      ? []
      : [`preview: ${JSON.stringify(shown.preview, null, 2)}`]),
    ...(shown.replaces === null ? [] : [`changed: ${JSON.stringify(shown.replaces)}`]),
    ...(votes.length === 0 ? [] : ['said:', ...votes]),
  ].join('\n');
  printDone(call, surroundings, text, { ...found });
  return exitCodes.success;
};
