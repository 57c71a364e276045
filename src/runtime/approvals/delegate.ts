/** Delegations: given for a time, with a reason, by whoever is the approver; ended early. Each is an entry. */
import { type Delegation, delegationTrouble } from '../../core/governance/index.ts';
import { Failure } from '../../core/failure/index.ts';
import { describeAnswer, type Principal } from '../../core/policy/index.ts';
import { encodeValue, type Value } from '../../core/value/index.ts';
import type { NewEntry } from '../../ports/store.ts';
import type { ApprovalParts } from './approval-parts.ts';
import { delegationRecord, listDelegations } from './approval-records.ts';

function entryOf(
  { tenant, clock }: ApprovalParts,
  type: string,
  { id, ...delegation }: Delegation,
): NewEntry {
  return {
    tenant,
    at: clock.now(),
    stream: `delegation:${id}`,
    type,
    actor: delegation.from,
    payload: encodeValue({ delegation: id, ...delegation } as unknown as Value),
  };
}

async function allow(parts: ApprovalParts, principal: Principal): Promise<readonly NewEntry[]> {
  const decider = await parts.policies.look();
  if (decider === 'built-in') return [];
  const decision = decider.decide({
    principal,
    action: 'delegate',
    resource: { type: 'Account', id: principal.id, tenant: parts.tenant, namespace: null },
    situation: { facts: { approvers: [], involved: [] } },
  });
  await decider.keep(decision);
  const entry = decider.entryOf(decision);
  if (decision.answer.verdict === 'allow') return entry === undefined ? [] : [entry];
  if (entry !== undefined) await parts.committer.commit({ entries: [entry] });
  const reasons = describeAnswer(decision.answer);
  throw new Failure('policy.denied', `policy refuses to delegate: ${reasons.join('; ')}`, {
    details: { reasons },
  });
}

/** Lets `to` decide in the place of `principal` until a moment. */
export async function delegate(
  parts: ApprovalParts,
  principal: Principal,
  given: Pick<Delegation, 'to' | 'until' | 'reason'> & { readonly id: string },
): Promise<Delegation> {
  const now = parts.clock.now();
  const trouble = delegationTrouble({ ...given, from: principal.id }, now);
  if (trouble !== undefined) throw new Failure('delegation.invalid', trouble);
  if (given.reason.trim() === '') {
    throw new Failure('approval.reason-missing', 'say why you delegate');
  }
  const decided = await allow(parts, principal);
  const delegation: Delegation = { ...given, from: principal.id, since: now };
  await parts.committer.commit({
    entries: [entryOf(parts, 'delegation-given', delegation), ...decided],
    registerRecords: [delegationRecord(parts, delegation, 0)],
  });
  return delegation;
}

/** Ends a delegation of `principal` now; throws `delegation.not-found`. */
export async function endDelegation(
  parts: ApprovalParts,
  principal: Principal,
  id: string,
): Promise<void> {
  const found = (await listDelegations(parts)).find((one) => one.id === id);
  if (found === undefined || found.from !== principal.id) {
    throw new Failure('delegation.not-found', `you gave no delegation \`${id}\``);
  }
  const { version, ...before } = found;
  const ended = { ...before, until: parts.clock.now() };
  await parts.committer.commit({
    entries: [entryOf(parts, 'delegation-ended', ended)],
    registerRecords: [delegationRecord(parts, ended, version)],
  });
}
