/** The register of flows over the API: what a flow is to governance, and its way through its life. */
import { z } from 'zod';
import { gateNames, riskTiers, stages } from '../../core/governance/index.ts';
import { answer, type Route } from '../server/index.ts';
import { asked, flowParams, listed, namespace, route, tenantParams } from './define-route.ts';

const texts = z.array(z.string());
const claim = z.object({ holds: z.boolean(), reason: z.string() });

const cardSchema = z
  .object({
    namespace: z.string(),
    flowId: z.string(),
    revision: z.number(),
    author: z.string().nullable(),
    stage: z.enum(stages),
    owner: z.string().nullable(),
    sponsor: z.string().nullable(),
    purpose: z.string().nullable(),
    riskTier: z.enum(riskTiers),
    reasons: z.array(z.object({ tier: z.enum(riskTiers), reason: z.string() })),
    dataClasses: texts,
    models: texts,
    vendors: texts,
    effects: texts,
    autonomy: z.string(),
    controls: texts,
    reviewDate: z.string().nullable(),
    gates: z.record(z.enum(gateNames), claim),
    moves: z.array(
      z.object({
        from: z.enum(stages),
        to: z.enum(stages),
        by: z.string(),
        at: z.number(),
        revision: z.number(),
        reason: z.string(),
      }),
    ),
    reviews: z.array(
      z.object({ revision: z.number(), by: z.string(), at: z.number(), note: z.string() }),
    ),
  })
  .describe('What a flow is to governance');

const answers = { 200: { description: 'The flow', schema: cardSchema } };

const additions = z.strictObject({
  owner: z.string().max(200).optional(),
  sponsor: z.string().max(200).optional(),
  purpose: z.string().max(2_000).optional(),
  riskTier: z.enum(riskTiers).optional().describe('May raise the computed one, never lower it'),
  reviewDate: z.string().max(10).optional(),
  controls: z.array(z.string().max(200)).max(100).optional(),
});

/** Returns `given` without what is not there. */
function present<T extends object>(given: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  const all = Object.entries(given).filter(([, value]) => value !== undefined);
  return Object.fromEntries(all) as { [K in keyof T]: Exclude<T[K], undefined> };
}

/** The routes of the register of flows. */
export const flowRegisterRoutes: readonly Route[] = [
  route({
    id: 'listRegisteredFlows',
    method: 'GET',
    path: '/api/v1/{tenant}/registers/flows',
    tag: 'Registers',
    summary: 'Lists flows with stage, risk tier, owner and gates.',
    access: listed('Flow'),
    params: tenantParams,
    query: z.strictObject({ namespace: namespace.optional() }),
    answers: { 200: { description: 'The flows in order', schema: z.array(cardSchema) } },
    handle: async ({ view, principal, query, sees }) => {
      const all = await (await view.governance(principal)).flows.list(query.namespace);
      return answer(all.filter((one) => sees(one.namespace)));
    },
  }),
  route({
    id: 'getRegisteredFlow',
    method: 'GET',
    path: '/api/v1/{tenant}/registers/flows/{namespace}/{id}',
    tag: 'Registers',
    summary: 'Returns what a flow is to governance.',
    access: asked('view', 'Flow'),
    params: flowParams,
    answers,
    handle: async ({ view, principal, params }) => {
      const { flows } = await view.governance(principal);
      return answer(await flows.show({ namespace: params.namespace, flowId: params.id }));
    },
  }),
  route({
    id: 'addToRegisteredFlow',
    method: 'PATCH',
    path: '/api/v1/{tenant}/registers/flows/{namespace}/{id}',
    tag: 'Registers',
    summary: 'Adds to what a flow says of itself; an empty text takes an addition back.',
    access: asked('edit', 'Flow'),
    params: flowParams,
    body: { kind: 'json', schema: additions },
    answers,
    handle: async ({ view, principal, params, body }) => {
      const { flows } = await view.governance(principal);
      const name = { namespace: params.namespace, flowId: params.id };
      return answer(await flows.set(name, present(body)));
    },
  }),
  route({
    id: 'reviewRegisteredFlow',
    method: 'POST',
    path: '/api/v1/{tenant}/registers/flows/{namespace}/{id}/reviews',
    tag: 'Registers',
    summary: 'Enters that the newest revision was read and is agreed to.',
    access: asked('edit', 'Flow'),
    params: flowParams,
    body: { kind: 'json', schema: z.strictObject({ note: z.string().max(2_000).default('') }) },
    answers,
    handle: async ({ view, principal, params, body }) => {
      const { flows } = await view.governance(principal);
      const name = { namespace: params.namespace, flowId: params.id };
      return answer(await flows.review(name, body.note));
    },
  }),
  route({
    id: 'changeStage',
    method: 'POST',
    path: '/api/v1/{tenant}/registers/flows/{namespace}/{id}/stage',
    tag: 'Registers',
    summary: 'Moves a flow to another stage of its life.',
    access: asked('change-stage', 'Flow'),
    params: flowParams,
    body: {
      kind: 'json',
      schema: z.strictObject({ to: z.enum(stages), reason: z.string().max(2_000).default('') }),
    },
    answers,
    handle: async ({ view, principal, params, body }) => {
      const { flows } = await view.governance(principal);
      const name = { namespace: params.namespace, flowId: params.id };
      return answer(await flows.move(name, body.to, body.reason));
    },
  }),
];
