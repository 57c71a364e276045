/**
 * Models and vendors that a tenant allows, as records of a register: proposed, allowed, denied, each an
 * entry in the write that does it.
 */
import { Failure } from '../../core/failure/index.ts';
import {
  type Allowance,
  type AllowanceKind,
  type AllowanceOrder,
  allowanceProblems,
} from '../../core/governance/index.ts';
import type { RegisterDesk } from '../registers/index.ts';

const register = 'allowance';
const allowed = { name: 'state', value: 'allowed' };

function idOf({ kind, name }: Pick<Allowance, 'kind' | 'name'>): string {
  return `${kind}:${name}`;
}

/** Returns every model and vendor that somebody proposed, in order. */
export async function listAllowances(desk: RegisterDesk): Promise<readonly Allowance[]> {
  return (await desk.list<Allowance>(register)).map(({ content }) => content);
}

/** Returns a model or vendor that somebody proposed. */
export function findAllowance(
  desk: RegisterDesk,
  kind: AllowanceKind,
  name: string,
): Promise<Allowance | undefined> {
  return desk.read<Allowance>(register, idOf({ kind, name }));
}

/** Proposes a model or vendor; what was allowed before is not any more. Throws `input.invalid`. */
export function proposeAllowance(
  desk: RegisterDesk,
  order: AllowanceOrder,
  by: string,
): Promise<Allowance> {
  return desk.do(async (work) => {
    const problems = allowanceProblems(order, work.at);
    if (problems.length > 0) {
      throw new Failure('input.invalid', problems.join('; '), { details: { problems } });
    }
    const { kind, name, owner, reason, endsAt } = order;
    const proposed: Allowance = {
      kind,
      name,
      owner,
      reason,
      endsAt,
      state: 'proposed',
      proposedBy: by,
      proposedAt: work.at,
    };
    await work.put(register, idOf(order), proposed, { state: 'proposed' });
    const stream = `allowance:${idOf(order)}`;
    const payload = { kind, name, owner, reason, endsAt };
    work.enter({ stream, type: `${kind}-proposed`, actor: by, payload });
    return () => proposed;
  });
}

/** Allows or denies what somebody proposed, which policy has allowed; throws `allowance.not-found`, `store.conflict`. */
export function decideAllowance(
  desk: RegisterDesk,
  seen: Allowance,
  decided: { readonly state: 'allowed' | 'denied'; readonly by: string; readonly reason: string },
): Promise<Allowance> {
  return desk.do(async (work) => {
    const { kind, name } = seen;
    const before = await work.read<Allowance>(register, idOf(seen));
    if (before === undefined) throw notProposed(kind, name);
    // Allowed is what was proposed by whom, and until when, as it was looked at.
    if (before.proposedAt !== seen.proposedAt || before.proposedBy !== seen.proposedBy) {
      throw new Failure('store.conflict', `the ${kind} \`${name}\` was proposed anew meanwhile`);
    }
    const { state, by, reason } = decided;
    const after: Allowance = { ...before, state, decidedBy: by, decidedAt: work.at };
    await work.put(register, idOf(seen), after, { state });
    const { owner, endsAt, proposedBy } = after;
    const payload = { kind, name, owner, endsAt, proposedBy, reason };
    work.enter({
      stream: `allowance:${idOf(seen)}`,
      type: `${kind}-${state}`,
      actor: by,
      payload,
    });
    return () => after;
  });
}

/** Enters which permissions have ended, each once; gives the moment at which the next one ends. */
export function endAllowances(desk: RegisterDesk): Promise<number | undefined> {
  return desk.do(async (work) => {
    let next: number | undefined;
    for (const { content } of await work.list<Allowance>(register, allowed)) {
      const { kind, name, owner, endsAt } = content;
      if (endsAt > work.at) {
        next = Math.min(next ?? endsAt, endsAt);
        continue;
      }
      const state = 'ended';
      await work.put(register, idOf(content), { ...content, state }, { state });
      const payload = { kind, name, owner, endsAt };
      work.enter({
        stream: `allowance:${idOf(content)}`,
        type: `${kind}-ended`,
        actor: 'engine',
        payload,
      });
    }
    return () => next;
  });
}

/** Returns the failure of a decision about what nobody proposed. */
export function notProposed(kind: AllowanceKind, name: string): Failure {
  return new Failure('allowance.not-found', `nobody has proposed the ${kind} \`${name}\``, {
    help: `propose it with \`sluice ${kind} propose ${name}\``,
  });
}
