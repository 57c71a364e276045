/** The execution that a command names. */
import type { ExecutionDocument } from '../../../api/contract/index.ts';
import type { Application } from '../../../app/application.ts';
import { Failure } from '../../../core/failure/index.ts';
import type { Call } from '../../command.ts';

/** Returns the id that the command line names. */
export function executionId(call: Call): string {
  return call.args[0] ?? '';
}

/** Returns the execution that the command line names; throws `execution.not-found`. */
export async function findExecution(
  application: Application,
  call: Call,
): Promise<ExecutionDocument> {
  const id = executionId(call);
  const document = await application.execution(id);
  if (document !== undefined) return document;
  throw new Failure('execution.not-found', `there is no execution \`${id}\``);
}
