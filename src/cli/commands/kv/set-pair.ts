/** `sluice kv set`. */
import { toPlain, unmarked } from '../../../core/value/index.ts';
import type { Perform } from '../../command.ts';
import { exitCodes } from '../../output/exit-codes.ts';
import { printDone } from '../../print-rows.ts';
import { readNamespace } from '../../read-names.ts';
import { withApplication } from '../../with-application.ts';
import { type ForcedType, readPairValue, readTtl } from './read-pair-value.ts';

/** Sets the value of a key. */
export const setPair: Perform = async (call, surroundings) => {
  const namespace = readNamespace(call);
  const [key = '', given = ''] = call.args;
  const type = call.text('type') as ForcedType | undefined;
  const [ttl, description] = [call.text('ttl'), call.text('description')];
  const text = given === '-' ? (await surroundings.readInput()).replace(/\r?\n$/, '') : given;
  const value = readPairValue(text, type);
  const options = {
    ...(type === undefined ? {} : { type }),
    ...(ttl === undefined ? {} : { ttlMs: readTtl(ttl) }),
    ...(description === undefined ? {} : { description }),
  };
  await withApplication(call, surroundings, (application) =>
    // Who sits at the command line is trusted like the author of a flow.
    application.keyValues(namespace).set(key, unmarked(value), options),
  );
  const document = { namespace, key, value: toPlain(value) };
  printDone(call, surroundings, `set \`${key}\` in \`${namespace}\``, document);
  return exitCodes.success;
};
