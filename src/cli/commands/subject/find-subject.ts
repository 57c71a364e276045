/** `sluice subject find`. */
import { Failure } from '../../../core/failure/index.ts';
import type { Perform } from '../../command.ts';
import { exitCodes } from '../../output/exit-codes.ts';
import { printDone } from '../../print-rows.ts';
import { withApplication } from '../../with-application.ts';

/** Tells the handle of somebody. */
export const findSubject: Perform = async (call, surroundings) => {
  const name = call.args[0] ?? '';
  const found = await withApplication(call, surroundings, ({ subjects }) => subjects.find(name));
  if (found === undefined) {
    throw new Failure('subject.not-found', `no value is about \`${name}\``, {
      help: 'write the id as `governance.subject` of the inputs gives it, like `customer:812`',
    });
  }
  printDone(call, surroundings, found.handle, { ...found });
  return exitCodes.success;
};
