/** `sluice kill-switch list`. */
import type { Perform } from '../../command.ts';
import { exitCodes } from '../../output/exit-codes.ts';
import { printRows } from '../../print-rows.ts';
import { withApplication } from '../../with-application.ts';

/** Lists what is stopped. */
export const listSwitches: Perform = async (call, surroundings) => {
  const found = await withApplication(call, surroundings, async (application) =>
    (await application.governance()).killSwitches.list(),
  );
  const timeOf = (at: number): string => new Date(at).toISOString();
  printRows(call, surroundings, {
    rows: found,
    documents: found.map(({ setAt, ...one }) => ({ ...one, setAt: timeOf(setAt) })),
    columns: [
      { title: 'KIND', text: ({ kind }) => kind },
      { title: 'ID', text: ({ id }) => id, isFlexible: true },
      { title: 'MODE', text: ({ mode }) => mode },
      { title: 'SINCE', text: ({ setAt }) => timeOf(setAt).slice(0, 19) },
      { title: 'SET BY', text: ({ setBy }) => setBy },
      { title: 'REASON', text: ({ reason }) => reason, isFlexible: true },
    ],
    nothing: 'nothing is stopped',
  });
  return exitCodes.success;
};
