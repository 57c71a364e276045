/** `sluice task list`. */
import type { Perform } from '../../command.ts';
import { exitCodes } from '../../output/exit-codes.ts';
import { printRows } from '../../print-rows.ts';

/** Lists the types that flows may use. */
export const listTasks: Perform = async (call, surroundings) => {
  const search = call.text('search')?.toLowerCase();
  const entries = (await surroundings.loadCatalogue())
    .all()
    .filter(({ type, summary, aliases }) => {
      const text = [type, summary, ...aliases].join('\n').toLowerCase();
      return search === undefined || text.includes(search);
    })
    .toSorted((a, b) => (a.type < b.type ? -1 : 1));
  printRows(call, surroundings, {
    rows: entries,
    documents: entries.map(({ type, kind, summary, aliases }) => ({
      type,
      kind,
      summary,
      aliases,
    })),
    columns: [
      { title: 'TYPE', text: ({ type }) => type },
      { title: 'KIND', text: ({ kind }) => kind },
      { title: 'SUMMARY', text: ({ summary }) => summary, isFlexible: true },
    ],
    nothing: `no type holds \`${search ?? ''}\``,
  });
  return exitCodes.success;
};
