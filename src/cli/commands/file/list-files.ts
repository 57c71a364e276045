/** `sluice file list`. */
import type { Perform } from '../../command.ts';
import { exitCodes } from '../../output/exit-codes.ts';
import { printRows } from '../../print-rows.ts';
import { readNamespace } from '../../read-names.ts';
import { withApplication } from '../../with-application.ts';

/** Lists the files of a namespace. */
export const listFiles: Perform = async (call, surroundings) => {
  const namespace = readNamespace(call);
  const rows = await withApplication(call, surroundings, async (application) => {
    const files = application.namespaceFiles(namespace);
    return (await files.list()).map((path) => ({ path, uri: files.uri(path) }));
  });
  printRows(call, surroundings, {
    rows,
    documents: rows,
    columns: [
      { title: 'PATH', text: ({ path }) => path, isFlexible: true },
      { title: 'URI', text: ({ uri }) => uri, isFlexible: true },
    ],
    nothing: `namespace \`${namespace}\` has no files`,
  });
  return exitCodes.success;
};
