/** `sluice intake submit`. */
import { readIntakeFile } from '../../../app/read-intake-file.ts';
import type { Perform } from '../../command.ts';
import { exitCodes } from '../../output/exit-codes.ts';
import { printDone } from '../../print-rows.ts';
import { readLocalText } from '../../read-local-file.ts';
import { withApplication } from '../../with-application.ts';
import { intakeText } from './intake-text.ts';

/** Enters an idea. */
export const submitIntake: Perform = async (call, surroundings) => {
  const [file = ''] = call.args;
  const order = readIntakeFile(await readLocalText(file, surroundings));
  const intake = await withApplication(call, surroundings, async (application) =>
    (await application.governance()).intakes.submit(order),
  );
  printDone(call, surroundings, intakeText(intake), { ...intake });
  return exitCodes.success;
};
