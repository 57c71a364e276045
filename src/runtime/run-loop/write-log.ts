/** Log lines of an execution: gathered in memory, written with the next commit, secrets hidden. */
import type { Execution, TaskRun } from '../../core/engine/index.ts';
import { flatten, joinProvenance, type Provenance } from '../../core/value/index.ts';
import { hideIn } from '../rendering/index.ts';
import type { Active } from './active.ts';
import type { RunLoop } from './loop.ts';

/** Returns `message` with the secrets that the execution has used as stars. */
export function hideSecrets(one: Active, message: string): string {
  return one.secrets.size === 0 ? message : hideIn(message, one.secrets);
}

/** Returns all that a line about `run`, or about the execution itself, may tell of. */
function provenanceOfRun(execution: Execution, run: TaskRun | null): Provenance {
  let joint = execution.control;
  for (const name of ['inputsMarks', 'triggerMarks', 'itemMarks', 'variablesMarks'] as const) {
    joint = joinProvenance(joint, flatten(execution[name]));
  }
  return run === null ? joint : joinProvenance(joint, joinProvenance(run.control, run.failure));
}

/**
 * Adds a line to the logs of the execution; `about` is what the message may tell of: all that the
 * execution was given where nobody knows better.
 */
export function writeLog(
  loop: RunLoop,
  one: Active,
  run: TaskRun | null,
  level: string,
  message: string,
  about: Provenance = provenanceOfRun(one.execution, run),
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
    ...(about.classes.length > 0 && { about: about.classes }),
  });
}
