/** `sluice execution logs`. */
import type { Perform } from '../../command.ts';
import { paintFor } from '../../output/colour.ts';
import { exitCodes } from '../../output/exit-codes.ts';
import { json } from '../../output/json.ts';
import { logLine } from '../../output/log-line.ts';
import { withApplication } from '../../with-application.ts';
import { executionId, findExecution } from './find-execution.ts';

const levels = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR'];

/** Prints the log lines of an execution. */
export const showLogs: Perform = async (call, surroundings) => {
  const { out, environment } = surroundings;
  const [level, taskIds] = [call.text('level'), call.texts('task')];
  const records = await withApplication(call, surroundings, async (application) => {
    await findExecution(application, call);
    return await application.logs({
      executionId: executionId(call),
      ...(taskIds.length === 0 ? {} : { taskIds }),
      ...(level === undefined ? {} : { levels: levels.slice(levels.indexOf(level)) }),
    });
  });
  if (call.text('output') === 'json') {
    out.write(
      json(
        records.map(({ at, taskId, taskRunId, attempt, ...record }) => ({
          timestamp: new Date(at).toISOString(),
          level: record.level,
          message: record.message,
          taskId: taskId ?? undefined,
          taskRunId: taskRunId ?? undefined,
          attemptNumber: attempt,
          executionId: record.executionId,
          namespace: record.namespace,
          flowId: record.flowId,
        })),
      ),
    );
    return exitCodes.success;
  }
  const paint = paintFor(out, environment);
  for (const { at, level: state, message, taskId } of records) {
    out.write(`${logLine({ at, state, message, taskId: taskId ?? undefined }, paint)}\n`);
  }
  return exitCodes.success;
};
