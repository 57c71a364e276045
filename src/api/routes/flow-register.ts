/**
 * The register of flows over the API: what a flow is to governance, and its way through its life. Moves and
 * deployments are asked about with all that is computed; what others must agree to opens an approval.
 */
import { z } from 'zod';
import type { FlowRegisterDesk } from '../../app/flow-register-desk.ts';
import { Failure } from '../../core/failure/index.ts';
import type { Facts } from '../../core/policy/index.ts';
import {
  gateNames,
  reportKinds,
  riskTiers,
  type Stage,
  stages,
} from '../../core/governance/index.ts';
import { answer, type ReadRequest, type Route, type TargetReader } from '../server/index.ts';
import {
  asked,
  askedOrApproved,
  flowParams,
  listed,
  namespace,
  revision,
  route,
  tenantParams,
} from './define-route.ts';

const texts = z.array(z.string());
const claim = z.object({ holds: z.boolean(), reason: z.string() });

const cardSchema = z
  .object({
    namespace: z.string(),
    flowId: z.string(),
    revision: z.number(),
    author: z.string().nullable(),
    stage: z.enum(stages),
    liveRevision: z
      .number()
      .nullable()
      .describe('The revision that runs of a live flow; null where the newest one does'),
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
    isReviewDue: z.boolean(),
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
    deployments: z.array(
      z.object({ revision: z.number(), by: z.string(), at: z.number(), reason: z.string() }),
    ),
    reports: z.array(
      z.object({
        kind: z.enum(reportKinds),
        digest: z.string(),
        name: z.string(),
        revision: z.number(),
        models: texts,
        dataClasses: texts,
        by: z.string(),
        at: z.number(),
        validUntil: z.number(),
      }),
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

const reason = z.string().max(2_000).default('');
const moveBody = z.strictObject({ to: z.enum(stages), reason });
const deployBody = z.strictObject({
  revision: z.int().min(1).optional().describe('The newest one if absent'),
  reason,
});
const reportBody = z.strictObject({
  kind: z.enum(reportKinds),
  digest: z.string().describe('SHA-256 of the report in hexadecimal digits'),
  name: z.string().min(1).max(500).describe('Where people find it'),
  validUntil: z.string().max(10).describe('Its last day: 2027-01-31'),
});

function nameIn({ params }: Pick<ReadRequest, 'params'>) {
  return { namespace: String(params['namespace']), flowId: String(params['id']) };
}

/** Returns what policy is told of a flow; nothing where it is not there, which only who may ask is told. */
function flowTarget(
  read: (flows: FlowRegisterDesk, request: ReadRequest) => Promise<Facts>,
  said: (request: ReadRequest) => Facts = () => ({}),
): TargetReader {
  return async (request) => {
    const { flows } = await request.view.governance(request.principal);
    try {
      return { facts: await read(flows, request) };
    } catch (error) {
      const isNone = error instanceof Failure && error.code === 'flow.not-found';
      if (isNone) return { facts: said(request) };
      throw error;
    }
  };
}

const stageIn = ({ body }: ReadRequest): Stage => (body as z.output<typeof moveBody>).to;

const moveTarget = flowTarget(
  (flows, request) => flows.moveFacts(nameIn(request), stageIn(request)),
  (request) => ({ toStage: stageIn(request) }),
);

const deployTarget = flowTarget((flows, request) =>
  flows.deployFacts(nameIn(request), (request.body as z.output<typeof deployBody>).revision),
);

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
    query: z.strictObject({ revision: revision.optional() }),
    answers,
    handle: async ({ view, principal, params, query }) => {
      const { flows } = await view.governance(principal);
      const name = { namespace: params.namespace, flowId: params.id };
      return answer(await flows.show(name, query.revision));
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
    access: askedOrApproved('change-stage', 'Flow', moveTarget),
    params: flowParams,
    body: { kind: 'json', schema: moveBody },
    answers,
    handle: async ({ view, principal, params, body }) => {
      const { flows } = await view.governance(principal);
      const name = { namespace: params.namespace, flowId: params.id };
      return answer(await flows.move(name, body.to, body.reason));
    },
  }),
  route({
    id: 'deployFlow',
    method: 'POST',
    path: '/api/v1/{tenant}/registers/flows/{namespace}/{id}/deployments',
    tag: 'Registers',
    summary: 'Makes a revision of a live flow the one that runs.',
    access: askedOrApproved('deploy', 'Flow', deployTarget),
    params: flowParams,
    body: { kind: 'json', schema: deployBody },
    answers,
    handle: async ({ view, principal, params, body }) => {
      const { flows } = await view.governance(principal);
      const name = { namespace: params.namespace, flowId: params.id };
      return answer(await flows.deploy(name, body.reason, body.revision));
    },
  }),
  route({
    id: 'reportOnFlow',
    method: 'POST',
    path: '/api/v1/{tenant}/registers/flows/{namespace}/{id}/reports',
    tag: 'Registers',
    summary: 'Enters a report about the newest revision: its digest, and until when it holds.',
    access: asked('edit', 'Flow'),
    params: flowParams,
    body: { kind: 'json', schema: reportBody },
    answers,
    handle: async ({ view, principal, params, body }) => {
      const { flows } = await view.governance(principal);
      const name = { namespace: params.namespace, flowId: params.id };
      return answer(await flows.report(name, body));
    },
  }),
];
