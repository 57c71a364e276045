/** `sluice exception list`. */
import { describeScope } from '../../../core/governance/index.ts';
import type { Perform } from '../../command.ts';
import { exitCodes } from '../../output/exit-codes.ts';
import { printRows } from '../../print-rows.ts';
import { withApplication } from '../../with-application.ts';

/** Lists exceptions. */
export const listExceptions: Perform = async (call, surroundings) => {
  const all = await withApplication(call, surroundings, async (application) =>
    (await application.governance()).exceptions.list(),
  );
  const found = call.has('all') ? all : all.filter(({ closed }) => closed === undefined);
  const dayOf = (at: number): string => new Date(at).toISOString().slice(0, 19);
  printRows(call, surroundings, {
    rows: found,
    documents: found,
    columns: [
      { title: 'ID', text: ({ id }) => id, isFlexible: true },
      { title: 'CONTROL', text: ({ control }) => control, isFlexible: true },
      { title: 'FOR', text: ({ scope }) => describeScope(scope), isFlexible: true },
      { title: 'USED', text: ({ used, countMax }) => `${used} of ${countMax}` },
      { title: 'ENDS', text: ({ endsAt }) => dayOf(endsAt) },
      { title: 'OWNER', text: ({ owner }) => owner, isFlexible: true },
      { title: 'CLOSED', text: ({ closed }) => closed?.because ?? '' },
    ],
    nothing: 'nothing is exempt',
  });
  return exitCodes.success;
};
