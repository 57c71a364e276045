/** `sluice approval list`. */
import type { Perform } from '../../command.ts';
import { exitCodes } from '../../output/exit-codes.ts';
import { usageFailure } from '../../parse-arguments.ts';
import { printRows } from '../../print-rows.ts';
import { withApplication } from '../../with-application.ts';

const states = [
  'open',
  'granted',
  'used',
  'rejected',
  'returned',
  'withdrawn',
  'expired',
  'voided',
] as const;

/** Lists approvals. */
export const listApprovals: Perform = async (call, surroundings) => {
  const wanted = call.text('state') ?? 'open';
  const state = states.find((one) => one === wanted);
  if (state === undefined && wanted !== 'all') {
    throw usageFailure(`there is no state \`${wanted}\``, `use one of ${states.join(', ')}, all`);
  }
  const executionId = call.text('execution');
  const isUnexamined = call.has('unexamined');
  const query = {
    ...(state !== undefined && !isUnexamined && { state }),
    ...(isUnexamined && { isUnexamined }),
    ...(executionId !== undefined && { executionId }),
    ...(call.has('mine') && { isMine: true }),
  };
  const found = await withApplication(call, surroundings, async (application) =>
    (await application.approvals()).list(query),
  );
  printRows(call, surroundings, {
    rows: found,
    documents: found,
    columns: [
      { title: 'ID', text: ({ id }) => id },
      { title: 'STATE', text: (one) => one.state },
      { title: 'WHAT', text: ({ title }) => title, isFlexible: true },
      {
        title: 'UNTIL',
        text: ({ deadlineAt }) =>
          deadlineAt === null ? '' : new Date(deadlineAt).toISOString().slice(0, 16),
      },
      { title: 'MISSING', text: ({ missing }) => String(missing) },
      { title: 'WHO DECIDES', text: ({ deciders }) => deciders.join(', '), isFlexible: true },
    ],
    nothing: 'nothing waits to be decided',
  });
  return exitCodes.success;
};
