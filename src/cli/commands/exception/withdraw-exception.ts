/** `sluice exception withdraw`. */
import type { Perform } from '../../command.ts';
import { exitCodes } from '../../output/exit-codes.ts';
import { printDone } from '../../print-rows.ts';
import { withApplication } from '../../with-application.ts';

/** Closes an exception. */
export const withdrawException: Perform = async (call, surroundings) => {
  const [id = ''] = call.args;
  const closed = await withApplication(call, surroundings, async (application) =>
    (await application.governance()).exceptions.withdraw(id, call.text('reason') ?? ''),
  );
  printDone(call, surroundings, `the exception \`${id}\` is closed`, { ...closed });
  return exitCodes.success;
};
