/** `sluice execution kill`. */
import type { Perform } from '../../command.ts';
import { exitCodes } from '../../output/exit-codes.ts';
import { printDone } from '../../print-rows.ts';
import { withApplication } from '../../with-application.ts';
import { executionId } from './find-execution.ts';

/** Stops an execution. */
export const killExecution: Perform = async (call, surroundings) => {
  const id = executionId(call);
  const document = await withApplication(call, surroundings, async (application) => {
    await application.kill(id);
    return await application.rest(id);
  });
  const state = document.state.current;
  printDone(call, surroundings, `${state}  ${id}`, { ...document });
  return exitCodes.success;
};
