/**
 * Approvals: what waits for people, and what they say to it. Nothing is ever decided by a GET, so that a
 * link in a mail only shows. With `If-Match` only what was looked at is decided about.
 */
import { z } from 'zod';
import type { ApprovalCard, ApprovalDesk, DecidedApproval } from '../../app/approval-desk.ts';
import { Failure } from '../../core/failure/index.ts';
import type { ActionId } from '../../core/policy/index.ts';
import type { Value } from '../../core/value/index.ts';
import {
  type Access,
  answer,
  noContent,
  type ReadRequest,
  type Route,
  type RouteRequest,
} from '../server/index.ts';
import {
  asked,
  askedForEach,
  executionId,
  flag,
  namespace,
  open,
  route,
  tenant,
  tenantParams,
} from './define-route.ts';
import { approvalPage } from './approval-page.ts';

const approvalId = z.string().regex(/^[a-zA-Z0-9_-]{1,100}$/, 'is no id of an approval');
const approvalParams = z.strictObject({ tenant, approvalId });
const delegationParams = z.strictObject({
  tenant,
  delegationId: z.string().regex(/^[a-zA-Z0-9_-]{1,64}$/, 'is no id of a delegation'),
});

const approvalSchema = z
  .object({
    id: z.string(),
    state: z.string(),
    executionId: z.string(),
    taskId: z.string(),
    digest: z.string().describe('Names exactly what is agreed to'),
    edition: z.int().describe('Its `ETag`: grows with each change'),
    deciders: z.array(z.string()).describe('Who may decide at present'),
    missing: z.int().describe('How many voices are missing at least'),
  })
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

/** Asks about the approval that the path names, with what policies may know of it. */
function askedAbout(action: ActionId): Access {
  return asked(action, 'Approval', async ({ view, params, body }: ReadRequest) => {
    const { reason: why, note } = (body ?? {}) as {
      readonly reason?: string;
      readonly note?: string;
    };
    return (await view.approvals()).target(String(params['approvalId']), why ?? note ?? '');
  });
}

function tag({ edition }: Pick<ApprovalCard, 'edition'>): Record<string, string> {
  return { etag: `"${edition}"` };
}

/** Returns the edition that `If-Match` names. */
function seenBy(request: Pick<RouteRequest, 'header'>): { readonly expects?: number } {
  const text = request.header('if-match')?.trim() ?? '*';
  if (text === '*') return {};
  const match = /^(?:W\/)?"(\d+)"$/.exec(text);
  if (match === null) throw new Failure('request.malformed', '`If-Match` names no edition');
  return { expects: Number(match[1]) };
}

type Seen = ReturnType<typeof seenBy>;

const states = [
  'open',
  'granted',
  'used',
  'rejected',
  'returned',
  'withdrawn',
  'expired',
  'voided',
] as const;
const limitMax = 500;

interface ListQuery {
  readonly state: (typeof states)[number] | 'all';
  readonly executionId?: string | undefined;
  readonly namespace?: string | undefined;
  readonly mine?: boolean | undefined;
  readonly unexamined?: boolean | undefined;
  readonly after?: string | undefined;
  readonly limit: number;
}

/** Returns a page of those approvals that `maySee` lets through. */
async function pageOf(
  desk: ApprovalDesk,
  { state, executionId: of, namespace: within, mine, unexamined, after, limit }: ListQuery,
  maySee: (card: ApprovalCard) => Promise<boolean>,
): Promise<{ readonly results: readonly ApprovalCard[]; readonly next: string | null }> {
  const results: ApprovalCard[] = [];
  for (let from = after; ; ) {
    const page = await desk.list({
      limit: limitMax,
      ...(state !== 'all' && unexamined !== true && { state }),
      ...(of !== undefined && { executionId: of }),
      ...(mine === true && { isMine: true }),
      ...(unexamined === true && { isUnexamined: true }),
      ...(within !== undefined && {
        isIn: (one: string) => one === within || one.startsWith(`${within}.`),
      }),
      ...(from !== undefined && { after: from }),
    });
    for (const card of page) {
      if (results.length === limit) return { results, next: results.at(-1)?.id ?? null };
      if (await maySee(card)) results.push(card);
    }
    from = page.at(-1)?.id;
    if (page.length < limitMax || from === undefined) return { results, next: null };
  }
}

