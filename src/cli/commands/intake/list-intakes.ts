/** `sluice intake list`. */
import type { Perform } from '../../command.ts';
import { exitCodes } from '../../output/exit-codes.ts';
import { printRows } from '../../print-rows.ts';
import { withApplication } from '../../with-application.ts';

/** Lists what was entered. */
export const listIntakes: Perform = async (call, surroundings) => {
  const found = await withApplication(call, surroundings, async (application) =>
    (await application.governance()).intakes.list(),
  );
  printRows(call, surroundings, {
    rows: found,
    documents: found,
    columns: [
      { title: 'QUEUE', text: ({ queue, position }) => `${queue} ${position}` },
      { title: 'TIER', text: ({ tier }) => tier },
      { title: 'TITLE', text: ({ title }) => title, isFlexible: true },
      { title: 'OWNER', text: ({ owner }) => owner, isFlexible: true },
      { title: 'ID', text: ({ id }) => id },
    ],
    nothing: 'nothing was entered',
  });
  return exitCodes.success;
};
