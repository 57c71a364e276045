/**
 * Models and vendors that a tenant allows: somebody proposes one, somebody else allows it for a time, and
 * somebody answers for it.
 *
 * INVARIANT: what is not allowed, is allowed no more, or has passed its end is not approved.
 */
import { vendorOf } from './kill-switch.ts';

/** What may be allowed. */
export const allowanceKinds = ['model', 'vendor'] as const;

/** A model or a vendor. */
export type AllowanceKind = (typeof allowanceKinds)[number];

/** How a model or vendor stands. */
export type AllowanceState = 'proposed' | 'allowed' | 'denied' | 'ended';

/** A model or vendor, and whether it may be used. */
export interface Allowance {
  readonly kind: AllowanceKind;
  /** `openai/gpt-5-mini`, or `openai`. */
  readonly name: string;
  readonly state: AllowanceState;
  /** Who answers for its use. */
  readonly owner: string;
  readonly reason: string;
  /** Epoch milliseconds. */
  readonly endsAt: number;
  readonly proposedBy: string;
  readonly proposedAt: number;
  /** Who allowed or denied it last. */
  readonly decidedBy?: string;
  readonly decidedAt?: number;
}

/** What somebody asks for when they propose a model or vendor. */
export type AllowanceOrder = Pick<Allowance, 'kind' | 'name' | 'owner' | 'reason' | 'endsAt'>;

const namePattern = /^[a-zA-Z0-9][a-zA-Z0-9._:-]{0,99}$/;
const modelPattern = /^[a-zA-Z0-9][a-zA-Z0-9._:-]{0,99}(\/[a-zA-Z0-9][a-zA-Z0-9._:@-]{0,149})+$/;

/** Returns what is wrong with a proposal at the moment `at`, as clauses. */
export function allowanceProblems(order: AllowanceOrder, at: number): readonly string[] {
  const { kind, name, owner, reason, endsAt } = order;
  const problems: string[] = [];
  if (kind === 'model' && !modelPattern.test(name)) {
    problems.push(`\`${name}\` is no model like openai/gpt-5-mini`);
  }
  if (kind === 'vendor' && !namePattern.test(name)) {
    problems.push(`\`${name}\` is no vendor like openai`);
  }
  if (owner.trim() === '') problems.push('nobody answers for it');
  if (reason.trim() === '') problems.push('a reason is missing');
  if (!Number.isFinite(endsAt) || endsAt <= at) problems.push('its end is not in the future');
  return problems;
}

/** Returns why a model or vendor may not be used at the moment `at`, as a clause; undefined where it may. */
export function allowanceProblem(
  allowances: readonly Allowance[],
  kind: AllowanceKind,
  name: string,
  at: number,
): string | undefined {
  const found = allowances.find((one) => one.kind === kind && one.name === name);
  if (found === undefined) return `nobody has proposed the ${kind} \`${name}\``;
  if (found.state === 'proposed') return `the ${kind} \`${name}\` waits to be allowed`;
  if (found.state === 'denied') return `the ${kind} \`${name}\` is denied`;
  const isOver = found.state === 'ended' || found.endsAt <= at;
  return !isOver ? undefined : `the time of the ${kind} \`${name}\` is over`;
}

/** Returns the vendor of what an allowance is about. */
export function vendorOfAllowance({ kind, name }: Pick<Allowance, 'kind' | 'name'>): string {
  return kind === 'vendor' ? name : vendorOf(name);
}
