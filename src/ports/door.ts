/**
 * The door of the API: whether a principal may do what a request asks for. Asked for every request of
 * everybody, before its route runs.
 */
import type {
  ActionId,
  Facts,
  ObligationKind,
  Principal,
  ResourceType,
} from '../core/policy/index.ts';
import type { Credential } from './authenticator.ts';

/** What somebody wants to do. */
export interface DoorQuestion {
  readonly tenant: string;
  readonly action: ActionId;
  readonly resourceType: ResourceType;
  /** What it is done to; null for all of a kind. */
  readonly resourceId: string | null;
  /** Where that belongs; null for what belongs to no namespace. */
  readonly namespace: string | null;
  /** What the request says that policies may ask about. */
  readonly facts?: Facts;
  /** Why, in words of whoever asks. */
  readonly reason?: string;
  /** What the credential is for; absent: all that its owner may. */
  readonly scopes?: Credential['scopes'];
}

/** Whether it may be done. */
export type DoorAnswer =
  | { readonly isOpen: true }
  | {
      readonly isOpen: false;
      /** True when the principal may not even know that the thing exists. */
      readonly isHidden: boolean;
      /** For people: lower case, no full stop. */
      readonly reason: string;
      /** What would make it a yes; empty when nothing would. */
      readonly needs: readonly ObligationKind[];
    };

/** Decides who may do what over the API. */
export interface Door {
  ask(principal: Principal, question: DoorQuestion): Promise<DoorAnswer>;
  /**
   * Returns in which of `namespaces` something may be done, for lists that show what may be seen. Nothing
   * that was asked for is refused by it, so what is left out is no entry.
   */
  openIn<Namespace extends string | null>(
    principal: Principal,
    question: Omit<DoorQuestion, 'namespace'>,
    namespaces: readonly Namespace[],
  ): Promise<readonly Namespace[]>;
}
