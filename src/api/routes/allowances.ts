/** Models and vendors over the API: listed, proposed, allowed, denied. */
import { z } from 'zod';
import { type AllowanceKind, allowanceKinds } from '../../core/governance/index.ts';
import { answer, type ReadRequest, type Route, type TargetReader } from '../server/index.ts';
import { asked, moment, route, tenant, tenantParams } from './define-route.ts';

const allowanceSchema = z
  .object({
    kind: z.enum(allowanceKinds),
    name: z.string(),
    state: z.enum(['proposed', 'allowed', 'denied', 'ended']),
    owner: z.string(),
    reason: z.string(),
    endsAt: z.number().describe('Epoch milliseconds'),
    proposedBy: z.string(),
    proposedAt: z.number(),
    decidedBy: z.string().optional(),
    decidedAt: z.number().optional(),
  })
  .describe('A model or vendor, and whether it may be used');

const order = z.strictObject({
  name: z.string().max(300),
  owner: z.string().min(1).max(200).describe('Who answers for its use'),
  reason: z.string().min(1).max(2_000),
  endsAt: moment.describe('Until when it may be used: an ISO time with a zone'),
});
const decision = z.strictObject({
  name: z.string().max(300).describe('As it was proposed: `openai/gpt-5-mini`'),
  state: z.enum(['allowed', 'denied']),
  reason: z.string().min(1).max(2_000),
});
const one = { 200: { description: 'The model or vendor', schema: allowanceSchema } };

function proposalTarget({ body }: ReadRequest): ReturnType<TargetReader> {
  return [{ resourceId: (body as z.output<typeof order>).name }];
}

function decisionTarget(kind: AllowanceKind): TargetReader {
  return async ({ view, principal, body }) => {
    const { name } = body as z.output<typeof decision>;
    const facts = await (await view.governance(principal)).allowances.facts(kind, name);
    return { resourceId: name, facts };
  };
}

function routesOf(kind: AllowanceKind): readonly Route[] {
  const resource = kind === 'model' ? ('Model' as const) : ('Vendor' as const);
  return [
    route({
      id: `list${resource}s`,
      method: 'GET',
      path: `/api/v1/{tenant}/${kind}s`,
      tag: 'Models and vendors',
      summary: `Lists the ${kind}s that somebody proposed, and whether they may be used.`,
      access: asked('view', resource),
      params: tenantParams,
      answers: { 200: { description: 'In order', schema: z.array(allowanceSchema) } },
      handle: async ({ view, principal }) =>
        answer(await (await view.governance(principal)).allowances.list(kind)),
    }),
    route({
      id: `propose${resource}`,
      method: 'POST',
      path: `/api/v1/{tenant}/${kind}s`,
      tag: 'Models and vendors',
      summary: `Proposes a ${kind}; it may be used once somebody else allows it.`,
      access: asked('edit', resource, proposalTarget),
      params: z.strictObject({ tenant }),
      body: { kind: 'json', schema: order },
      answers: one,
      handle: async ({ view, principal, body }) =>
        answer(await (await view.governance(principal)).allowances.propose({ kind, ...body })),
    }),
    route({
      id: `decide${resource}`,
      method: 'POST',
      path: `/api/v1/{tenant}/${kind}s/decisions`,
      tag: 'Models and vendors',
      summary: `Allows or denies a ${kind} that somebody proposed.`,
      access: asked('approve-model', resource, decisionTarget(kind)),
      params: z.strictObject({ tenant }),
      body: { kind: 'json', schema: decision },
      answers: one,
      handle: async ({ view, principal, body }) => {
        const { allowances } = await view.governance(principal);
        const { name, state, reason } = body;
        return answer(
          state === 'allowed'
            ? await allowances.allow(kind, name, reason)
            : await allowances.deny(kind, name, reason),
        );
      },
    }),
  ];
}

/** The routes of models and vendors. */
export const allowanceRoutes: readonly Route[] = allowanceKinds.flatMap(routesOf);
