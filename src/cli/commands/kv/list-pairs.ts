/** `sluice kv list`. */
import type { Perform } from '../../command.ts';
import { exitCodes } from '../../output/exit-codes.ts';
import { printRows } from '../../print-rows.ts';
import { readNamespace } from '../../read-names.ts';
import { withApplication } from '../../with-application.ts';

/** Lists the pairs of a namespace. */
export const listPairs: Perform = async (call, surroundings) => {
  const namespace = readNamespace(call);
  const entries = await withApplication(call, surroundings, (application) =>
    application.keyValues(namespace).list(call.text('prefix')),
  );
  printRows(call, surroundings, {
    rows: entries,
    documents: entries,
    columns: [
      { title: 'KEY', text: ({ key }) => key, isFlexible: true },
      { title: 'TYPE', text: ({ type }) => type },
      { title: 'CHANGED', text: ({ updatedAt }) => updatedAt.slice(0, 19) },
      { title: 'EXPIRES', text: ({ expiresAt }) => expiresAt?.slice(0, 19) ?? '' },
      { title: 'DESCRIPTION', text: ({ description }) => description ?? '', isFlexible: true },
    ],
    nothing: `namespace \`${namespace}\` has no pairs`,
  });
  return exitCodes.success;
};
