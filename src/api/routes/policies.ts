/**
 * Policies over the API: read, tried, proposed, reviewed, replayed, put in force. Whoever asks is the one
 * who acts: policies decide about their own change with that principal, and nobody acts as the owner of the
 * data folder from afar.
 */
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { readQuestionText } from '../../runtime/policy/index.ts';
import type { PolicyDesk } from '../../app/policy-desk.ts';
import { type Answer, describeAnswer, type PolicySet } from '../../core/policy/index.ts';
import {
  caseFilesSchema,
  packsSchema,
  pageOf,
  pageQuery,
  policyAnswerSchema,
  policyCoverageSchema,
  policyDiagnosticSchema,
  policyReplaySchema,
  policySchema,
  policyTestSchema,
  policyVersionSchema,
} from '../contract/index.ts';
import { answer, type ReadRequest, type Route, type RouteRequest } from '../server/index.ts';
import { asked, moment, route, tenant, tenantParams } from './define-route.ts';
import { checkFilters, filtersSchema, pageFrom, passes, sorted } from './listing.ts';

const versionParams = z.strictObject({
  tenant,
  version: z
    .string()
    .regex(/^[0-9a-f]{8,64}$/, 'is no version')
    .describe('The digest; its first eight digits are enough'),
});

const dayMs = 86_400_000;
const periodShape = {
  from: moment.optional(),
  to: moment.optional(),
  days: z.coerce.number().int().min(1).max(3_650).default(30).describe('Up to now, without `from`'),
};

interface PeriodRequest {
  readonly from?: number | undefined;
  readonly to?: number | undefined;
  readonly days: number;
}

function periodOf({ from, to, days }: PeriodRequest): {
  readonly from: number;
  readonly to: number;
} {
  const until = to ?? Temporal.Now.instant().epochMilliseconds;
  return { from: from ?? until - days * dayMs, to: until };
}

function iso(at: number): string {
  return new Date(at).toISOString();
}

type Version = Awaited<ReturnType<PolicyDesk['versions']>>[number];

function versionAnswer(one: Version, active: string | undefined) {
  return {
    version: one.version,
    isActive: one.version === active,
    packs: one.set.packs.map(({ id, title, version }) => ({ id, title, version })),
    author: one.author,
    proposedAt: iso(one.proposedAt),
    reason: one.reason,
    tests: one.tests,
    reviews: one.reviews.map((review) => ({ ...review, at: iso(review.at) })),
    replay: one.replay === null ? null : { ...one.replay, at: iso(one.replay.at) },
    activations: one.activations.map((activation) => ({ ...activation, at: iso(activation.at) })),
  };
}

function answerOf(given: Answer) {
  return { ...given, reasons: describeAnswer(given) };
}

type TestReport = Awaited<ReturnType<PolicyDesk['test']>>;

function testAnswer({ passed, results, unshown, neverMissing }: TestReport) {
  return {
    passed,
    results: results.map(({ case: one, answer: given, complaint }) => ({
      title: one.title,
      file: one.file,
      line: one.line,
      verdict: given.verdict,
      reasons: describeAnswer(given),
      ...(complaint !== undefined && { complaint }),
    })),
    unshown,
    neverMissing,
  };
}

/** Returns the desk of whoever sends a request. */
function deskOf({
  view,
  principal,
}: Pick<RouteRequest, 'view' | 'principal'>): Promise<PolicyDesk> {
  return view.policies(principal);
}

/** Returns what policies ask about a version before anybody may change it; a version that is not there has no facts. */
async function versionTarget({ params, view, principal }: ReadRequest) {
  const id = String(params['version']);
  return { resourceId: id, facts: await (await view.policies(principal)).facts(id) };
}

const schemaFile = new URL('../../../generated/policy.cedarschema', import.meta.url);

