/**
 * What is asked of policy at a door: may this principal do this to that, given where the values come from
 * and what the situation is. The same question is asked again after an approval, and again in a replay
 * of past decisions, so it is plain data and complete.
 */
import type { DataClass, Trust } from '../value/index.ts';
import type { ActionId, ResourceType } from './actions.ts';
import type { Facts } from './facts.ts';
import type { Principal } from './principal.ts';

/** What the action is done to. */
export interface Resource {
  readonly type: ResourceType;
  /** Unique in its tenant and type: `company.shop/refund` for a flow, `company.shop/refund#pay` for its task. */
  readonly id: string;
  readonly tenant: string;
  /** Null for what belongs to the whole tenant. */
  readonly namespace: string | null;
}

/** Where a value comes from, as far as a decision may see it. */
export interface Origin {
  readonly trust: Trust;
  readonly classes: readonly DataClass[];
  /** How much an outsider could choose, as log2 of the number of options. */
  readonly bits: number;
}

/** Where one argument of an effect comes from. */
export interface ArgumentOrigin extends Origin {
  /** True for recipients, addresses, accounts, paths, SQL, templates, prompts and code. */
  readonly isAddressLike: boolean;
}

/** What is known besides who, what and on which. */
export interface Situation {
  /** By property of the task, parameter of the tool, or part of the request. Absent: unknown; what asks for it denies. */
  readonly arguments?: Readonly<Record<string, ArgumentOrigin>>;
  /** What decided that this happens at all: branches, loops, handlers. Absent: unknown; what asks for it denies. */
  readonly control?: Origin;
  readonly facts?: Facts;
}

/** What is asked of policy. */
export interface Question {
  readonly principal: Principal;
  readonly action: ActionId;
  readonly resource: Resource;
  readonly situation: Situation;
}
