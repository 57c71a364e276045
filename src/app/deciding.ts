/** What decides in a tenant: one decider and one knowledge of its flows, whichever door asks. */
import type { ApprovalParts } from '../runtime/approvals/index.ts';
import type { RunLoopParts } from '../runtime/run-loop/index.ts';

/** What decides in a tenant. */
export type Deciding = Pick<ApprovalParts, 'policies' | 'flows'>;

/** Returns what decides in the tenant of a loop that the composition root has made. */
export function deciding({ approvals }: RunLoopParts): Deciding {
  if (approvals === undefined) throw new Error('bug: nothing decides here');
  return approvals.parts;
}
