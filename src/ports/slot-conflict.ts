/** The refusal of a slot: a flow runs as often as it may, whichever processes run it. */
import { Failure } from '../core/failure/index.ts';

/** Returns the failure of a write that would take a slot too many. */
export function slotConflict(flowId: string): Failure {
  return new Failure('store.conflict', `all slots of \`${flowId}\` are taken`, {
    details: { slots: true },
  });
}

/** Tells whether `error` refuses a slot. */
export function isSlotConflict(error: unknown): boolean {
  return (
    error instanceof Failure && error.code === 'store.conflict' && error.details?.['slots'] === true
  );
}
