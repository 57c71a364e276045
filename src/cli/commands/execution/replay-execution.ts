/** `sluice execution replay`. */
import type { Perform } from '../../command.ts';
import { driveExecution } from '../../drive-execution.ts';
import { readInputs } from '../../read-inputs.ts';
import { readCount } from '../../read-names.ts';
import { withApplication } from '../../with-application.ts';
import { executionId } from './find-execution.ts';

/** Runs an execution again. */
export const replayExecution: Perform = async (call, surroundings) => {
  const [taskId, revision] = [call.text('task'), readCount(call, 'revision')];
  const inputs = await readInputs(call, surroundings);
  return await withApplication(call, surroundings, (application) =>
    driveExecution({ call, surroundings, application }, () =>
      application.replay(executionId(call), {
        ...(taskId === undefined ? {} : { taskId }),
        ...(revision === undefined ? {} : { revision }),
        ...(Object.keys(inputs).length === 0 ? {} : { inputs }),
      }),
    ),
  );
};
