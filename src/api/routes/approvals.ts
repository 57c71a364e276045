/**
 * Approvals: what waits for people, and what they say to it. Nothing is ever decided by a GET, so that a
 * link in a mail only shows.
 */
import { z } from 'zod';
import type { ApprovalDesk, DecidedApproval } from '../../app/approval-desk.ts';
import type { Value } from '../../core/value/index.ts';
import { answer, noContent, type Route, type RouteRequest } from '../server/index.ts';
import { asked, executionId, route, tenant, tenantParams } from './define-route.ts';

const approvalParams = z.strictObject({
  tenant,
  approvalId: z.string().regex(/^[a-zA-Z0-9_-]{1,100}$/, 'is no id of an approval'),
});
const delegationParams = z.strictObject({
  tenant,
  delegationId: z.string().regex(/^[a-zA-Z0-9_-]{1,64}$/, 'is no id of a delegation'),
});

const approvalSchema = z
  .object({ id: z.string(), state: z.string(), executionId: z.string(), taskId: z.string() })
  .loose()
  .describe('An approval');
const decidedSchema = z
  .object({ approval: approvalSchema, receipt: z.object({ seq: z.int() }).loose() })
  .describe('The approval after the decision, and the receipt of it');
const delegationSchema = z
  .object({ id: z.string(), from: z.string(), to: z.string(), until: z.string() })
  .loose()
  .describe('Somebody decides for somebody else until a moment');

const reason = z.string().max(2_000);
const decided = { 200: { description: 'What was decided', schema: decidedSchema } };

type DecideRequest<B> = RouteRequest<z.output<typeof approvalParams>, unknown, B>;

function decisionRoute<S extends z.ZodType>(
  id: string,
  verb: string,
  summary: string,
  action: 'approve' | 'endorse' | 'break-glass',
  schema: S,
  decide: (desk: ApprovalDesk, approval: string, body: z.output<S>) => Promise<DecidedApproval>,
): Route {
  return route({
    id,
    method: 'POST',
    path: `/api/v1/{tenant}/approvals/{approvalId}/${verb}`,
    tag: 'Approvals',
    summary,
    access: asked(action, 'Approval'),
    params: approvalParams,
    body: { kind: 'json', schema },
    answers: decided,
    handle: async (request) => {
      const { view, params, body } = request as unknown as DecideRequest<z.output<S>>;
      return answer(await decide(await view.approvals(), params.approvalId, body));
    },
  });
}

const reasoned = z.strictObject({ reason: reason.min(1) });

