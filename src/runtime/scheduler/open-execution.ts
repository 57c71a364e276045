/** Whether a trigger waits for what it started before. */
import { isTerminated, type State } from '../../core/engine/index.ts';
import type { RunLoop } from '../run-loop/index.ts';
import type { TriggerPlace, TriggerState } from './trigger-records.ts';

/** Returns the execution that a trigger waits for before it fires again; undefined when it waits for none. */
export async function openExecution(
  { parts }: RunLoop,
  { trigger }: TriggerPlace,
  { executionId }: TriggerState,
): Promise<string | undefined> {
  if (executionId === undefined || trigger.properties['allowConcurrent'] === true) return undefined;
  const record = await parts.store.execution(parts.tenant, executionId);
  const isOpen = record !== undefined && !isTerminated(record.state as State);
  return isOpen ? executionId : undefined;
}
