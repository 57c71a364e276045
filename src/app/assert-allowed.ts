/** Asking the policies in force about a change that a desk makes. */
import type { ActionId, Facts, Principal, ResourceType } from '../core/policy/index.ts';
import { findActive, requireYes } from '../runtime/policy/index.ts';
import type { RunLoopParts } from '../runtime/run-loop/index.ts';
import { deciding } from './deciding.ts';
import { policyParts } from './policy-desk.ts';
import { localOwner } from './principals.ts';

/** Somebody who changes something. */
export interface Changer {
  /** Handle; stands in the ledger. */
  readonly actor: string;
  /** Who that is, as policy sees it; absent: whoever may write the data folder. */
  readonly principal?: Principal;
}

/** What somebody wants to change. */
export interface Change {
  readonly action: ActionId;
  readonly resource: {
    readonly type: ResourceType;
    readonly id: string;
    readonly namespace: string | null;
  };
  readonly facts: Facts;
  /** As people read it: `the change of stage`. */
  readonly what: string;
}

/**
 * Throws `policy.denied` unless the policies in force allow `change`; the decision is an entry. Where
 * none are in force, the door of the API and the right to write the data folder are all there is.
 */
export async function assertAllowed(
  parts: RunLoopParts,
  { actor, principal }: Changer,
  { action, resource, facts, what }: Change,
): Promise<void> {
  if ((await findActive(policyParts(parts))) === undefined) return;
  const decider = await deciding(parts).policies.decider();
  await decider.refresh();
  const answer = await decider.ask({
    principal: principal ?? localOwner(parts.tenant, actor),
    action,
    resource: { ...resource, tenant: parts.tenant },
    situation: { facts },
  });
  requireYes(answer, what);
}
