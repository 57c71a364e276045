/** Setting a server up, and the API tokens of whoever asks. */
import { z } from 'zod';
import { Failure } from '../../core/failure/index.ts';
import { parseDuration } from '../../core/flow/index.ts';
import type { FirstAdministrator } from '../../runtime/identity/index.ts';
import { answer, noContent, type Route } from '../server/index.ts';
import { asked, open, route } from './define-route.ts';
import { setupPage } from './setup-page.ts';

const token = z.object({
  id: z.string(),
  name: z.string(),
  createdAt: z.string(),
  expiresAt: z.string(),
});

const lifetimeMaxMs = 365 * 24 * 3_600_000;

/** Returns the routes of identity. */
export function identityRoutes(identity: FirstAdministrator): readonly Route[] {
  const shown = (one: { id: string; name: string; createdAt: number; expiresAt: number }) => ({
    id: one.id,
    name: one.name,
    createdAt: new Date(one.createdAt).toISOString(),
    expiresAt: new Date(one.expiresAt).toISOString(),
  });
  return [
    route({
      id: 'showSetup',
      method: 'GET',
      path: '/setup',
      tag: 'Identity',
      summary: 'Shows the form that makes the first administrator.',
      access: open,
      answers: { 200: { description: 'A page', mediaType: 'text/html' } },
      handle: async () => setupPage(await identity.isSetUp()),
    }),
    route({
      id: 'setUp',
      method: 'POST',
      path: '/api/v1/setup',
      tag: 'Identity',
      summary: 'Makes the first administrator, with the secret of the printed link.',
      access: open,
      body: {
        kind: 'json',
        schema: z.strictObject({
          secret: z.string().min(1).max(200),
          username: z.string().regex(/^[^\s:]{1,100}$/, 'has a space or a colon'),
          password: z.string().max(500),
        }),
      },
      answers: { 204: { description: 'The administrator may sign in' } },
      handle: async ({ body }) => {
        await identity.setUp(body.secret, body.username, body.password);
        return noContent();
      },
    }),
    route({
      id: 'issueToken',
      method: 'POST',
      path: '/api/v1/tokens',
      tag: 'Identity',
      summary: 'Issues an API token; its secret is shown this once.',
      access: asked('issue-token', 'Token'),
      body: {
        kind: 'json',
        schema: z.strictObject({
          name: z.string().min(1).max(100),
          lifetime: z.string().default('P90D').describe('An ISO duration up to a year'),
        }),
      },
      answers: {
        201: { description: 'The token', schema: token.extend({ secret: z.string() }) },
      },
      handle: async ({ principal, body }) => {
        const lifetimeMs = parseDuration(body.lifetime);
        if (lifetimeMs === undefined || lifetimeMs <= 0 || lifetimeMs > lifetimeMaxMs) {
          throw new Failure('request.malformed', 'the lifetime is no duration up to a year');
        }
        const issued = await identity.issueToken(principal, body.name, lifetimeMs);
        return answer({ ...shown(issued), secret: issued.secret }, 201);
      },
    }),
    route({
      id: 'listTokens',
      method: 'GET',
      path: '/api/v1/tokens',
      tag: 'Identity',
      summary: 'Lists the API tokens of whoever asks, without their secrets.',
      access: asked('view', 'Token'),
      answers: { 200: { description: 'The tokens', schema: z.array(token) } },
      handle: async ({ principal }) => answer((await identity.tokens(principal)).map(shown)),
    }),
    route({
      id: 'revokeToken',
      method: 'DELETE',
      path: '/api/v1/tokens/{id}',
      tag: 'Identity',
      summary: 'Revokes an API token.',
      access: asked('issue-token', 'Token'),
      params: z.strictObject({ id: z.string().regex(/^[0-9a-f]{16,64}$/, 'is no id of a token') }),
      answers: { 204: { description: 'It is worth nothing any more' } },
      handle: async ({ principal, params }) => {
        if (await identity.revokeToken(principal, params.id)) return noContent();
        throw new Failure('request.not-found', `there is no token \`${params.id}\``);
      },
    }),
  ];
}