const readingRoutes: readonly Route[] = [
  route({
    id: 'searchPolicies',
    method: 'GET',
    path: '/api/v1/{tenant}/policies',
    tag: 'Policies',
    summary: 'Lists the policies in force.',
    access: asked('view', 'Policy'),
    params: tenantParams,
    query: z.strictObject({
      ...pageQuery,
      q: z.string().max(200).optional(),
      filters: filtersSchema.optional(),
    }),
    answers: { 200: { description: 'A page of policies', schema: pageOf(policySchema) } },
    handle: async (request) => {
      const { query } = request;
      const fields = ['id', 'pack', 'effect', 'mode', 'action', 'resource', 'q', 'query'];
      checkFilters(query.filters, fields);
      const desk = await deskOf(request);
      const policies = (await desk.active()) === undefined ? [] : (await desk.version()).policies;
      const text = (query.q ?? '').toLowerCase();
      const found = policies.filter(
        (one) =>
          `${one.id} ${one.title} ${one.reason}`.toLowerCase().includes(text) &&
          passes(query.filters ?? [], (field) => {
            switch (field) {
              case 'action':
                return one.actions;
              case 'resource':
                return one.resources;
              case 'pack':
                return one.pack;
              case 'effect':
                return one.effect;
              case 'mode':
                return one.mode;
              case 'id':
                return one.id;
              default:
                return [one.id, one.title, one.reason];
            }
          }),
      );
      const inOrder = sorted(found, query.sort, (one, name) =>
        new Map(Object.entries(one)).get(name),
      );
      return answer(pageFrom(inOrder, query));
    },
  }),
  route({
    id: 'getPolicySchema',
    method: 'GET',
    path: '/api/v1/{tenant}/policies/schema',
    tag: 'Policies',
    summary: 'Returns the Cedar schema that policies are checked against.',
    access: asked('view', 'Policy'),
    params: tenantParams,
    answers: { 200: { description: 'Cedar schema', mediaType: 'text/plain' } },
    handle: async () => ({
      status: 200,
      mediaType: 'text/plain; charset=utf-8',
      body: await readFile(schemaFile, 'utf8'),
    }),
  }),
  route({
    id: 'listPolicyVersions',
    method: 'GET',
    path: '/api/v1/{tenant}/policies/versions',
    tag: 'Policies',
    summary: 'Lists what was proposed, the newest first, and what became of it.',
    access: asked('view', 'Policy'),
    params: tenantParams,
    query: z.strictObject(pageQuery),
    answers: { 200: { description: 'A page of versions', schema: pageOf(policyVersionSchema) } },
    handle: async (request) => {
      const desk = await deskOf(request);
      const active = await desk.active();
      const rows = (await desk.versions()).map((one) => versionAnswer(one, active));
      const { query } = request;
      const inOrder = sorted(rows, query.sort, (one, name) =>
        new Map(Object.entries(one)).get(name),
      );
      return answer(pageFrom(inOrder, query));
    },
  }),
  route({
    id: 'getPolicyVersion',
    method: 'GET',
    path: '/api/v1/{tenant}/policies/versions/{version}',
    tag: 'Policies',
    summary: 'Returns a version with its files and policies.',
    access: asked('view', 'Policy'),
    params: versionParams,
    answers: {
      200: {
        description: 'The version',
        schema: policyVersionSchema.extend({
          packs: z.array(z.object({ id: z.string() }).loose()),
          policies: z.array(policySchema),
          diagnostics: z.array(policyDiagnosticSchema),
        }),
      },
    },
    handle: async (request) => {
      const desk = await deskOf(request);
      const found = await desk.version(request.params.version);
      const { policies, diagnostics, set } = found;
      const about = versionAnswer(found, await desk.active());
      return answer({ ...about, packs: set.packs, policies, diagnostics });
    },
  }),
  route({
    id: 'coverPolicies',
    method: 'GET',
    path: '/api/v1/{tenant}/policies/coverage',
    tag: 'Policies',
    summary: 'Reports what the policies in force leave open.',
    access: asked('view', 'Policy'),
    params: tenantParams,
    query: z.strictObject(periodShape),
    answers: { 200: { description: 'What is left open', schema: policyCoverageSchema } },
    handle: async (request) =>
      answer(await (await deskOf(request)).coverage(periodOf(request.query))),
  }),
];

