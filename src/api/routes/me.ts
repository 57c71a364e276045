/**
 * What somebody sees and changes of themselves: who they are, their factors, sessions and tokens. Nobody
 * is asked for it; what makes signing in easier for a thief needs a session that was proven just now.
 */
import { z } from 'zod';
import { Failure } from '../../core/failure/index.ts';
import {
  forgeryToken,
  hasSecondFactor,
  type Identity,
  readCookie,
  type User,
} from '../../runtime/identity/index.ts';
import { answer, noContent, type Route, type RouteRequest } from '../server/index.ts';
import { own, route, tenantParams } from './define-route.ts';
import {
  sessionSchema,
  shownSession,
  shownToken,
  tokenIdSchema,
  tokenSchema,
} from './identity-shapes.ts';

const strong = ['totp', 'passkey', 'mfa', 'recovery-code'];

const code = z.string().min(6).max(100);
const title = z.string().min(1).max(100);
const codes = {
  description: 'Recovery codes; each works once, and they are shown this once',
  schema: z.object({ recoveryCodes: z.array(z.string()) }),
};

/** Returns the routes of somebody about themselves. */
export function ownRoutes(identity: Identity): readonly Route[] {
  const { signIn, users, sessions, accounts } = identity;
  const userOf = async ({ principal }: Pick<RouteRequest, 'principal'>): Promise<User> => {
    const user = await users.find(principal.id);
    if (user !== undefined) return user.content;
    throw new Failure('access.denied', 'this is for people only');
  };
  /** Throws unless the request comes from a session that was proven just now, by all that the user has. */
  const requireFresh = async (
    request: Pick<RouteRequest, 'principal' | 'credential'>,
  ): Promise<User> => {
    const user = await userOf(request);
    const { factors, freshness } = request.principal.authentication;
    const isSession = request.credential?.kind === 'session';
    const isStrong = !hasSecondFactor(user) || factors.some((one) => strong.includes(one));
    if (isSession && isStrong && freshness === 'fresh') return user;
    throw new Failure('identity.step-up-needed', 'changing how you sign in needs a fresh session', {
      details: { needs: ['step-up'] },
    });
  };
  /** Throws for the bearer of a token: its scopes name none of what somebody does with their own account. */
  const requireNoToken = ({ credential }: Pick<RouteRequest, 'credential'>): void => {
    if (credential?.scopes === undefined) return;
    throw new Failure('access.denied', 'a token is not for the sessions and tokens of its owner');
  };
  const path = (rest: string): string => `/api/v1/{tenant}/me${rest}`;
  return [
    route({
      id: 'getMe',
      method: 'GET',
      path: path(''),
      tag: 'Me',
      summary: 'Tells who one is, with which roles, proven how.',
      access: own,
      params: tenantParams,
      answers: {
        200: {
          description: 'Whoever asks',
          schema: z.object({
            id: z.string(),
            kind: z.string(),
            tenant: z.string(),
            username: z.string().nullable(),
            displayName: z.string().nullable(),
            roles: z.array(z.object({ role: z.string(), namespace: z.string() })),
            groups: z.array(z.string()),
            factors: z.array(z.string()),
            freshness: z.string(),
            hasSecondFactor: z.boolean(),
            hasAuthenticator: z.boolean(),
            hasPassword: z.boolean(),
            passkeys: z.array(z.object({ id: z.string(), title: z.string() })),
            forgeryToken: z.string().nullable(),
          }),
        },
      },
      handle: async (request) => {
        const { principal, credential } = request;
        const user = (await users.find(principal.id))?.content;
        const secret = readCookie('session', identity.url(), request.header('cookie'));
        const isSession = credential?.kind === 'session' && secret !== undefined;
        return answer({
          id: principal.id,
          kind: principal.kind,
          tenant: principal.tenant,
          username: user?.name ?? null,
          displayName: user?.displayName ?? null,
          roles: principal.roles,
          groups: principal.groups,
          ...principal.authentication,
          hasSecondFactor: user !== undefined && hasSecondFactor(user),
          hasAuthenticator: (user?.totp ?? null) !== null,
          hasPassword: (user?.password ?? null) !== null,
          passkeys: (user?.passkeys ?? []).map((one) => ({ id: one.id, title: one.title })),
          forgeryToken: isSession ? forgeryToken(secret) : null,
        });
      },
    }),
    route({
      id: 'changePassword',
      method: 'PUT',
      path: path('/password'),
      tag: 'Me',
      summary: 'Changes one’s password.',
      access: own,
      params: tenantParams,
      body: {
        kind: 'json',
        schema: z.strictObject({ current: z.string().max(2_000), password: z.string().max(2_000) }),
      },
      answers: { 204: { description: 'It is changed' } },
      handle: async (request) => {
        await requireFresh(request);
        const { principal, body } = request;
        await signIn.changePassword(principal.id, body.current, body.password, {
          userAgent: request.header('user-agent') ?? '',
          remoteAddress: request.remoteAddress,
        });
        return noContent();
      },
    }),
    route({
      id: 'beginTotp',
      method: 'POST',
      path: path('/totp'),
      tag: 'Me',
      summary: 'Begins an authenticator app; its secret is shown this once.',
      access: own,
      params: tenantParams,
      answers: {
        201: {
          description: 'The secret, and what a picture of it holds',
          schema: z.object({ secret: z.string(), uri: z.string() }),
        },
      },
      handle: async (request) => {
        await requireFresh(request);
        return answer(await signIn.beginTotp(request.principal.id), 201);
      },
    }),
    route({
      id: 'confirmTotp',
      method: 'PUT',
      path: path('/totp'),
      tag: 'Me',
      summary: 'Takes an authenticator app into use with its first code.',
      access: own,
      params: tenantParams,
      body: { kind: 'json', schema: z.strictObject({ code }) },
      answers: { 200: codes },
      handle: async (request) => {
        await requireFresh(request);
        const recoveryCodes = await signIn.confirmTotp(request.principal.id, request.body.code);
        return answer({ recoveryCodes });
      },
    }),
    route({
      id: 'removeTotp',
      method: 'DELETE',
      path: path('/totp'),
      tag: 'Me',
      summary: 'Removes one’s authenticator app.',
      access: own,
      params: tenantParams,
      answers: { 204: { description: 'It is removed' } },
      handle: async (request) => {
        await requireFresh(request);
        await signIn.removeTotp(request.principal.id);
        return noContent();
      },
    }),
    route({
      id: 'makeRecoveryCodes',
      method: 'POST',
      path: path('/recovery-codes'),
      tag: 'Me',
      summary: 'Makes recovery codes; those of before are worth nothing any more.',
      access: own,
      params: tenantParams,
      answers: { 201: codes },
      handle: async (request) => {
        const user = await requireFresh(request);
        if (!hasSecondFactor(user)) {
          throw new Failure('request.malformed', 'there is no second factor to recover from');
        }
        const recoveryCodes = await signIn.makeRecoveryCodes(request.principal.id);
        return answer({ recoveryCodes }, 201);
      },
    }),
    route({
      id: 'beginPasskey',
      method: 'POST',
      path: path('/passkeys/challenge'),
      tag: 'Me',
      summary: 'Gives what the browser needs to make a passkey.',
      access: own,
      params: tenantParams,
      answers: {
        200: {
          description: 'What the browser needs',
          schema: z.object({ attempt: z.string(), options: z.unknown() }),
        },
      },
      handle: async (request) => {
        await requireFresh(request);
        return answer(await signIn.beginNewPasskey(request.principal.id));
      },
    }),
    route({
      id: 'addPasskey',
      method: 'POST',
      path: path('/passkeys'),
      tag: 'Me',
      summary: 'Adds the passkey that the browser made.',
      access: own,
      params: tenantParams,
      body: {
        kind: 'json',
        schema: z.strictObject({
          attempt: z.string().max(100),
          title,
          response: z.record(z.string(), z.unknown()),
        }),
      },
      answers: { 201: { description: 'The passkey', schema: z.object({ id: z.string() }) } },
      handle: async (request) => {
        await requireFresh(request);
        const { attempt, title: name, response } = request.body;
        const id = await signIn.addPasskey(request.principal.id, attempt, name, response);
        return answer({ id }, 201);
      },
    }),
    route({
      id: 'removePasskey',
      method: 'DELETE',
      path: path('/passkeys/{id}'),
      tag: 'Me',
      summary: 'Removes a passkey.',
      access: own,
      params: z.strictObject({ ...tenantParams.shape, id: z.string().max(500) }),
      answers: { 204: { description: 'It is removed' } },
      handle: async (request) => {
        await requireFresh(request);
        await signIn.removePasskey(request.principal.id, request.params.id);
        return noContent();
      },
    }),
    route({
      id: 'listMySessions',
      method: 'GET',
      path: path('/sessions'),
      tag: 'Me',
      summary: 'Lists one’s sessions.',
      access: own,
      params: tenantParams,
      answers: { 200: { description: 'The sessions', schema: z.array(sessionSchema) } },
      handle: async (request) => {
        requireNoToken(request);
        const { principal, credential } = request;
        const all = await sessions.list(principal.id);
        return answer(all.map((one) => shownSession(one, credential?.id ?? '')));
      },
    }),
    route({
      id: 'endMySession',
      method: 'DELETE',
      path: path('/sessions/{id}'),
      tag: 'Me',
      summary: 'Ends one of one’s sessions.',
      access: own,
      params: z.strictObject({ ...tenantParams.shape, id: z.string().max(50) }),
      answers: { 204: { description: 'It has ended' } },
      handle: async (request) => {
        requireNoToken(request);
        const { principal, params } = request;
        const count = await sessions.end(principal.id, principal.id, { family: params.id });
        if (count === 0) throw new Failure('identity.not-found', 'there is no such session');
        return noContent();
      },
    }),
    route({
      id: 'endMySessions',
      method: 'DELETE',
      path: path('/sessions'),
      tag: 'Me',
      summary: 'Ends all of one’s sessions, this one included.',
      access: own,
      params: tenantParams,
      answers: { 204: { description: 'They have ended' } },
      handle: async (request) => {
        requireNoToken(request);
        const { principal } = request;
        await sessions.end(principal.id, principal.id);
        return noContent();
      },
    }),
    route({
      id: 'listMyTokens',
      method: 'GET',
      path: path('/tokens'),
      tag: 'Me',
      summary: 'Lists one’s tokens, without their secrets.',
      access: own,
      params: tenantParams,
      answers: { 200: { description: 'The tokens', schema: z.array(tokenSchema) } },
      handle: async (request) => {
        requireNoToken(request);
        return answer((await accounts.tokens({ owner: request.principal.id })).map(shownToken));
      },
    }),
    route({
      id: 'revokeMyToken',
      method: 'DELETE',
      path: path('/tokens/{id}'),
      tag: 'Me',
      summary: 'Revokes one of one’s tokens; a token may revoke itself.',
      access: own,
      params: z.strictObject({ ...tenantParams.shape, id: tokenIdSchema }),
      answers: { 204: { description: 'It is worth nothing any more' } },
      handle: async (request) => {
        const { principal, params, credential } = request;
        const all = await accounts.tokens({ owner: principal.id });
        const token = all.find((one) => one.id.startsWith(params.id));
        // Whoever finds a token may take it away, and nothing else with it.
        if (credential?.kind !== 'token' || token?.id.startsWith(credential.id) !== true) {
          requireNoToken(request);
        }
        if (token === undefined) throw new Failure('identity.not-found', 'there is no such token');
        await accounts.revoke(token, principal.id);
        return noContent();
      },
    }),
  ];
}
