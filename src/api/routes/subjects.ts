/**
 * The people whom values are about: who is known, what lies where, erasing them with a certificate; legal
 * holds, and how long values are kept. Ids from outside travel in bodies, never in addresses, which logs keep.
 */
import { z } from 'zod';
import type { SubjectCard } from '../../app/application.ts';
import { Failure } from '../../core/failure/index.ts';
import { answer, noContent, type Route } from '../server/index.ts';
import { asked, flag, namespace, route, tenant, tenantParams } from './define-route.ts';

const handle = z.string().regex(/^[a-zA-Z0-9_:-]{1,100}$/, 'is no handle of a subject');
const handleParams = z.strictObject({ tenant, handle });
const reason = z.string().trim().min(1).max(2_000).describe('Why; stands in the ledger');

const subjectSchema = z
  .object({
    handle: z.string().describe('Opaque; stands in the ledger'),
    createdAt: z.string(),
    isErasing: z.boolean().describe('An erasure was begun and not completed'),
  })
  .describe('Somebody whom values are about');

const countsSchema = z
  .object({
    entries: z.int(),
    groups: z.int(),
    executions: z.int(),
    pairs: z.int(),
    files: z.int(),
    caches: z.int(),
  })
  .describe('How much lies where');

const certificateSchema = z
  .object({
    form: z.string(),
    handle: z.string().optional(),
    reason: z.string(),
    by: z.string(),
    at: z.string(),
    counts: countsSchema,
    proof: z.string(),
    verifierKey: z.string(),
    note: z.string(),
  })
  .loose()
  .describe('What was erased and why, signed, with a proof');

function cardAnswer({ handle: id, createdAt, isErasing }: SubjectCard) {
  return { handle: id, createdAt: new Date(createdAt).toISOString(), isErasing };
}

const subjects: readonly Route[] = [
  route({
    id: 'listSubjects',
    method: 'GET',
    path: '/api/v1/{tenant}/subjects',
    tag: 'People',
    summary: 'Lists who is known, by handle; `after` is `next` of the page before.',
    access: asked('view', 'Subject'),
    params: tenantParams,
    query: z.strictObject({
      after: z.string().max(200).optional(),
      limit: z.coerce.number().int().min(1).max(1_000).default(100),
    }),
    answers: {
      200: {
        description: 'Subjects, and the cursor of the next page',
        schema: z.object({ results: z.array(subjectSchema), next: z.string().optional() }),
      },
    },
    handle: async ({ view, query: { limit, after } }) => {
      const found = await view.subjects.list(limit, after);
      const next = found.length === limit ? found.at(-1)?.place : undefined;
      return answer({ results: found.map(cardAnswer), ...(next !== undefined && { next }) });
    },
  }),
  route({
    id: 'findSubject',
    method: 'POST',
    path: '/api/v1/{tenant}/subjects/find',
    tag: 'People',
    summary: 'Finds who has an id outside, such as `customer:812`.',
    access: asked('view-personal', 'Subject'),
    params: tenantParams,
    body: { kind: 'json', schema: z.strictObject({ name: z.string().min(1).max(500) }) },
    answers: { 200: { description: 'The subject', schema: subjectSchema } },
    handle: async ({ view, body }) => {
      const found = await view.subjects.find(body.name);
      if (found !== undefined) return answer(cardAnswer(found));
      throw new Failure('subject.not-found', 'nobody is known under this id');
    },
  }),
  route({
    id: 'getSubject',
    method: 'GET',
    path: '/api/v1/{tenant}/subjects/{handle}',
    tag: 'People',
    summary: 'Returns somebody with the id outside, and what is known where.',
    access: asked('view-personal', 'Subject'),
    params: handleParams,
    answers: {
      200: {
        description: 'The subject',
        schema: subjectSchema.extend({
          name: z.string().nullable(),
          counts: countsSchema,
          many: countsSchema.describe('Values about more people than are kept apart'),
          executions: z.array(z.string()),
        }),
      },
    },
    handle: async ({ view, params }) => {
      const found = await view.subjects.show(params.handle);
      const { name, counts, many, executions } = found;
      return answer({ ...cardAnswer(found), name, counts, many, executions });
    },
  }),
  route({
    id: 'eraseSubject',
    method: 'POST',
    path: '/api/v1/{tenant}/subjects/{handle}/erasure',
    tag: 'People',
    summary: 'Erases what is about somebody and gives the certificate.',
    access: asked('erase', 'Subject', ({ params }) => ({
      resourceId: String(params['handle']),
      facts: { hasReason: true },
    })),
    params: handleParams,
    body: {
      kind: 'json',
      schema: z.strictObject({
        reason,
        basis: z.string().max(100).optional().describe('The legal basis: `gdpr-17`'),
        isForced: z.boolean().default(false).describe('Kills executions that have not ended'),
        withMany: z
          .boolean()
          .default(false)
          .describe('Also values about more people than are kept apart'),
      }),
    },
    answers: { 200: { description: 'The certificate', schema: certificateSchema } },
    handle: async ({ view, params, body }) => {
      const { basis, ...order } = body;
      return answer(
        await view.subjects.erase(params.handle, {
          ...order,
          ...(basis !== undefined && { basis }),
        }),
      );
    },
  }),
];

