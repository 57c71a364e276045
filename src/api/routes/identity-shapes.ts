/**
 * How users, groups, accounts, sessions and tokens look over HTTP, and what a change of roles asks.
 *
 * INVARIANT: no secret, and no hash of one, is part of any of them.
 */
import { z } from 'zod';
import {
  type Account,
  type Group,
  type Kept,
  type Session,
  type TenantRole,
  type Token,
  tokenId,
  type User,
} from '../../runtime/identity/index.ts';
import type { ReadRequest, Target, TargetReader } from '../server/index.ts';
import { namespace } from './define-route.ts';

/** A role and where it holds. */
export const roleSchema = z.strictObject({
  role: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,49}$/, 'is no name of a role')
    .refine((role) => role !== 'local-owner', 'belongs to the command line'),
  namespace: z.union([z.literal('*'), namespace]).default('*'),
});

/** Returns what policy is asked when `roles` are given to `involved`: each of them by itself. */
export function rolesGiven(
  roles: readonly { readonly role: string; readonly namespace: string }[],
  involved: readonly string[],
): readonly Target[] {
  // To take all roles away is asked as well.
  const each = roles.length === 0 ? [{ role: 'none', namespace: '*' }] : roles;
  return each.map(({ role }) => ({ facts: { role, involved } }));
}

/** Returns what a request that sets the roles of one is about. */
export function rolesTarget({ params, body }: ReadRequest): ReturnType<TargetReader> {
  const { roles } = body as { roles: readonly { role: string; namespace: string }[] };
  return rolesGiven(roles, [String(params['id'])]);
}

/** A part of what an owner may. */
export const scopeSchema = z.strictObject({
  actions: z
    .array(z.string().regex(/^[*\w:.-]{1,100}$/, 'is no action'))
    .min(1)
    .max(50),
  namespaces: z
    .array(z.union([z.literal('*'), namespace]))
    .min(1)
    .max(50)
    .default(['*']),
});

const time = z.string().describe('ISO time');
const iso = (at: number): string => new Date(at).toISOString();

/** A user. */
export const userSchema = z.object({
  id: z.string(),
  username: z.string(),
  displayName: z.string(),
  mail: z.string().nullable(),
  isDisabled: z.boolean(),
  roles: z.array(roleSchema),
  groups: z.array(z.string()),
  factors: z.array(z.string()),
  createdAt: time,
});

function rolesIn(roles: readonly TenantRole[], tenant: string) {
  return roles
    .filter((one) => one.tenant === tenant || one.tenant === '*')
    .map(({ role, namespace: where }) => ({ role, namespace: where }));
}

/** Returns a user as others see them. */
export function shownUser({ id, content }: Kept<User>) {
  const { tenant, name, displayName, mail, isDisabled, groups, createdAt } = content;
  return {
    id,
    username: name,
    displayName,
    mail,
    isDisabled,
    roles: rolesIn([...content.roles, ...content.claimRoles], tenant),
    groups,
    factors: [
      ...(content.password === null ? [] : ['password']),
      ...(content.totp === null ? [] : ['totp']),
      ...(content.passkeys.length === 0 ? [] : ['passkey']),
      ...(content.subjects.length === 0 ? [] : ['oidc']),
    ],
    createdAt: iso(createdAt),
  };
}

/** A group. */
export const groupSchema = z.object({
  id: z.string(),
  name: z.string(),
  members: z.array(z.string()),
  roles: z.array(roleSchema),
});

/** Returns a group as others see it. */
export function shownGroup({ id, content }: Kept<Group>) {
  const { name, members, roles, tenant } = content;
  return { id, name, members, roles: rolesIn(roles, tenant) };
}

/** A service account or agent. */
export const accountSchema = z.object({
  id: z.string(),
  kind: z.string(),
  name: z.string(),
  owners: z.array(z.string()),
  roles: z.array(roleSchema),
  isDisabled: z.boolean(),
  createdAt: time,
});

/** Returns a service account or agent as others see it. */
export function shownAccount({ id, content }: Kept<Account>) {
  const { kind, name, owners, roles, tenant, isDisabled, createdAt } = content;
  return {
    id,
    kind,
    name,
    owners,
    roles: rolesIn(roles, tenant),
    isDisabled,
    createdAt: iso(createdAt),
  };
}

/** The id of a token in an address. */
export const tokenIdSchema = z.string().regex(/^[0-9a-f]{16,64}$/, 'is no id of a token');

/** A token without its secret. */
export const tokenSchema = z.object({
  id: z.string(),
  name: z.string(),
  owner: z.string(),
  scopes: z.array(scopeSchema),
  createdAt: time,
  expiresAt: time,
  usedAt: time.nullable(),
});

/** Returns a token as its owner sees it. */
export function shownToken({ id, content }: Pick<Kept<Token>, 'id' | 'content'>) {
  const { name, owner, scopes, createdAt, expiresAt, usedAt } = content;
  return {
    id: tokenId(id),
    name,
    owner,
    scopes,
    createdAt: iso(createdAt),
    expiresAt: iso(expiresAt),
    usedAt: usedAt === null ? null : iso(usedAt),
  };
}

/** A session. */
export const sessionSchema = z.object({
  id: z.string().describe('Of all that came of one sign-in'),
  browser: z.string(),
  network: z.string(),
  factors: z.array(z.string()),
  startedAt: time,
  seenAt: time,
  endsAt: time,
  isThis: z.boolean(),
});

/** Returns a session as its owner sees it; `own` is the id of the one that asks. */
export function shownSession({ id, content }: Kept<Session>, own: string) {
  const { family, browser, network, factors, startedAt, seenAt, endsAt } = content;
  return {
    id: family,
    browser,
    network,
    factors,
    startedAt: iso(startedAt),
    seenAt: iso(seenAt),
    endsAt: iso(endsAt),
    isThis: id === own,
  };
}
