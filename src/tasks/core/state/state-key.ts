/** Where a state is kept: as a pair of the flow's namespace, under a key made of its parts. */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { toPlain } from '../../../core/value/index.ts';
import type { TaskContext } from '../../../ports/task-context.ts';

/** The properties that name a state. */
export const stateProperties = {
  name: z.string().default('default').describe('The name of the state.'),
  namespace: z
    .boolean()
    .default(false)
    .describe('Whether all flows of the namespace share the state.'),
  taskrunValue: z
    .boolean()
    .default(true)
    .describe('Whether each value of an enclosing loop has a state of its own.'),
} as const;

/** Returns the key of a state. */
export function stateKey(
  { name, namespace, taskrunValue }: { name: string; namespace: boolean; taskrunValue: boolean },
  { flow, taskRun }: TaskContext,
): string {
  const value = taskrunValue && taskRun.value !== undefined ? [toPlain(taskRun.value)] : [];
  const parts = [namespace ? null : flow.id, name, ...value];
  const readable = name.replaceAll(/[^a-zA-Z0-9]/g, '-').slice(0, 40);
  // A name may hold anything and a key may not, so a digest of the parts keeps keys apart.
  const digest = createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 24);
  return `state.${readable}.${digest}`;
}
