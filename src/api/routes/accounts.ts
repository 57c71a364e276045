/**
 * Service accounts, agents and API tokens of a tenant. A token belongs to whoever asks for it, or to an
 * account; nobody gets one that acts as another person.
 */
import { z } from 'zod';
import { Failure } from '../../core/failure/index.ts';
import { parseDuration } from '../../core/flow/index.ts';
import {
  type Identity,
  type IssuedToken,
  tokenLifetimeMaxMs,
} from '../../runtime/identity/index.ts';
import { answer, noContent, type ReadRequest, type Route, type Target } from '../server/index.ts';
import { asked, route, tenant, tenantParams } from './define-route.ts';
import {
  accountSchema,
  roleSchema,
  scopeSchema,
  shownAccount,
  shownToken,
  tokenIdSchema,
  tokenSchema,
} from './identity-shapes.ts';

const accountId = z
  .string()
  .regex(/^(?:service-account|agent):\w{1,60}$/, 'is no id of a service account or agent');
const accountParams = z.strictObject({ tenant, id: accountId });
const tokenParams = z.strictObject({ tenant, id: tokenIdSchema });
const dayMs = 24 * 3_600_000;

const duration = z.string().transform((text, context) => {
  const ms = parseDuration(text);
  if (ms !== undefined && ms >= 0 && ms <= tokenLifetimeMaxMs) return ms;
  context.addIssue({ code: 'custom', message: 'is no ISO duration up to a year' });
  return z.NEVER;
});

/** Whose token it would be, what for and how long: what policy may ask about. */
function tokenTarget({ body, principal }: ReadRequest): Target {
  const { owner, scopes, lifetime } = body as {
    owner?: string;
    scopes: readonly { readonly actions: readonly string[] }[];
    lifetime: number;
  };
  return {
    resourceId: owner ?? principal.id,
    facts: {
      involved: [owner ?? principal.id],
      scopes: [...new Set(scopes.flatMap((one) => one.actions))],
      lifetimeDays: Math.ceil(lifetime / dayMs),
    },
  };
}

const everything = [{ actions: ['*'], namespaces: ['*'] }];
const issuedSchema = tokenSchema.extend({ secret: z.string().describe('Shown this once') });

function shownIssued({ id, token, secret }: IssuedToken) {
  return { ...shownToken({ id, content: token }), secret };
}

