/** `sluice subject list`. */
import type { Perform } from '../../command.ts';
import { exitCodes } from '../../output/exit-codes.ts';
import { printRows } from '../../print-rows.ts';
import { readCount } from '../../read-names.ts';
import { withApplication } from '../../with-application.ts';

/** Lists the people whom values are about. */
export const listSubjects: Perform = async (call, surroundings) => {
  const limit = readCount(call, 'limit') ?? 100;
  const found = await withApplication(call, surroundings, ({ subjects }) => subjects.list(limit));
  const timeOf = (at: number): string => new Date(at).toISOString();
  printRows(call, surroundings, {
    rows: found,
    documents: found.map(({ handle, name, createdAt, isErasing }) => ({
      handle,
      name,
      createdAt: timeOf(createdAt),
      isErasing,
    })),
    columns: [
      { title: 'HANDLE', text: ({ handle }) => handle },
      { title: 'ID', text: ({ name }) => name ?? '', isFlexible: true },
      { title: 'SINCE', text: ({ createdAt }) => timeOf(createdAt).slice(0, 19) },
      { title: 'STATE', text: ({ isErasing }) => (isErasing ? 'being erased' : 'known') },
    ],
    nothing: 'values are about nobody',
  });
  return exitCodes.success;
};