const tryingRoutes: readonly Route[] = [
  route({
    id: 'validatePolicies',
    method: 'POST',
    path: '/api/v1/{tenant}/policies/validate',
    tag: 'Policies',
    summary: 'Checks policies; keeps nothing.',
    access: asked('view', 'Policy'),
    params: tenantParams,
    body: { kind: 'json', schema: z.strictObject({ packs: packsSchema }) },
    answers: {
      200: {
        description: 'What is wrong, and the policies that were read',
        schema: z.object({
          isValid: z.boolean(),
          diagnostics: z.array(policyDiagnosticSchema),
          policies: z.array(policySchema),
        }),
      },
    },
    handle: async (request) => {
      const { policies, diagnostics } = await (await deskOf(request)).check(request.body);
      const isValid = diagnostics.every(({ severity }) => severity !== 'error');
      return answer({ isValid, diagnostics, policies });
    },
  }),
  route({
    id: 'testPolicies',
    method: 'POST',
    path: '/api/v1/{tenant}/policies/test',
    tag: 'Policies',
    summary: 'Asks policies, or those in force where none are sent, what test cases ask.',
    access: asked('view', 'Policy'),
    params: tenantParams,
    body: {
      kind: 'json',
      schema: z.strictObject({ packs: packsSchema.optional(), cases: caseFilesSchema.optional() }),
    },
    answers: { 200: { description: 'What became of each case', schema: policyTestSchema } },
    handle: async (request) => {
      const { packs, cases } = request.body;
      const desk = await deskOf(request);
      const set: PolicySet | undefined = packs === undefined ? undefined : { packs };
      const own = async () => (await desk.version()).set.packs;
      const files = cases ?? (packs ?? (await own())).flatMap(({ tests }) => tests);
      return answer(testAnswer(await desk.test(set, files)));
    },
  }),
  route({
    id: 'explainPolicy',
    method: 'POST',
    path: '/api/v1/{tenant}/policies/explain',
    tag: 'Policies',
    summary: 'Asks the policies in force one question, written as in test cases; keeps nothing.',
    access: asked('view', 'Policy'),
    params: tenantParams,
    body: {
      kind: 'json',
      schema: z
        .strictObject({
          principal: z.unknown().optional(),
          action: z.string().max(200),
          resource: z.unknown().optional(),
          facts: z.unknown().optional(),
          arguments: z.unknown().optional(),
          control: z.unknown().optional(),
        })
        .describe('A question'),
    },
    answers: { 200: { description: 'The answer', schema: policyAnswerSchema } },
    handle: async (request) => {
      // JSON is YAML: one reader, with one set of complaints, for files, the command line and the API.
      const text = JSON.stringify(request.body);
      const question = readQuestionText({ path: 'question', text }, request.view.tenant);
      return answer(answerOf(await (await deskOf(request)).explain(question)));
    },
  }),
];

const changingRoutes: readonly Route[] = [
  route({
    id: 'proposePolicies',
    method: 'POST',
    path: '/api/v1/{tenant}/policies/versions',
    tag: 'Policies',
    summary: 'Proposes policies; the same set again is the same proposal.',
    access: asked('propose-policy', 'Policy', ({ body, principal }) => ({
      facts: { author: principal.id, hasReason: (body as { reason: string }).reason !== '' },
    })),
    params: tenantParams,
    body: {
      kind: 'json',
      schema: z.strictObject({
        packs: packsSchema,
        reason: z.string().max(2_000).default('').describe('Why, for those who review'),
      }),
    },
    answers: {
      201: {
        description: 'The proposal, and how its tests ended',
        schema: policyVersionSchema.extend({ report: policyTestSchema }),
      },
    },
    handle: async (request) => {
      const { packs, reason } = request.body;
      const desk = await deskOf(request);
      const { version, tests } = await desk.propose({ packs }, { reason });
      const about = versionAnswer(version, await desk.active());
      return answer({ ...about, report: testAnswer(tests) }, 201);
    },
  }),
  route({
    id: 'reviewPolicies',
    method: 'POST',
    path: '/api/v1/{tenant}/policies/versions/{version}/review',
    tag: 'Policies',
    summary: 'Enters that a proposal was reviewed and found good.',
    access: asked('review-policy', 'Policy', async (request) => {
      const { author } = (await versionTarget(request)).facts;
      return author === undefined ? {} : { facts: { author } };
    }),
    params: versionParams,
    body: { kind: 'json', schema: z.strictObject({ note: z.string().max(2_000).default('') }) },
    answers: { 200: { description: 'The version', schema: policyVersionSchema } },
    handle: async (request) => {
      const desk = await deskOf(request);
      const version = await desk.review(request.params.version, { note: request.body.note });
      return answer(versionAnswer(version, await desk.active()));
    },
  }),
  route({
    id: 'replayPolicies',
    method: 'POST',
    path: '/api/v1/{tenant}/policies/versions/{version}/replay',
    tag: 'Policies',
    summary: 'Asks a proposal what was decided in a period, and tells which verdicts change.',
    access: asked('propose-policy', 'Policy'),
    params: versionParams,
    query: z.strictObject(periodShape),
    answers: { 200: { description: 'Changed verdicts in groups', schema: policyReplaySchema } },
    handle: async (request) => {
      const desk = await deskOf(request);
      return answer(await desk.replay(request.params.version, periodOf(request.query)));
    },
  }),
  route({
    id: 'activatePolicies',
    method: 'POST',
    path: '/api/v1/{tenant}/policies/versions/{version}/activate',
    tag: 'Policies',
    summary: 'Puts a version in force; one that was in force before is a way back.',
    access: asked('activate-policy', 'Policy', versionTarget),
    params: versionParams,
    answers: { 200: { description: 'The version in force', schema: policyVersionSchema } },
    handle: async (request) => {
      const desk = await deskOf(request);
      const version = await desk.activate(request.params.version);
      return answer(versionAnswer(version, await desk.active()));
    },
  }),
];

/** The routes of policies. */
export const policyRoutes: readonly Route[] = [
  ...readingRoutes,
  ...tryingRoutes,
  ...changingRoutes,
];
