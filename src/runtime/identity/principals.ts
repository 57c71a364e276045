/**
 * Principals from records: who somebody is in one tenant, with the roles they hold there, by themselves,
 * by their groups and by what a provider says of them.
 *
 * INVARIANT: whoever is disabled is no principal; an agent is none without an enabled person behind it.
 */
import { freshnessOf, type Principal, type RoleBinding } from '../../core/policy/index.ts';
import type { IdentityParts } from './identity-parts.ts';
import type { Accounts } from './accounts.ts';
import type { Kept } from './records.ts';
import type { TenantRole, User, Users } from './users.ts';

/** How somebody proved who they are. */
export interface Proof {
  readonly factors: readonly string[];
  /** Epoch milliseconds; 0 where nobody proved anything just now. */
  readonly at: number;
}

/** Makes principals. */
export interface Principals {
  /** Returns a user as they act in `tenant`, in their own where they are nobody there. */
  ofUser(
    user: Kept<User>,
    tenant: string | undefined,
    proof: Proof,
  ): Promise<Principal | undefined>;
  /** Returns who owns a token. */
  ofOwner(owner: string, tenant: string | undefined, proof: Proof): Promise<Principal | undefined>;
}

function rolesIn(roles: readonly TenantRole[], tenant: string): readonly RoleBinding[] {
  return roles
    .filter((one) => one.tenant === '*' || one.tenant === tenant)
    .map(({ role, namespace }) => ({ role, namespace }));
}

/** Returns what makes principals. */
export function createPrincipals(
  { clock }: IdentityParts,
  users: Users,
  accounts: Accounts,
): Principals {
  const principals: Principals = {
    async ofUser({ id, content }, wanted, { factors, at }) {
      if (content.isDisabled) return undefined;
      const kept = await Promise.all(content.groups.map((one) => users.group(one)));
      const groups = kept.flatMap((one) => (one === undefined ? [] : [one.content]));
      const all = [
        ...content.roles,
        ...content.claimRoles,
        ...groups.flatMap((group) => group.roles),
      ];
      const guestRoles = wanted === undefined ? [] : rolesIn(all, wanted);
      const isKnownThere = wanted === content.tenant || guestRoles.length > 0;
      const tenant = isKnownThere && wanted !== undefined ? wanted : content.tenant;
      return {
        kind: 'user',
        id,
        tenant,
        roles: rolesIn(all, tenant),
        groups: groups.filter((one) => one.tenant === tenant).map(({ name }) => name),
        onBehalfOf: [],
        authentication: { factors, freshness: freshnessOf(at, clock.now()) },
      };
    },
    async ofOwner(owner, wanted, proof) {
      if (owner.startsWith('user:')) {
        const user = await users.find(owner);
        return user === undefined ? undefined : principals.ofUser(user, wanted, proof);
      }
      const account = await accounts.find(owner);
      if (account === undefined || account.content.isDisabled) return undefined;
      const { kind, tenant, owners, roles } = account.content;
      if (kind === 'agent') {
        const people = await Promise.all(owners.map((one) => users.find(one, tenant)));
        if (!people.some((one) => one !== undefined && !one.content.isDisabled)) return undefined;
      }
      return {
        kind,
        id: account.id,
        tenant,
        roles: rolesIn(roles, tenant),
        groups: [],
        onBehalfOf: owners,
        authentication: {
          factors: proof.factors,
          freshness: freshnessOf(proof.at, clock.now()),
        },
      };
    },
  };
  return principals;
}
