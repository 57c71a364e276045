/** `sluice file delete`. */
import { Failure } from '../../../core/failure/index.ts';
import type { Perform } from '../../command.ts';
import { exitCodes } from '../../output/exit-codes.ts';
import { printDone } from '../../print-rows.ts';
import { readNamespace } from '../../read-names.ts';
import { withApplication } from '../../with-application.ts';

/** Deletes a namespace file. */
export const deleteFile: Perform = async (call, surroundings) => {
  const [namespace, path] = [readNamespace(call), call.args[0] ?? ''];
  const wasThere = await withApplication(call, surroundings, (application) =>
    application.namespaceFiles(namespace).delete(path),
  );
  if (!wasThere) {
    throw new Failure('file.not-found', `namespace \`${namespace}\` has no file \`${path}\``);
  }
  printDone(call, surroundings, `deleted \`${path}\` from \`${namespace}\``, { namespace, path });
  return exitCodes.success;
};
