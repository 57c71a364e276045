/** Approvals and voters for tests of the rules. */
import type { Approval, ApprovalRequirement, Voter } from '../../src/core/governance/index.ts';

const hourMs = 3_600_000;

/** Returns what asks for so many holders of a role. */
export function asks(role: string, quorum = 1): ApprovalRequirement {
  return {
    policy: `needs.${role}`,
    reason: 'it matters',
    approvers: [{ kind: 'role', name: role }],
    quorum,
  };
}

/** Returns an open approval asked for by `rita`; opened at 0. */
export function approvalWith(
  stages: readonly (readonly ApprovalRequirement[])[],
  more: Partial<Omit<Approval, 'terms'>> & {
    readonly terms?: Partial<Approval['terms']>;
  } = {},
): Approval {
  const { terms, ...rest } = more;
  return {
    id: 'a-1',
    executionId: 'e',
    taskRunId: 'a',
    taskId: 'pay',
    taskType: 'core.http.Request',
    namespace: 'shop',
    flowId: 'charge',
    revision: 1,
    title: 'run `core.http.Request` as `pay` of `shop/charge`',
    digest: 'd',
    parts: { 'argument uri': 'd1', 'argument body': 'd2' },
    isBinding: true,
    terms: { stages, deadlineMs: hourMs, onDeadline: 'reject', escalatesTo: [], ...terms },
    stage: 0,
    isEscalated: false,
    requester: 'rita',
    involved: ['olaf', 'rita'],
    state: 'open',
    votes: [],
    claimedBy: null,
    claimedUntil: null,
    form: null,
    openedAt: 0,
    deadlineAt: hourMs,
    remindedAt: null,
    closedAt: null,
    closedBecause: null,
    endorsed: [],
    vouched: [],
    brokenGlass: null,
    usedFor: null,
    version: 'v1',
    riskTier: null,
    stageOfLife: null,
    ...rest,
  };
}

/** Returns a person with roles. */
export function voter(id: string, roles: readonly string[], more: Partial<Voter> = {}): Voter {
  const persons = more.persons ?? [id];
  return {
    id,
    isPerson: true,
    persons,
    chain: persons,
    titles: [...roles.map((role) => `role:${role}`), `user:${id}`],
    delegations: [],
    ...more,
  };
}

/** Returns a person to whom `from` has delegated. */
export function delegateOf(
  id: string,
  from: { readonly id: string; readonly roles: readonly string[] },
  roles: readonly string[] = [],
): Voter {
  const titles = [...from.roles.map((role) => `role:${role}`), `user:${from.id}`];
  const delegations = [{ id: `to-${id}`, from: from.id, titles, persons: [from.id] }];
  return voter(id, roles, { chain: [id, from.id], delegations });
}
