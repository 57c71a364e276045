/** `sluice execution restart`. */
import type { Perform } from '../../command.ts';
import { driveExecution } from '../../drive-execution.ts';
import { readCount } from '../../read-names.ts';
import { withApplication } from '../../with-application.ts';
import { executionId } from './find-execution.ts';

/** Lets a failed execution go on. */
export const restartExecution: Perform = async (call, surroundings) => {
  const revision = readCount(call, 'revision');
  return await withApplication(call, surroundings, (application) =>
    driveExecution({ call, surroundings, application }, () =>
      application.restart(executionId(call), revision === undefined ? {} : { revision }),
    ),
  );
};