/** The routes of approvals. */
export const approvalRoutes: readonly Route[] = [
  route({
    id: 'listApprovals',
    method: 'GET',
    path: '/api/v1/{tenant}/approvals',
    tag: 'Approvals',
    summary: 'Lists approvals; those that wait when nothing is said.',
    access: asked('view', 'Approval'),
    params: tenantParams,
    query: z.strictObject({
      state: z
        .enum(['open', 'granted', 'used', 'rejected', 'returned', 'expired', 'voided'])
        .default('open'),
      executionId: executionId.optional(),
    }),
    answers: {
      200: {
        description: 'Approvals in order of their ids',
        schema: z.object({ results: z.array(approvalSchema), total: z.int() }),
      },
    },
    handle: async ({ view, query }) => {
      const { state, executionId: of } = query;
      const desk = await view.approvals();
      const results = await desk.list({ state, ...(of !== undefined && { executionId: of }) });
      return answer({ results, total: results.length });
    },
  }),
  route({
    id: 'getApproval',
    method: 'GET',
    path: '/api/v1/{tenant}/approvals/{approvalId}',
    tag: 'Approvals',
    summary: 'Returns an approval with the effect as it was shown. Decides nothing.',
    access: asked('view', 'Approval'),
    params: approvalParams,
    answers: { 200: { description: 'The approval', schema: approvalSchema } },
    handle: async ({ view, params }) =>
      answer(await (await view.approvals()).show(params.approvalId)),
  }),
  decisionRoute(
    'approveApproval',
    'approve',
    'Agrees to exactly the effect that is shown; `inputs` are the values of its form.',
    'approve',
    z.strictObject({
      reason: reason.optional(),
      inputs: z.record(z.string(), z.unknown()).optional(),
    }),
    (desk, id, { reason: why, inputs }) =>
      desk.approve(id, {
        ...(why !== undefined && { reason: why }),
        ...(inputs !== undefined && { inputs: inputs as Record<string, Value> }),
      }),
  ),
  decisionRoute(
    'rejectApproval',
    'reject',
    'Refuses the effect; its task fails.',
    'approve',
    reasoned,
    (desk, id, body) => desk.reject(id, body.reason),
  ),
  decisionRoute(
    'sendBackApproval',
    'send-back',
    'Sends the effect back to be mended; its task fails.',
    'approve',
    reasoned,
    (desk, id, body) => desk.sendBack(id, body.reason),
  ),
  decisionRoute(
    'endorseValues',
    'endorse',
    'Vouches for the values of some arguments; what asked for the approval is asked again.',
    'endorse',
    z.strictObject({
      arguments: z.array(z.string().max(200)).min(1).max(20),
      reason: reason.min(1),
    }),
    (desk, id, body) => desk.endorse(id, body.arguments, body.reason),
  ),
  decisionRoute(
    'breakGlass',
    'break-glass',
    'Goes on without the approvers, who examine it afterwards.',
    'break-glass',
    reasoned,
    (desk, id, body) => desk.breakGlass(id, body.reason),
  ),
  decisionRoute(
    'examineBrokenGlass',
    'examine',
    'Notes what a second person found who examined it.',
    'approve',
    z.strictObject({ isAccepted: z.boolean(), note: reason.min(1) }),
    (desk, id, body) => desk.examine(id, body.isAccepted, body.note),
  ),
  route({
    id: 'claimApproval',
    method: 'POST',
    path: '/api/v1/{tenant}/approvals/{approvalId}/claim',
    tag: 'Approvals',
    summary: 'Takes an approval on, so that others leave it.',
    access: asked('claim', 'Approval'),
    params: approvalParams,
    answers: { 200: { description: 'The approval', schema: approvalSchema } },
    handle: async ({ view, params }) =>
      answer(await (await view.approvals()).claim(params.approvalId)),
  }),
  route({
    id: 'unclaimApproval',
    method: 'DELETE',
    path: '/api/v1/{tenant}/approvals/{approvalId}/claim',
    tag: 'Approvals',
    summary: 'Gives an approval back that was taken on.',
    access: asked('claim', 'Approval'),
    params: approvalParams,
    answers: { 200: { description: 'The approval', schema: approvalSchema } },
    handle: async ({ view, params }) =>
      answer(await (await view.approvals()).unclaim(params.approvalId)),
  }),
  route({
    id: 'listDelegations',
    method: 'GET',
    path: '/api/v1/{tenant}/delegations',
    tag: 'Approvals',
    summary: 'Lists who decides for whom at present.',
    access: asked('view', 'Approval'),
    params: tenantParams,
    answers: {
      200: {
        description: 'Delegations in force',
        schema: z.object({ results: z.array(delegationSchema) }),
      },
    },
    handle: async ({ view }) => {
      const found = await (await view.approvals()).delegations();
      const isoOf = (at: number): string => new Date(at).toISOString();
      return answer({
        results: found.map((one) => ({
          ...one,
          since: isoOf(one.since),
          until: isoOf(one.until),
        })),
      });
    },
  }),
  route({
    id: 'delegateApprovals',
    method: 'POST',
    path: '/api/v1/{tenant}/delegations',
    tag: 'Approvals',
    summary: 'Lets somebody else decide in the place of whoever asks, until a moment.',
    access: asked('delegate', 'Account'),
    params: tenantParams,
    body: {
      kind: 'json',
      schema: z.strictObject({
        to: z.string().min(1).max(200),
        until: z.iso.datetime({ offset: true }),
        reason: reason.min(1),
      }),
    },
    answers: { 201: { description: 'The delegation', schema: delegationSchema } },
    handle: async ({ view, body }) => {
      const desk = await view.approvals();
      const given = await desk.delegate(body.to, Date.parse(body.until), body.reason);
      return answer({ ...given, until: new Date(given.until).toISOString() }, 201);
    },
  }),
  route({
    id: 'endDelegation',
    method: 'DELETE',
    path: '/api/v1/{tenant}/delegations/{delegationId}',
    tag: 'Approvals',
    summary: 'Ends a delegation of whoever asks.',
    access: asked('delegate', 'Account'),
    params: delegationParams,
    answers: { 204: { description: 'It is over' } },
    handle: async ({ view, params }) => {
      await (await view.approvals()).endDelegation(params.delegationId);
      return noContent();
    },
  }),
];
