/** `sluice hold list`. */
import type { Perform } from '../../command.ts';
import { exitCodes } from '../../output/exit-codes.ts';
import { printRows } from '../../print-rows.ts';
import { withApplication } from '../../with-application.ts';

/** Lists the holds in force. */
export const listHolds: Perform = async (call, surroundings) => {
  const found = await withApplication(call, surroundings, ({ holds }) => holds.list());
  const timeOf = (at: number): string => new Date(at).toISOString();
  printRows(call, surroundings, {
    rows: found,
    documents: found.map(({ setAt, ...hold }) => ({ ...hold, setAt: timeOf(setAt) })),
    columns: [
      { title: 'KIND', text: ({ kind }) => kind },
      { title: 'ID', text: ({ id }) => id, isFlexible: true },
      { title: 'SINCE', text: ({ setAt }) => timeOf(setAt).slice(0, 19) },
      { title: 'SET BY', text: ({ setBy }) => setBy },
      { title: 'REASON', text: ({ reason }) => reason, isFlexible: true },
    ],
    nothing: 'nothing is held',
  });
  return exitCodes.success;
};
