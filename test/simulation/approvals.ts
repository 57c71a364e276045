/**
 * Approvals in the world: the desk of the product over the ports of a process, and policies that ask for
 * people before tasks of some types. What policies say is a table; what becomes of it is the product's.
 */
import type { Question } from '../../src/core/policy/index.ts';
import type { Principals } from '../../src/ports/principals.ts';
import { type ApprovalParts, createRunDoor } from '../../src/runtime/approvals/index.ts';
import { createWriteWatch } from '../../src/runtime/committer/index.ts';
import { createKnownFlows } from '../../src/runtime/flow-register/index.ts';
import type { Decider, Decision } from '../../src/runtime/policy/index.ts';
import { createFlowLibrary, type RunLoopParts } from '../../src/runtime/run-loop/index.ts';

/** How many approvers must agree before a task of a type does something, by type. */
export type Asks = Readonly<Record<string, number>>;

const version = 'asks';
const hourMs = 3_600_000;

/** Everybody of the world who decides is an approver. */
const principals: Principals = {
  find: async (tenant, id) => ({
    kind: 'user',
    id,
    tenant,
    roles: [{ role: 'approver', namespace: '*' }],
    groups: [],
    onBehalfOf: [],
    authentication: { factors: [], freshness: 'fresh' },
  }),
};

/** Returns who decides in the world, by their name. */
export function approverCalled(tenant: string, name: string) {
  return principals.find(tenant, name);
}

/** Returns what asks for people as `asks` says. */
function deciderFor(asks: Asks): Decider {
  const decide: Decider['decide'] = (question: Question, met = []) => {
    const type = question.action.startsWith('run:') ? question.action.slice('run:'.length) : '';
    const quorum = Object.hasOwn(asks, type) ? asks[type] : undefined;
    const isFree = quorum === undefined || met.some(({ policy }) => policy === 'sim.asks');
    const verdict = isFree ? ('allow' as const) : ('obliged' as const);
    const obligation = {
      kind: 'approval' as const,
      policy: 'sim.asks',
      reason: 'somebody looks at it',
      approvers: [{ kind: 'role' as const, name: 'approver' }],
      quorum: quorum ?? 1,
      deadlineMs: 2 * hourMs,
    };
    const answer = { verdict, policies: [], obligations: isFree ? [] : [obligation], version };
    const note = { verdict, policies: [], version, digest: type };
    return { question, answer, note, text: type } satisfies Decision;
  };
  return {
    version,
    policies: undefined,
    refresh: async () => undefined,
    decide,
    keep: async () => undefined,
    entryOf: () => undefined,
    ask: async (question, met) => decide(question, met).answer,
    close: () => undefined,
  };
}

/** Returns the approvals of a process whose parts are `own`. */
export function approvalsFor(
  own: RunLoopParts,
  asks: Asks,
): NonNullable<RunLoopParts['approvals']> {
  const { tenant, store, clock, catalogue, committer, cipher } = own;
  const decider = deciderFor(asks);
  const watch = createWriteWatch(store, clock, () => true);
  const library = createFlowLibrary(own);
  const parts: ApprovalParts = {
    tenant,
    store,
    committer,
    clock,
    cipher,
    principals,
    policies: {
      known: () => decider,
      look: async () => decider,
      decider: async () => decider,
      close: async () => undefined,
    },
    flows: createKnownFlows({ tenant, store, catalogue, watch, library }),
    watch,
  };
  return { parts, door: createRunDoor(parts) };
}
