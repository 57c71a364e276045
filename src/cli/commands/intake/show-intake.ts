/** `sluice intake show`. */
import type { Perform } from '../../command.ts';
import { exitCodes } from '../../output/exit-codes.ts';
import { printDone } from '../../print-rows.ts';
import { withApplication } from '../../with-application.ts';
import { intakeText } from './intake-text.ts';

/** Shows an intake. */
export const showIntake: Perform = async (call, surroundings) => {
  const [id = ''] = call.args;
  const intake = await withApplication(call, surroundings, async (application) =>
    (await application.governance()).intakes.show(id),
  );
  printDone(call, surroundings, intakeText(intake), { ...intake });
  return exitCodes.success;
};
