/** Where task types come from: an explicit list, each loaded when a flow first uses it. */
import type { AnyTaskDefinition } from './task.ts';

/** Every task type there is. */
export interface TaskRegistry {
  /** Returns the definition of a canonical type, or undefined when there is none. */
  load(type: string): Promise<AnyTaskDefinition | undefined>;
  /** Returns the definition if it has been loaded already. */
  loaded(type: string): AnyTaskDefinition | undefined;
}
