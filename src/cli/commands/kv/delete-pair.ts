/** `sluice kv delete`. */
import { Failure } from '../../../core/failure/index.ts';
import type { Perform } from '../../command.ts';
import { exitCodes } from '../../output/exit-codes.ts';
import { printDone } from '../../print-rows.ts';
import { readNamespace } from '../../read-names.ts';
import { withApplication } from '../../with-application.ts';

/** Deletes a key. */
export const deletePair: Perform = async (call, surroundings) => {
  const [namespace, key] = [readNamespace(call), call.args[0] ?? ''];
  const wasThere = await withApplication(call, surroundings, (application) =>
    application.keyValues(namespace).delete(key),
  );
  if (!wasThere) {
    throw new Failure('kv.not-found', `namespace \`${namespace}\` has no key \`${key}\``);
  }
  printDone(call, surroundings, `deleted \`${key}\` from \`${namespace}\``, { namespace, key });
  return exitCodes.success;
};
