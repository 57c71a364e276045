/** Intakes over the API: the questionnaire, entering an idea, what waits. */
import { z } from 'zod';
import { intakeQuestions, riskTiers } from '../../core/governance/index.ts';
import { answer, type Route } from '../server/index.ts';
import { asked, route, tenant, tenantParams } from './define-route.ts';

const tier = z.enum(riskTiers);

const intakeSchema = z
  .object({
    id: z.string(),
    title: z.string(),
    owner: z.string(),
    purpose: z.string(),
    answers: z.record(z.string(), z.string()),
    tier,
    reasons: z.array(z.object({ tier, reason: z.string() })),
    controls: z.array(z.string()),
    open: z.array(z.string()),
    queue: z.enum(['committee', 'standard', 'refused']),
    position: z.number(),
    submittedBy: z.string(),
    submittedAt: z.number(),
  })
  .describe('An idea, its provisional tier and its place in the queue');

const questionSchema = z.object({
  id: z.string(),
  text: z.string(),
  choices: z.array(
    z.object({ id: z.string(), text: z.string(), tier, controls: z.array(z.string()) }),
  ),
});

/** The routes of intakes. */
export const intakeRoutes: readonly Route[] = [
  route({
    id: 'getIntakeQuestions',
    method: 'GET',
    path: '/api/v1/{tenant}/intakes/questions',
    tag: 'Intakes',
    summary: 'Returns the questionnaire.',
    access: asked('view', 'Risk'),
    params: tenantParams,
    answers: { 200: { description: 'The questions', schema: z.array(questionSchema) } },
    handle: () => Promise.resolve(answer(intakeQuestions)),
  }),
  route({
    id: 'listIntakes',
    method: 'GET',
    path: '/api/v1/{tenant}/intakes',
    tag: 'Intakes',
    summary: 'Lists what was entered, in order of the queues.',
    access: asked('view', 'Risk'),
    params: tenantParams,
    answers: { 200: { description: 'The intakes', schema: z.array(intakeSchema) } },
    handle: async ({ view }) => answer(await (await view.governance()).intakes.list()),
  }),
  route({
    id: 'getIntake',
    method: 'GET',
    path: '/api/v1/{tenant}/intakes/{id}',
    tag: 'Intakes',
    summary: 'Returns an intake.',
    access: asked('view', 'Risk'),
    params: z.strictObject({ tenant, id: z.string().regex(/^[a-zA-Z0-9_-]{1,64}$/) }),
    answers: { 200: { description: 'The intake', schema: intakeSchema } },
    handle: async ({ view, params }) =>
      answer(await (await view.governance()).intakes.show(params.id)),
  }),
  route({
    id: 'submitIntake',
    method: 'POST',
    path: '/api/v1/{tenant}/intakes',
    tag: 'Intakes',
    summary: 'Enters an idea; a question without an answer counts as its gravest.',
    access: asked('edit', 'Risk'),
    params: tenantParams,
    body: {
      kind: 'json',
      schema: z.strictObject({
        title: z.string().min(1).max(300),
        owner: z.string().min(1).max(200),
        purpose: z.string().max(2_000).default(''),
        answers: z.record(z.string().max(100), z.string().max(100)),
      }),
    },
    answers: { 200: { description: 'The intake', schema: intakeSchema } },
    handle: async ({ view, body }) => answer(await (await view.governance()).intakes.submit(body)),
  }),
];