/** Returns the routes of service accounts, agents and tokens. */
export function accountRoutes(identity: Identity): readonly Route[] {
  const { accounts, users } = identity;
  const found = async <T>(what: Promise<T | undefined>): Promise<T> => {
    const thing = await what;
    if (thing !== undefined) return thing;
    throw new Failure('identity.not-found', 'there is nothing of that id');
  };
  const oneAccount = { 200: { description: 'The account', schema: accountSchema } };
  return [
    route({
      id: 'listAccounts',
      method: 'GET',
      path: '/api/v1/{tenant}/service-accounts',
      tag: 'Accounts',
      summary: 'Lists service accounts and agents.',
      access: asked('view', 'Account'),
      params: tenantParams,
      answers: { 200: { description: 'The accounts', schema: z.array(accountSchema) } },
      handle: async ({ view }) => answer((await accounts.list(view.tenant)).map(shownAccount)),
    }),
    route({
      id: 'createAccount',
      method: 'POST',
      path: '/api/v1/{tenant}/service-accounts',
      tag: 'Accounts',
      summary: 'Creates a service account, or an agent that acts for a person.',
      access: asked('administer-users', 'Account'),
      params: tenantParams,
      body: {
        kind: 'json',
        schema: z.strictObject({
          name: z.string().min(1).max(100),
          kind: z.enum(['service-account', 'agent']).default('service-account'),
          owners: z
            .array(z.string().max(100))
            .min(1)
            .max(20)
            .optional()
            .describe('Users who answer for it; whoever asks, when not said'),
        }),
      },
      answers: { 201: { description: 'The account', schema: accountSchema } },
      handle: async ({ view, body, principal }) => {
        const owners = body.owners ?? [principal.id];
        for (const one of body.owners ?? []) await found(users.find(one, view.tenant));
        const { name, kind } = body;
        const draft = { tenant: view.tenant, name, kind, owners, roles: [] };
        const id = await accounts.create(draft, principal.id);
        return answer(shownAccount(await found(accounts.find(id, view.tenant))), 201);
      },
    }),
    route({
      id: 'setAccountRoles',
      method: 'PUT',
      path: '/api/v1/{tenant}/service-accounts/{id}/roles',
      tag: 'Accounts',
      summary: 'Sets the roles of a service account or agent.',
      access: asked('grant-role', 'Account', ({ params }) => ({
        facts: { involved: [String(params['id'])] },
      })),
      params: accountParams,
      body: {
        kind: 'json',
        schema: z.strictObject({ roles: z.array(roleSchema).max(100) }),
      },
      answers: oneAccount,
      handle: async ({ view, params, body, principal }) => {
        await found(accounts.find(params.id, view.tenant));
        const roles = body.roles.map((one) => ({ ...one, tenant: view.tenant }));
        const event = { type: 'account-roles-set', actor: principal.id, payload: { roles } };
        await accounts.change(params.id, event, () => ({ roles }));
        return answer(shownAccount(await found(accounts.find(params.id, view.tenant))));
      },
    }),
    route({
      id: 'changeAccount',
      method: 'PATCH',
      path: '/api/v1/{tenant}/service-accounts/{id}',
      tag: 'Accounts',
      summary: 'Changes an account; disabling it ends its tokens at once.',
      access: asked('administer-users', 'Account'),
      params: accountParams,
      body: { kind: 'json', schema: z.strictObject({ isDisabled: z.boolean() }) },
      answers: oneAccount,
      handle: async ({ view, params, body, principal }) => {
        await found(accounts.find(params.id, view.tenant));
        const { isDisabled } = body;
        const type = isDisabled ? 'account-disabled' : 'account-enabled';
        await accounts.change(params.id, { type, actor: principal.id }, () => ({ isDisabled }));
        return answer(shownAccount(await found(accounts.find(params.id, view.tenant))));
      },
    }),
    route({
      id: 'issueToken',
      method: 'POST',
      path: '/api/v1/{tenant}/tokens',
      tag: 'Tokens',
      summary: 'Issues an API token; its secret is shown this once.',
      access: asked('issue-token', 'Token', tokenTarget),
      params: tenantParams,
      body: {
        kind: 'json',
        schema: z.strictObject({
          name: z.string().min(1).max(100),
          owner: accountId.optional().describe('An account; whoever asks, when not said'),
          scopes: z
            .array(scopeSchema)
            .min(1)
            .max(50)
            .default(everything)
            .describe('What it is for; `*` is all that its owner may'),
          lifetime: duration.prefault('P90D').describe('An ISO duration up to a year'),
        }),
      },
      answers: { 201: { description: 'The token', schema: issuedSchema } },
      handle: async ({ view, body, principal, credential }) => {
        if (credential?.scopes !== undefined) {
          throw new Failure('access.denied', 'a token issues no tokens');
        }
        const owner = body.owner ?? principal.id;
        if (body.owner !== undefined) await found(accounts.find(body.owner, view.tenant));
        const { name, scopes, lifetime: lifetimeMs } = body;
        const draft = { owner, tenant: view.tenant, name, scopes, lifetimeMs };
        return answer(shownIssued(await accounts.issue(draft, principal.id)), 201);
      },
    }),
    route({
      id: 'listTokens',
      method: 'GET',
      path: '/api/v1/{tenant}/tokens',
      tag: 'Tokens',
      summary: 'Lists the API tokens of the tenant, without their secrets.',
      access: asked('view', 'Token'),
      params: tenantParams,
      answers: { 200: { description: 'The tokens', schema: z.array(tokenSchema) } },
      handle: async ({ view }) =>
        answer((await accounts.tokens({ tenant: view.tenant })).map(shownToken)),
    }),
    route({
      id: 'rotateToken',
      method: 'POST',
      path: '/api/v1/{tenant}/tokens/{id}/rotations',
      tag: 'Tokens',
      summary: 'Issues another token with the same scopes; the old one stays good for a while.',
      access: asked('issue-token', 'Token'),
      params: tokenParams,
      body: {
        kind: 'json',
        schema: z.strictObject({
          overlap: duration.prefault('PT24H').describe('How long the old one stays good'),
          lifetime: duration.prefault('P90D'),
        }),
      },
      answers: { 201: { description: 'The token', schema: issuedSchema } },
      handle: async ({ view, params, body, principal, credential }) => {
        const token = await found(accounts.token(view.tenant, params.id));
        const { owner } = token.content;
        if (
          credential?.scopes !== undefined ||
          (owner.startsWith('user:') && owner !== principal.id)
        ) {
          throw new Failure('access.denied', 'a token of another person is revoked, not rotated');
        }
        const times = { overlapMs: body.overlap, lifetimeMs: body.lifetime };
        return answer(shownIssued(await accounts.rotate(token, times, principal.id)), 201);
      },
    }),
    route({
      id: 'revokeToken',
      method: 'DELETE',
      path: '/api/v1/{tenant}/tokens/{id}',
      tag: 'Tokens',
      summary: 'Revokes an API token.',
      access: asked('issue-token', 'Token'),
      params: tokenParams,
      answers: { 204: { description: 'It is worth nothing any more' } },
      handle: async ({ view, params, principal }) => {
        await accounts.revoke(await found(accounts.token(view.tenant, params.id)), principal.id);
        return noContent();
      },
    }),
  ];
}