const holdTarget = {
  kind: z.enum(['subject', 'execution', 'namespace']),
  id: z.string().min(1).max(200),
};
const holdSchema = z
  .object({ ...holdTarget, reason: z.string(), setBy: z.string(), setAt: z.string() })
  .describe('A legal hold: nothing of it is erased');

const holds: readonly Route[] = [
  route({
    id: 'listHolds',
    method: 'GET',
    path: '/api/v1/{tenant}/holds',
    tag: 'People',
    summary: 'Lists the legal holds in force.',
    access: asked('view', 'Subject'),
    params: tenantParams,
    answers: {
      200: { description: 'The holds', schema: z.object({ results: z.array(holdSchema) }) },
    },
    handle: async ({ view }) => {
      const results = (await view.holds.list()).map((one) => ({
        ...one,
        setAt: new Date(one.setAt).toISOString(),
      }));
      return answer({ results });
    },
  }),
  ...(['set', 'release'] as const).map((verb) =>
    route({
      id: `${verb}Hold`,
      method: 'POST',
      path: `/api/v1/{tenant}/holds/${verb}`,
      tag: 'People',
      summary:
        verb === 'set' ? 'Keeps something from being erased.' : 'Ends a hold; erasing may go on.',
      access: asked('hold', 'Subject', () => ({ facts: { hasReason: true } })),
      params: tenantParams,
      body: { kind: 'json', schema: z.strictObject({ ...holdTarget, reason }) },
      answers: { 204: { description: 'It is done' } },
      handle: async ({ view, body: { reason: why, ...target } }) => {
        await view.holds[verb](target, why);
        return noContent();
      },
    }),
  ),
];

const ruleTarget = {
  dataClass: z
    .string()
    .regex(/^(\*|[a-z][a-z0-9.-]{0,99})$/, 'is no data class, nor `*`')
    .describe('A class and those below it; `*` is every class'),
  namespace: z.union([z.literal('*'), namespace]).describe('And those below it; `*` is every one'),
};
const ruleSchema = z
  .strictObject({
    ...ruleTarget,
    period: z.iso.duration().max(50).describe('How long values are kept: `P90D`'),
    atLeast: z.iso.duration().max(50).nullable().default(null).describe('Never less than this'),
  })
  .describe('A rule of retention');

const retention: readonly Route[] = [
  route({
    id: 'listRetentionRules',
    method: 'GET',
    path: '/api/v1/{tenant}/retention/rules',
    tag: 'People',
    summary: 'Lists how long values are kept.',
    access: asked('view', 'Subject'),
    params: tenantParams,
    answers: {
      200: { description: 'The rules', schema: z.object({ results: z.array(ruleSchema) }) },
    },
    handle: async ({ view }) => answer({ results: await view.retention.list() }),
  }),
  route({
    id: 'setRetentionRule',
    method: 'PUT',
    path: '/api/v1/{tenant}/retention/rules',
    tag: 'People',
    summary: 'Sets a rule in place of the one for the same class and namespace.',
    access: asked('configure', 'Installation'),
    params: tenantParams,
    body: { kind: 'json', schema: ruleSchema },
    answers: { 200: { description: 'The rule', schema: ruleSchema } },
    handle: async ({ view, body }) => {
      await view.retention.set(body);
      return answer(body);
    },
  }),
  route({
    id: 'removeRetentionRule',
    method: 'DELETE',
    path: '/api/v1/{tenant}/retention/rules',
    tag: 'People',
    summary: 'Removes a rule.',
    access: asked('configure', 'Installation'),
    params: tenantParams,
    query: z.strictObject(ruleTarget),
    answers: { 204: { description: 'It is gone' } },
    handle: async ({ view, query }) => {
      await view.retention.remove(query);
      return noContent();
    },
  }),
  route({
    id: 'runRetention',
    method: 'POST',
    path: '/api/v1/{tenant}/retention/run',
    tag: 'People',
    summary: 'Erases what has had its time, or with `dryRun` tells what would go.',
    access: asked('erase', 'Subject'),
    params: tenantParams,
    query: z.strictObject({ dryRun: flag.optional() }),
    answers: {
      200: {
        description: 'What went, with certificates',
        schema: z.object({ certificates: z.array(certificateSchema) }).loose(),
      },
    },
    handle: async ({ view, query }) =>
      answer(await view.retention.run({ isDryRun: query.dryRun ?? false })),
  }),
];

/** The routes of people, holds and retention. */
export const subjectRoutes: readonly Route[] = [...subjects, ...holds, ...retention];
