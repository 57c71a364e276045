/** Budgets over the API: listed with how they stand, set and removed. */
import { z } from 'zod';
import { budgetPeriods, budgetUnits, scopeKinds } from '../../core/governance/index.ts';
import { answer, type Route } from '../server/index.ts';
import { asked, route, tenant, tenantParams } from './define-route.ts';

const id = z.string().regex(/^[a-z0-9][a-z0-9._-]{0,99}$/, 'is no id of a budget');
const budgetParams = z.strictObject({ tenant, id });

const fields = {
  unit: z.enum(budgetUnits).describe('What it counts; money in minor units of its currency'),
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/)
    .optional(),
  scope: z
    .strictObject({ kind: z.enum(scopeKinds), id: z.string().max(300).default('') })
    .describe('Whom it covers; the id `*` counts each one by itself'),
  cap: z.int().min(0).describe('The most in one period; that much itself is allowed'),
  period: z.enum(budgetPeriods),
  timeZone: z.string().max(100).default('UTC'),
  owner: z.string().max(200).optional(),
};

const cardSchema = z
  .object({
    id: z.string(),
    ...fields,
    present: z.object({ name: z.string(), endsAt: z.number().nullable() }),
    standings: z.array(
      z.object({
        name: z.string(),
        settled: z.number(),
        reserved: z.number(),
        left: z.number(),
      }),
    ),
  })
  .describe('A budget and how it stands in the present period');

/** The routes of budgets. */
export const budgetRoutes: readonly Route[] = [
  route({
    id: 'listBudgets',
    method: 'GET',
    path: '/api/v1/{tenant}/budgets',
    tag: 'Budgets',
    summary: 'Lists the budgets and how they stand in the present period.',
    access: asked('view', 'Budget'),
    params: tenantParams,
    answers: { 200: { description: 'The budgets in order', schema: z.array(cardSchema) } },
    handle: async ({ view }) => answer(await (await view.governance()).budgets.list()),
  }),
  route({
    id: 'getBudget',
    method: 'GET',
    path: '/api/v1/{tenant}/budgets/{id}',
    tag: 'Budgets',
    summary: 'Returns a budget and how it stands.',
    access: asked('view', 'Budget'),
    params: budgetParams,
    answers: { 200: { description: 'The budget', schema: cardSchema } },
    handle: async ({ view, params }) =>
      answer(await (await view.governance()).budgets.show(params.id)),
  }),
  route({
    id: 'setBudget',
    method: 'PUT',
    path: '/api/v1/{tenant}/budgets/{id}',
    tag: 'Budgets',
    summary: 'Sets a budget, in place of one with the same id.',
    access: asked('edit', 'Budget'),
    params: budgetParams,
    body: { kind: 'json', schema: z.strictObject(fields) },
    answers: { 200: { description: 'The budget', schema: cardSchema } },
    handle: async ({ view, params, body }) => {
      const { currency, owner, ...budget } = body;
      const { budgets } = await view.governance();
      const set = await budgets.set({
        ...budget,
        id: params.id,
        ...(currency !== undefined && { currency }),
        ...(owner !== undefined && { owner }),
      });
      return answer(set);
    },
  }),
  route({
    id: 'removeBudget',
    method: 'DELETE',
    path: '/api/v1/{tenant}/budgets/{id}',
    tag: 'Budgets',
    summary: 'Removes a budget.',
    access: asked('delete', 'Budget'),
    params: budgetParams,
    answers: { 204: { description: 'It is removed' } },
    handle: async ({ view, params }) => {
      await (await view.governance()).budgets.remove(params.id);
      return { status: 204 };
    },
  }),
];
