/** `sluice execution resume`. */
import type { Perform } from '../../command.ts';
import { driveExecution } from '../../drive-execution.ts';
import { readInputs } from '../../read-inputs.ts';
import { withApplication } from '../../with-application.ts';
import { executionId } from './find-execution.ts';

/** Resumes a paused execution. */
export const resumeExecution: Perform = async (call, surroundings) => {
  const inputs = await readInputs(call, surroundings);
  const id = executionId(call);
  return await withApplication(call, surroundings, (application) =>
    driveExecution({ call, surroundings, application }, async () => {
      await application.resume(id, inputs);
      return id;
    }),
  );
};
