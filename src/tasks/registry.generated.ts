/**
 * Every task type and how its code is loaded. Written by `npm run generate` from the definitions in
 * this folder; not to be edited.
 */
import type { AnyTaskDefinition } from '../ports/task.ts';

/** The task types by canonical name; loading one loads its libraries. */
export const taskLoaders = {} as const satisfies Readonly<
  Record<string, () => Promise<AnyTaskDefinition>>
>;

/** The canonical name of a task type. */
export type TaskType = keyof typeof taskLoaders;
