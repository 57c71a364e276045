/**
 * Users and tokens as whoever owns the data folder keeps them at the machine: the way in when nobody can
 * sign in any more. Policy is not asked, as policy could be what locks everybody out; every step is an
 * entry that names who acted here.
 */
import { Failure } from '../core/failure/index.ts';
import type { RoleBinding } from '../core/policy/index.ts';
import {
  type Identity,
  type IssuedToken,
  type Kept,
  type Token,
  tokenId,
  type User,
} from '../runtime/identity/index.ts';

/** A user as the machine's owner sees them. */
export interface UserCard {
  readonly id: string;
  readonly name: string;
  readonly mail: string | null;
  readonly isDisabled: boolean;
  readonly roles: readonly RoleBinding[];
  readonly hasSecondFactor: boolean;
  /** Epoch milliseconds. */
  readonly createdAt: number;
}

/** A token as the machine's owner sees it. */
export interface TokenCard {
  readonly id: string;
  readonly name: string;
  readonly owner: string;
  readonly createdAt: number;
  readonly expiresAt: number;
  readonly usedAt: number | null;
}

/** Users and tokens of a data folder. People are named by what they sign in with, or by their handle. */
export interface IdentityDesk {
  users(): Promise<readonly UserCard[]>;
  /** Gives the secret of the invitation. */
  createUser(
    name: string,
    options: { readonly mail?: string; readonly roles: readonly RoleBinding[] },
  ): Promise<{ readonly user: UserCard; readonly secret: string }>;
  /** Gives the secret of a link by which a user sets a password; a reset takes their factors away. */
  link(name: string, purpose: 'invitation' | 'reset'): Promise<string>;
  setDisabled(name: string, isDisabled: boolean): Promise<UserCard>;
  setRoles(name: string, roles: readonly RoleBinding[]): Promise<UserCard>;
  tokens(): Promise<readonly TokenCard[]>;
  createToken(
    owner: string,
    options: {
      readonly name: string;
      readonly lifetimeMs: number;
      readonly actions: readonly string[];
    },
  ): Promise<TokenCard & { readonly secret: string }>;
  rotateToken(
    id: string,
    options: { readonly overlapMs: number; readonly lifetimeMs: number },
  ): Promise<TokenCard & { readonly secret: string }>;
  revokeToken(id: string): Promise<void>;
}

function cardOf({ id, content }: Kept<User>): UserCard {
  const { name, mail, isDisabled, roles, totp, passkeys, createdAt } = content;
  return {
    id,
    name,
    mail,
    isDisabled,
    roles: roles.map(({ role, namespace }) => ({ role, namespace })),
    hasSecondFactor: totp !== null || passkeys.length > 0,
    createdAt,
  };
}

function tokenCard({ id, content }: Pick<Kept<Token>, 'id' | 'content'>): TokenCard {
  const { name, owner, createdAt, expiresAt, usedAt } = content;
  return { id: tokenId(id), name, owner, createdAt, expiresAt, usedAt };
}

function issuedCard({ id, token, secret }: IssuedToken): TokenCard & { readonly secret: string } {
  return { ...tokenCard({ id, content: token }), secret };
}

/** Returns the desk over a tenant; `actor` stands in the entries. */
export function createIdentityDesk(
  { users, accounts, signIn }: Pick<Identity, 'users' | 'accounts' | 'signIn'>,
  tenant: string,
  actor: string,
): IdentityDesk {
  const userOf = async (name: string): Promise<Kept<User>> => {
    const user = name.startsWith('user:')
      ? await users.find(name, tenant)
      : await users.byName(tenant, name);
    if (user !== undefined) return user;
    throw new Failure('identity.not-found', `there is no user \`${name}\``, {
      help: 'list them with `sluice user list`',
    });
  };
  const tokenOf = async (id: string): Promise<Kept<Token>> => {
    const token = await accounts.token(tenant, id);
    if (token !== undefined) return token;
    throw new Failure('identity.not-found', `there is no token \`${id}\``, {
      help: 'list them with `sluice token list`',
    });
  };
  const inTenant = (roles: readonly RoleBinding[]) => roles.map((one) => ({ ...one, tenant }));
  return {
    users: async () => (await users.list(tenant)).map(cardOf),
    async createUser(name, { mail, roles }) {
      const draft = { tenant, name, roles: inTenant(roles), ...(mail !== undefined && { mail }) };
      const id = await users.create(draft, actor);
      const secret = await signIn.makeLink(id, 'invitation', actor);
      return { user: cardOf(await userOf(id)), secret };
    },
    link: async (name, purpose) => signIn.makeLink((await userOf(name)).id, purpose, actor),
    async setDisabled(name, isDisabled) {
      const { id } = await userOf(name);
      const type = isDisabled ? 'user-disabled' : 'user-enabled';
      await users.change(id, { type, actor }, ({ authority }) => ({
        isDisabled,
        authority: authority + 1,
      }));
      return cardOf(await userOf(id));
    },
    async setRoles(name, roles) {
      const { id } = await userOf(name);
      const event = { type: 'user-roles-set', actor, payload: { roles } };
      await users.change(id, event, (user) => ({
        roles: [
          ...user.roles.filter((one) => one.tenant !== tenant && one.tenant !== '*'),
          ...inTenant(roles),
        ],
        authority: user.authority + 1,
      }));
      return cardOf(await userOf(id));
    },
    tokens: async () => (await accounts.tokens({ tenant })).map(tokenCard),
    async createToken(owner, { name, lifetimeMs, actions }) {
      const isAccount = /^(?:service-account|agent):/.test(owner);
      const id = isAccount ? (await accounts.find(owner, tenant))?.id : (await userOf(owner)).id;
      if (id === undefined) {
        throw new Failure('identity.not-found', `there is no account \`${owner}\``);
      }
      const scopes = [{ actions, namespaces: ['*'] }];
      return issuedCard(
        await accounts.issue({ owner: id, tenant, name, scopes, lifetimeMs }, actor),
      );
    },
    async rotateToken(id, times) {
      return issuedCard(await accounts.rotate(await tokenOf(id), times, actor));
    },
    revokeToken: async (id) => accounts.revoke(await tokenOf(id), actor),
  };
}
