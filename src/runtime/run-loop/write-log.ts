/** Log lines of an execution: gathered in memory, written with the next commit, secrets hidden. */
import type { TaskRun } from '../../core/engine/index.ts';
import { hideIn } from '../rendering/index.ts';
import type { Active } from './active.ts';
import type { RunLoop } from './loop.ts';

/** Returns `message` with the secrets that the execution has used as stars. */
export function hideSecrets(one: Active, message: string): string {
  return one.secrets.size === 0 ? message : hideIn(message, one.secrets);
}

/** Adds a line to the logs of the execution. */
export function writeLog(
  loop: RunLoop,
  one: Active,
  run: TaskRun | null,
  level: string,
  message: string,
): void {
  const { execution } = one;
  one.logs.push({
    tenant: execution.tenant,
    at: loop.now(),
    level,
    namespace: execution.flow.namespace,
    flowId: execution.flow.id,
    executionId: execution.id,
    taskRunId: run?.id ?? null,
    taskId: run?.task.id ?? null,
    attempt: Math.max(0, (run?.attempts.length ?? 1) - 1),
    message: hideSecrets(one, message),
  });
}
