/**
 * Service accounts, agents, and the tokens of all who have some. A token is a prefix that secret scanners
 * know, 160 random bits and a checksum; its hash is kept. It lets its bearer do what its owner may, and of
 * that only what its scopes name.
 *
 * INVARIANT: a token never lasts longer than a year, nor lets anybody do more than its owner may by then.
 */
import { Failure } from '../../core/failure/index.ts';
import type { IdentityParts } from './identity-parts.ts';
import { makeToken } from './api-tokens.ts';
import { type Change, hashOf, type Kept, type Records, untilUncontested } from './records.ts';
import { endAll, type TenantRole } from './users.ts';

/** A part of what an owner may: actions in namespaces; `*` stands for all. */
export interface Scope {
  readonly actions: readonly string[];
  readonly namespaces: readonly string[];
}

/** A token as it is kept. */
export interface Token {
  readonly owner: string;
  readonly tenant: string;
  readonly name: string;
  readonly scopes: readonly Scope[];
  readonly createdAt: number;
  readonly expiresAt: number;
  /** Coarse; null when it was never used. */
  readonly usedAt: number | null;
  readonly issuedBy: string;
}

/** A principal that is no person. */
export interface Account {
  readonly tenant: string;
  readonly kind: 'service-account' | 'agent';
  readonly name: string;
  /** Users who answer for it; an agent acts on behalf of them. */
  readonly owners: readonly string[];
  readonly roles: readonly TenantRole[];
  readonly isDisabled: boolean;
  readonly createdAt: number;
}

/** What a token is made from. */
export type TokenDraft = Pick<Token, 'owner' | 'tenant' | 'name' | 'scopes'> & {
  readonly lifetimeMs: number;
};

/** A token with its secret, which is shown this once. */
export interface IssuedToken {
  readonly id: string;
  readonly secret: string;
  readonly token: Token;
}

/** Service accounts, agents and tokens. */
export interface Accounts {
  create(draft: Omit<Account, 'createdAt' | 'isDisabled'>, actor: string): Promise<string>;
  find(id: string, tenant?: string): Promise<Kept<Account> | undefined>;
  list(tenant: string): Promise<readonly Kept<Account>[]>;
  change(
    id: string,
    event: { readonly type: string; readonly actor: string; readonly payload?: object },
    change: (account: Account) => Partial<Account>,
  ): Promise<Account>;

  issue(draft: TokenDraft, actor: string): Promise<IssuedToken>;
  tokenOf(secret: string): Promise<Kept<Token> | undefined>;
  tokens(
    of: { readonly owner: string } | { readonly tenant: string },
  ): Promise<readonly Kept<Token>[]>;
  /** Returns the token whose id begins so. */
  token(tenant: string, id: string): Promise<Kept<Token> | undefined>;
  /** Issues another one with the same scopes; the old one stays good for `overlapMs`. */
  rotate(
    token: Kept<Token>,
    options: { readonly overlapMs: number; readonly lifetimeMs: number },
    actor: string,
  ): Promise<IssuedToken>;
  revoke(token: Kept<Token>, actor: string): Promise<void>;
  /** Notes that a token was used, once in a while. */
  used(token: Kept<Token>): Promise<void>;
}

/** How long a token lasts at most. */
export const tokenLifetimeMaxMs = 366 * 24 * 3_600_000;
const useNotedMs = 3_600_000;
const shownDigits = 16;

/** Returns the id of a token as people see it: the beginning of its hash. */
export function tokenId(id: string): string {
  return id.slice(0, shownDigits);
}

/** Tells whether scopes cover an action in a namespace. */
export function scopesCover(
  scopes: readonly Scope[],
  action: string,
  namespace: string | null,
): boolean {
  return scopes.some(
    ({ actions, namespaces }) =>
      (actions.includes('*') || actions.includes(action)) &&
      namespaces.some(
        (one) =>
          one === '*' ||
          (namespace !== null && (namespace === one || namespace.startsWith(`${one}.`))),
      ),
  );
}

