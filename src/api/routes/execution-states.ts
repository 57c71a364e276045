/**
 * States set by hand: of an execution, of one of its task runs, of several executions; and executions that
 * are let run whatever holds them back. `X-Reason`, or the property `reason`, says why.
 */
import { z } from 'zod';
import { executionStatesByHand, runStatesByHand } from '../../runtime/run-loop/index.ts';
import { bulkSchema, executionSchema } from '../contract/index.ts';
import { answer, type ReadRequest, type Route, type RouteRequest } from '../server/index.ts';
import {
  asked,
  askedForEach,
  askedForEachListed,
  executionId,
  executionParams,
  route,
  tenantParams,
} from './define-route.ts';
import { doToEach, doToMeant, bulkQuery, filtersBody } from './bulk-executions.ts';
import { readExecution } from './executions.ts';

const execution = { 200: { description: 'The execution', schema: executionSchema } };
const done = { 200: { description: 'To how many it was done', schema: bulkSchema } };
const executionState = z.enum(executionStatesByHand);
const reason = z.string().max(1_000).optional();

const runState = z.strictObject({
  taskRunId: z.string().min(1).max(64),
  state: z.enum(runStatesByHand),
  reason: reason.describe('Why; stands in the ledger'),
});

/** Returns why, as the body or the header `X-Reason` says it. */
function whyOf(request: Pick<RouteRequest, 'header'>, said?: string): { readonly reason?: string } {
  const text = said ?? request.header('x-reason');
  return text === undefined ? {} : { reason: text };
}

/** Whether the body says why is what policy asks about; a header says it by itself. */
function saidInBody({ body }: ReadRequest) {
  const said = (body as { readonly reason?: string } | undefined)?.reason ?? '';
  return said.trim() === '' ? {} : { facts: { hasReason: true } };
}

/** The routes of states that are set by hand. */
export const executionStateRoutes: readonly Route[] = [
  route({
    id: 'updateTaskRunState',
    method: 'POST',
    path: '/api/v1/{tenant}/executions/{executionId}/state',
    tag: 'Executions',
    summary: 'Sets the state of a task run of an ended execution, which goes on from there.',
    access: asked('change-state', 'Execution', saidInBody),
    params: executionParams,
    body: { kind: 'json', schema: runState },
    answers: execution,
    handle: async (request) => {
      const { view, params, body } = request;
      const { taskRunId, state } = body;
      const order = { taskRunId, state, ...whyOf(request, body.reason) };
      await view.changeRunState(params.executionId, order);
      return answer(await readExecution(request, params.executionId));
    },
  }),
  route({
    id: 'updateExecutionStatus',
    method: 'POST',
    path: '/api/v1/{tenant}/executions/{executionId}/change-status',
    tag: 'Executions',
    summary: 'Sets the state of an ended execution; nothing of it goes on.',
    access: asked('change-state', 'Execution'),
    params: executionParams,
    query: z.strictObject({ status: executionState }),
    answers: execution,
    handle: async (request) => {
      const { view, params, query } = request;
      await view.changeState(params.executionId, { state: query.status, ...whyOf(request) });
      return answer(await readExecution(request, params.executionId));
    },
  }),
  route({
    id: 'updateExecutionsStatusByIds',
    method: 'POST',
    path: '/api/v1/{tenant}/executions/change-status/by-ids',
    tag: 'Executions',
    summary: 'Sets the state of ended executions that are named.',
    access: askedForEach('change-state', 'Execution'),
    params: tenantParams,
    query: z.strictObject({ newStatus: executionState }),
    body: { kind: 'json', schema: z.array(executionId).min(1).max(1_000) },
    answers: done,
    handle: (request) =>
      doToEach(request, request.body, (view, id) =>
        view.changeState(id, { state: request.query.newStatus, ...whyOf(request) }),
      ),
  }),
  route({
    id: 'updateExecutionsStatusByQuery',
    method: 'POST',
    path: '/api/v1/{tenant}/executions/change-status/by-query',
    tag: 'Executions',
    summary: 'Sets the state of ended executions that a query means.',
    access: askedForEachListed('change-state', 'Execution'),
    params: tenantParams,
    query: bulkQuery.extend({ newStatus: executionState }),
    body: filtersBody,
    answers: done,
    handle: (request) => {
      const { newStatus, ...query } = request.query;
      return doToMeant({ ...request, query }, (view, id) =>
        view.changeState(id, { state: newStatus, ...whyOf(request) }),
      );
    },
  }),
  ...(['unqueue', 'force-run'] as const).map((verb) =>
    route({
      id: verb === 'unqueue' ? 'unqueueExecution' : 'forceRunExecution',
      method: 'POST',
      path: `/api/v1/{tenant}/executions/{executionId}/${verb}`,
      tag: 'Executions',
      summary:
        verb === 'unqueue'
          ? 'Lets an execution run that waits for a slot of its flow.'
          : 'Lets an execution run whatever holds it back: its date, a limit, a pause.',
      access: asked('force-run', 'Execution'),
      params: executionParams,
      query: z.strictObject({ state: z.literal('RUNNING').optional() }),
      answers: execution,
      handle: async (request) => {
        const { view, params } = request;
        if (verb === 'unqueue') await view.unqueue(params.executionId);
        else await view.forceRun(params.executionId);
        return answer(await readExecution(request, params.executionId));
      },
    }),
  ),
];
