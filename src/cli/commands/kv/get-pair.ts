/** `sluice kv get`. */
import { Failure } from '../../../core/failure/index.ts';
import { toPlain } from '../../../core/value/index.ts';
import type { Perform } from '../../command.ts';
import { plainText } from '../../output/execution-text.ts';
import { exitCodes } from '../../output/exit-codes.ts';
import { json } from '../../output/json.ts';
import { readNamespace } from '../../read-names.ts';
import { withApplication } from '../../with-application.ts';

/** Prints the value of a key. */
export const getPair: Perform = async (call, surroundings) => {
  const [namespace, key] = [readNamespace(call), call.args[0] ?? ''];
  const { out } = surroundings;
  const found = await withApplication(call, surroundings, (application) =>
    application.keyValues(namespace).get(key),
  );
  if (found === undefined) {
    throw new Failure('kv.not-found', `namespace \`${namespace}\` has no key \`${key}\``);
  }
  const value = toPlain(found.value);
  const { trust, classes } = found.marks.own;
  out.write(
    call.text('output') === 'json'
      ? json({ namespace, key, value, provenance: { trust, classes } })
      : `${out.isTerminal || typeof value !== 'string' ? plainText(value) : value}\n`,
  );
  return exitCodes.success;
};