/** Returns service accounts, agents and tokens. */
export function createAccounts(parts: IdentityParts, records: Records): Accounts {
  const { clock, random } = parts;
  const notedAt = new Map<string, number>();
  const putAccount = (id: string, version: number, content: Account): Change => ({
    kind: 'account',
    id,
    version,
    content,
    keys: { tenant: content.tenant },
  });
  const putToken = (id: string, version: number, content: Token): Change => ({
    kind: 'token',
    id,
    version,
    content,
    keys: { owner: content.owner, tenant: content.tenant },
  });
  const make = (draft: TokenDraft, actor: string): IssuedToken => {
    const { lifetimeMs, ...rest } = draft;
    if (!(lifetimeMs > 0) || lifetimeMs > tokenLifetimeMaxMs) {
      throw new Failure('request.malformed', 'a token lasts up to a year');
    }
    const secret = makeToken();
    const createdAt = clock.now();
    const expiresAt = createdAt + lifetimeMs;
    const token: Token = { ...rest, createdAt, expiresAt, usedAt: null, issuedBy: actor };
    return { id: hashOf(secret), secret, token };
  };
  const find: Accounts['find'] = async (id, tenant) => {
    const account = await records.find<Account>('account', id);
    return account === undefined || (tenant !== undefined && account.content.tenant !== tenant)
      ? undefined
      : account;
  };
  const tokensOf: Accounts['tokens'] = (of) =>
    'owner' in of
      ? records.list<Token>('token', 'owner', of.owner)
      : records.list<Token>('token', 'tenant', of.tenant);

  return {
    async create(draft, actor) {
      const id = `${draft.kind}:${random.id()}`;
      const account: Account = { ...draft, isDisabled: false, createdAt: clock.now() };
      const { tenant, owners, roles } = draft;
      await records.write(
        [{ type: 'account-created', tenant, actor, payload: { account: id, owners, roles } }],
        [putAccount(id, 0, account)],
      );
      return id;
    },
    find,
    list: (tenant) => records.list<Account>('account', 'tenant', tenant),
    change: (id, event, change) =>
      untilUncontested(async () => {
        const account = await find(id);
        if (account === undefined) {
          throw new Failure('identity.not-found', 'there is no such account');
        }
        const after = { ...account.content, ...change(account.content) };
        const ended = after.isDisabled && !account.content.isDisabled;
        await records.write(
          [
            {
              type: event.type,
              tenant: after.tenant,
              actor: event.actor,
              payload: { account: id, ...event.payload },
            },
          ],
          [putAccount(id, account.version, after), ...(ended ? await endAll(records, id) : [])],
        );
        return after;
      }),

    async issue(draft, actor) {
      const issued = make(draft, actor);
      const { token, id } = issued;
      const { owner, tenant, scopes, expiresAt } = token;
      const payload = { token: tokenId(id), owner, scopes, expiresAt };
      await records.write(
        [{ type: 'token-issued', tenant, actor, payload }],
        [putToken(id, 0, token)],
      );
      return issued;
    },
    tokenOf: (secret) => records.find<Token>('token', hashOf(secret)),
    tokens: tokensOf,
    async token(tenant, id) {
      if (id.length < shownDigits) return undefined;
      return (await tokensOf({ tenant })).find((one) => one.id.startsWith(id));
    },
    async rotate(token, { overlapMs, lifetimeMs }, actor) {
      const { owner, tenant, name, scopes } = token.content;
      const issued = make({ owner, tenant, name, scopes, lifetimeMs }, actor);
      const until = Math.min(token.content.expiresAt, clock.now() + Math.max(0, overlapMs));
      await records.write(
        [
          {
            type: 'token-rotated',
            tenant,
            actor,
            payload: { token: tokenId(token.id), by: tokenId(issued.id), until },
          },
        ],
        [
          putToken(token.id, token.version, { ...token.content, expiresAt: until }),
          putToken(issued.id, 0, issued.token),
        ],
      );
      return issued;
    },
    async revoke({ id, content }, actor) {
      const { tenant, owner } = content;
      await records.write(
        [{ type: 'token-revoked', tenant, actor, payload: { token: tokenId(id), owner } }],
        [{ kind: 'token', id, isRemoved: true }],
      );
    },
    async used({ id, version, content }) {
      const now = clock.now();
      const last = Math.max(content.usedAt ?? 0, notedAt.get(id) ?? 0);
      if (now - last < useNotedMs) return;
      notedAt.set(id, now);
      try {
        await records.write(
          [
            {
              type: 'token-used',
              tenant: content.tenant,
              actor: content.owner,
              payload: { token: tokenId(id) },
            },
          ],
          [putToken(id, version, { ...content, usedAt: now })],
        );
      } catch (error) {
        // It was changed or revoked at this moment; that counts for more.
        if (!(error instanceof Failure) || error.code !== 'store.conflict') throw error;
      }
    },
  };
}
