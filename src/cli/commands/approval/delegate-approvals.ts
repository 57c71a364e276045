/** `sluice approval delegate`. */
import { parseDuration } from '../../../core/flow/index.ts';
import type { Perform } from '../../command.ts';
import { exitCodes } from '../../output/exit-codes.ts';
import { usageFailure } from '../../parse-arguments.ts';
import { printDone, printRows } from '../../print-rows.ts';
import { withApplication } from '../../with-application.ts';

/** Gives, ends or lists delegations. */
export const delegateApprovals: Perform = async (call, surroundings) => {
  const [to] = call.args;
  const ended = call.text('end');
  const isoOf = (at: number): string => new Date(at).toISOString();
  if (ended !== undefined) {
    await withApplication(call, surroundings, async (application) =>
      (await application.approvals()).endDelegation(ended),
    );
    printDone(call, surroundings, `the delegation \`${ended}\` is over`, { id: ended });
    return exitCodes.success;
  }
  if (to === undefined) {
    const found = await withApplication(call, surroundings, async (application) =>
      (await application.approvals()).delegations(),
    );
    printRows(call, surroundings, {
      rows: found,
      documents: found.map((one) => ({
        ...one,
        since: isoOf(one.since),
        until: isoOf(one.until),
      })),
      columns: [
        { title: 'ID', text: ({ id }) => id },
        { title: 'FROM', text: ({ from }) => from },
        { title: 'TO', text: (one) => one.to },
        { title: 'UNTIL', text: ({ until }) => isoOf(until).slice(0, 19) },
        { title: 'REASON', text: ({ reason }) => reason, isFlexible: true },
      ],
      nothing: 'nobody decides for anybody else',
    });
    return exitCodes.success;
  }
  const duration = parseDuration(call.text('for') ?? '');
  if (duration === undefined) {
    throw usageFailure('option `--for DURATION` is missing or no duration', 'write `--for P14D`');
  }
  const given = await withApplication(call, surroundings, async (application) =>
    (await application.approvals()).delegate(to, Date.now() + duration, call.text('reason') ?? ''),
  );
  const sentence = `\`${to}\` decides for you until ${isoOf(given.until)}`;
  printDone(call, surroundings, sentence, { ...given });
  return exitCodes.success;
};