type DecideRequest<B> = RouteRequest<z.output<typeof approvalParams>, unknown, B>;

function decisionRoute<S extends z.ZodType>(
  id: string,
  verb: string,
  summary: string,
  action: 'approve' | 'withdraw' | 'break-glass',
  schema: S,
  decide: (
    desk: ApprovalDesk,
    approval: string,
    body: z.output<S>,
    seen: Seen,
  ) => Promise<DecidedApproval>,
): Route {
  return route({
    id,
    method: 'POST',
    path: `/api/v1/{tenant}/approvals/{approvalId}/${verb}`,
    tag: 'Approvals',
    summary,
    access: askedAbout(action),
    params: approvalParams,
    body: { kind: 'json', schema },
    answers: decided,
    handle: async (request) => {
      const { view, params, body } = request as unknown as DecideRequest<z.output<S>>;
      const done = await decide(await view.approvals(), params.approvalId, body, seenBy(request));
      return answer(done, 200, tag(done.approval));
    },
  });
}

const reasoned = z.strictObject({ reason: reason.min(1) });

/** The routes of approvals. */
export const approvalRoutes: readonly Route[] = [
  route({
    id: 'approvalPage',
    method: 'GET',
    path: '/ui/{tenant}/approvals/{approvalId}',
    tag: 'Approvals',
    summary:
      'Returns the page that links in notices lead to. It holds nothing, and decides nothing.',
    access: open,
    params: approvalParams,
    // Whatever a link carries beside, nobody reads it.
    query: z.looseObject({}),
    answers: { 200: { description: 'The page', mediaType: 'text/html' } },
    handle: async () => approvalPage(),
  }),
  route({
    id: 'listApprovals',
    method: 'GET',
    path: '/api/v1/{tenant}/approvals',
    tag: 'Approvals',
    summary: 'Lists approvals; those that wait when nothing is said.',
    access: askedForEach('view', 'Approval'),
    params: tenantParams,
    query: z.strictObject({
      state: z.enum([...states, 'all']).default('open'),
      executionId: executionId.optional(),
      namespace: namespace.optional().describe('Those only of a namespace and below it'),
      mine: flag.optional().describe('Those only that whoever asks may decide'),
      unexamined: flag.optional().describe('Those only whose glass was broken and not examined'),
      after: approvalId.optional().describe('The `next` of the page before'),
      limit: z.coerce.number().int().min(1).max(limitMax).default(100),
    }),
    answers: {
      200: {
        description: 'Approvals in order of their ids',
        schema: z.object({
          results: z.array(approvalSchema),
          total: z.int().describe('How many there are on this page'),
          next: z.string().nullable().describe('Where the next page goes on; null for the last'),
        }),
      },
    },
    handle: async (request) => {
      const { view, query } = request;
      const desk = await view.approvals();
      const { results, next } = await pageOf(desk, query, async ({ id, ...of }) => {
        try {
          await request.ask({
            namespace: of.namespace,
            resourceId: id,
            facts: { involved: of.involved, approvers: of.deciders },
          });
          return true;
        } catch (error) {
          if (error instanceof Failure && error.code === 'access.denied') return false;
          throw error;
        }
      });
      return answer({ results, total: results.length, next });
    },
  }),
  route({
    id: 'getApproval',
    method: 'GET',
    path: '/api/v1/{tenant}/approvals/{approvalId}',
    tag: 'Approvals',
    summary: 'Returns an approval with the effect as it was shown. Decides nothing.',
    access: askedAbout('view'),
    params: approvalParams,
    answers: { 200: { description: 'The approval', schema: approvalSchema } },
    handle: async ({ view, params }) => {
      const found = await (await view.approvals()).show(params.approvalId);
      return answer(found, 200, tag(found));
    },
  }),
  decisionRoute(
    'approveApproval',
    'approve',
    'Agrees to exactly the effect that is shown; `inputs` are the values of its form.',
    'approve',
    z.strictObject({
      reason: reason.optional(),
      inputs: z.record(z.string(), z.unknown()).optional(),
      digest: z
        .string()
        .regex(/^[0-9a-f]{16,128}$/)
        .optional()
        .describe(
          'The `digest` of what was looked at, or 16 letters of it; refused where the approval has another',
        ),
    }),
    (desk, id, { reason: why, inputs, digest }, seen) =>
      desk.approve(
        id,
        {
          ...(why !== undefined && { reason: why }),
          ...(inputs !== undefined && { inputs: inputs as Record<string, Value> }),
          ...(digest !== undefined && { digest }),
        },
        seen,
      ),
  ),
  decisionRoute(
    'rejectApproval',
    'reject',
    'Refuses the effect; its task fails.',
    'approve',
    reasoned,
    (desk, id, body, seen) => desk.reject(id, body.reason, seen),
  ),
  decisionRoute(
    'sendBackApproval',
    'send-back',
    'Sends the effect back to be mended; its task fails.',
    'approve',
    reasoned,
    (desk, id, body, seen) => desk.sendBack(id, body.reason, seen),
  ),
  decisionRoute(
    'withdrawApproval',
    'withdraw',
    'Takes back what whoever asks had part in asking for; its task fails.',
    'withdraw',
    reasoned,
    (desk, id, body, seen) => desk.withdraw(id, body.reason, seen),
  ),
  decisionRoute(
    'endorseValues',
    'endorse',
    'Vouches for the values of some arguments; what asked for the approval is asked again.',
    // That it is vouched for, the desk asks with the arguments.
    'approve',
    z.strictObject({
      arguments: z.array(z.string().max(200)).min(1).max(20),
      reason: reason.min(1),
    }),
    (desk, id, body, seen) => desk.endorse(id, body.arguments, body.reason, seen),
  ),
  decisionRoute(
    'breakGlass',
    'break-glass',
    'Goes on without the approvers, who examine it afterwards.',
    'break-glass',
    reasoned,
    (desk, id, body, seen) => desk.breakGlass(id, body.reason, seen),
  ),
  decisionRoute(
    'examineBrokenGlass',
    'examine',
    'Notes what a second person found who examined it.',
    'approve',
    z.strictObject({ isAccepted: z.boolean(), note: reason.min(1) }),
    (desk, id, body, seen) => desk.examine(id, body.isAccepted, body.note, seen),
  ),
  route({
    id: 'claimApproval',
    method: 'POST',
    path: '/api/v1/{tenant}/approvals/{approvalId}/claim',
    tag: 'Approvals',
    summary: 'Takes an approval on, so that others leave it.',
    access: askedAbout('claim'),
    params: approvalParams,
    answers: { 200: { description: 'The approval', schema: approvalSchema } },
    handle: async (request) => {
      const { view, params } = request;
      const card = await (await view.approvals()).claim(params.approvalId, seenBy(request));
      return answer(card, 200, tag(card));
    },
  }),
  route({
    id: 'unclaimApproval',
    method: 'DELETE',
    path: '/api/v1/{tenant}/approvals/{approvalId}/claim',
    tag: 'Approvals',
    summary: 'Gives an approval back that was taken on.',
    access: askedAbout('claim'),
    params: approvalParams,
    answers: { 200: { description: 'The approval', schema: approvalSchema } },
    handle: async (request) => {
      const { view, params } = request;
      const card = await (await view.approvals()).unclaim(params.approvalId, seenBy(request));
      return answer(card, 200, tag(card));
    },
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
