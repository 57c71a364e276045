/** The desk of models and vendors: proposed by one, allowed for a time by another, or denied. */
import {
  type Allowance,
  type AllowanceKind,
  type AllowanceOrder,
  vendorOfAllowance,
} from '../core/governance/index.ts';
import { Failure } from '../core/failure/index.ts';
import type { Facts } from '../core/policy/index.ts';
import {
  decideAllowance,
  findAllowance,
  listAllowances,
  notProposed,
  proposeAllowance,
} from '../runtime/allowances/index.ts';
import type { RegisterDesk } from '../runtime/registers/index.ts';
import type { RunLoop } from '../runtime/run-loop/index.ts';
import { assertAllowed, type Changer } from './assert-allowed.ts';

/** Models and vendors, as people propose and allow them. */
export interface AllowanceDesk {
  list(kind?: AllowanceKind): Promise<readonly Allowance[]>;
  /** Returns what policy may know of a model or vendor that is to be allowed. */
  facts(kind: AllowanceKind, name: string): Promise<Facts>;
  /** Throws `input.invalid`, `policy.denied`. */
  propose(order: AllowanceOrder): Promise<Allowance>;
  /** Each throws `allowance.not-found`, `input.invalid`, `policy.denied`. */
  allow(kind: AllowanceKind, name: string, reason: string): Promise<Allowance>;
  deny(kind: AllowanceKind, name: string, reason: string): Promise<Allowance>;
}

function factsOf(found: Allowance): Facts {
  const { owner, proposedBy } = found;
  return {
    vendor: vendorOfAllowance(found),
    author: proposedBy,
    involved: [...new Set([proposedBy, owner])],
  };
}

/** Returns the desk over the models and vendors of the tenant of `loop`. */
export function createAllowanceDesk(
  { parts }: RunLoop,
  registers: RegisterDesk,
  changer: Changer,
): AllowanceDesk {
  const { actor } = changer;
  const resourceOf = ({ kind, name }: Pick<Allowance, 'kind' | 'name'>) => ({
    type: kind === 'model' ? ('Model' as const) : ('Vendor' as const),
    id: name,
    namespace: null,
  });
  const decide = async (
    kind: AllowanceKind,
    name: string,
    state: 'allowed' | 'denied',
    reason: string,
  ): Promise<Allowance> => {
    if (reason.trim() === '') throw new Failure('input.invalid', 'a reason is missing');
    const found = await findAllowance(registers, kind, name);
    if (found === undefined) throw notProposed(kind, name);
    await assertAllowed(parts, changer, {
      action: 'approve-model',
      resource: resourceOf(found),
      facts: factsOf(found),
      what: `the ${kind} \`${name}\``,
    });
    return decideAllowance(registers, found, { state, by: actor, reason });
  };
  return {
    async list(kind) {
      const all = await listAllowances(registers);
      return kind === undefined ? all : all.filter((one) => one.kind === kind);
    },
    async facts(kind, name) {
      const found = await findAllowance(registers, kind, name);
      return found === undefined ? {} : factsOf(found);
    },
    async propose(order) {
      await assertAllowed(parts, changer, {
        action: 'edit',
        resource: resourceOf(order),
        facts: {},
        what: `the proposal of the ${order.kind} \`${order.name}\``,
      });
      return proposeAllowance(registers, order, actor);
    },
    allow: (kind, name, reason) => decide(kind, name, 'allowed', reason),
    deny: (kind, name, reason) => decide(kind, name, 'denied', reason),
  };
}
