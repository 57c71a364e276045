/** Exceptions over the API: listed, granted, withdrawn. */
import { z } from 'zod';
import { lifetimeDays, scopeKinds } from '../../core/governance/index.ts';
import { answer, type ReadRequest, type Route, type Target } from '../server/index.ts';
import { asked, moment, route, tenant, tenantParams, withReason } from './define-route.ts';

const id = z.string().regex(/^[a-z0-9][a-z0-9._-]{0,99}$/, 'is no id of an exception');
const scope = z.strictObject({ kind: z.enum(scopeKinds), id: z.string().max(300).default('') });

const exceptionSchema = z
  .object({
    id: z.string(),
    control: z.string(),
    scope,
    reason: z.string(),
    owner: z.string(),
    countMax: z.number(),
    endsAt: z.number().describe('Epoch milliseconds'),
    grantedBy: z.string(),
    grantedAt: z.number(),
    used: z.number(),
    closed: z
      .object({
        because: z.enum(['used-up', 'ended', 'withdrawn']),
        at: z.number(),
        by: z.string(),
      })
      .optional(),
  })
  .describe('What is exempt from a control');

const order = z.strictObject({
  id,
  control: z.string().min(1).max(200),
  scope,
  reason: z.string().min(1).max(2_000),
  owner: z.string().min(1).max(200),
  countMax: z.int().min(1),
  endsAt: moment.describe('When it ends: an ISO time with a zone'),
});

/** Returns what policy may know of an exception before it is granted. */
function grantTarget(request: ReadRequest): Target {
  const { id: resourceId, owner, countMax, endsAt } = request.body as z.output<typeof order>;
  const days = lifetimeDays({ endsAt }, Date.now());
  return {
    resourceId,
    facts: {
      ...withReason(request).facts,
      involved: [owner],
      hasOwner: true,
      count: countMax,
      lifetimeDays: days,
    },
  };
}

/** Closing exempts nobody: whoever may grant may close, their own too. */
function withdrawTarget(request: ReadRequest): Target {
  return {
    facts: { ...withReason(request).facts, involved: [], hasOwner: true, lifetimeDays: 0 },
  };
}

/** The routes of exceptions. */
export const exceptionRoutes: readonly Route[] = [
  route({
    id: 'listExceptions',
    method: 'GET',
    path: '/api/v1/{tenant}/exceptions',
    tag: 'Exceptions',
    summary: 'Lists exceptions; what is over is closed.',
    access: asked('view', 'Exception'),
    params: tenantParams,
    answers: { 200: { description: 'The exceptions', schema: z.array(exceptionSchema) } },
    handle: async ({ view, principal }) =>
      answer(await (await view.governance(principal)).exceptions.list()),
  }),
  route({
    id: 'grantException',
    method: 'POST',
    path: '/api/v1/{tenant}/exceptions',
    tag: 'Exceptions',
    summary: 'Exempts something from a control, for a time and a number of uses.',
    access: asked('grant-exception', 'Exception', grantTarget),
    params: tenantParams,
    body: {
      kind: 'json',
      schema: order,
    },
    answers: { 200: { description: 'The exception', schema: exceptionSchema } },
    handle: async ({ view, principal, body }) =>
      answer(await (await view.governance(principal)).exceptions.grant(body)),
  }),
  route({
    id: 'withdrawException',
    method: 'POST',
    path: '/api/v1/{tenant}/exceptions/{id}/withdraw',
    tag: 'Exceptions',
    summary: 'Closes an exception before its time.',
    access: asked('grant-exception', 'Exception', withdrawTarget),
    params: z.strictObject({ tenant, id }),
    body: { kind: 'json', schema: z.strictObject({ reason: z.string().min(1).max(2_000) }) },
    answers: { 200: { description: 'The exception', schema: exceptionSchema } },
    handle: async ({ view, principal, params, body }) =>
      answer(await (await view.governance(principal)).exceptions.withdraw(params.id, body.reason)),
  }),
];
