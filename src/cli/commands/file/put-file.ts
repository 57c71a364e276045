/** `sluice file put`. */
import { basename } from 'node:path';
import type { Perform } from '../../command.ts';
import { exitCodes } from '../../output/exit-codes.ts';
import { usageFailure } from '../../parse-arguments.ts';
import { printDone } from '../../print-rows.ts';
import { readLocalBytes } from '../../read-local-file.ts';
import { readNamespace } from '../../read-names.ts';
import { withApplication } from '../../with-application.ts';

/** Puts a local file into a namespace. */
export const putFile: Perform = async (call, surroundings) => {
  const namespace = readNamespace(call);
  const [file = '', given] = call.args;
  if (file === '-' && given === undefined) {
    throw usageFailure('standard input has no name: give the path there, too');
  }
  const path = (given ?? basename(file)).replace(/^\/+/, '');
  const content =
    file === '-' ? await surroundings.readInput() : await readLocalBytes(file, surroundings);
  const uri = await withApplication(call, surroundings, (application) =>
    application.namespaceFiles(namespace).put(path, content),
  );
  printDone(call, surroundings, `put \`${path}\` into \`${namespace}\``, { namespace, path, uri });
  return exitCodes.success;
};
