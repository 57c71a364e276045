/**
 * Executions: started from a form, followed, read, searched, held, let go on, killed, repeated, deleted.
 * Each act is recorded in the name of whoever asked for it.
 */
import { z } from 'zod';
import type { TenantView } from '../../app/application.ts';
import { Failure } from '../../core/failure/index.ts';
import type { Value } from '../../core/value/index.ts';
import { emptyMap } from '../../core/value/index.ts';
import {
  type ExecutionAnswer,
  executionSchema,
  flowSchema,
  pageOf,
  pageQuery,
  textsSchema,
} from '../contract/index.ts';
import { answer, noContent, type Route, type RouteRequest } from '../server/index.ts';
import {
  asked,
  executionParams,
  flag,
  flowId,
  flowParams,
  labelsOf,
  listed,
  moment,
  namespace,
  revision,
  route,
  tenant,
  tenantParams,
} from './define-route.ts';
import { executionAnswer } from './execution-answer.ts';
import { flowAnswer } from './flow-answer.ts';
import { storedFlow } from './flows.ts';
import { followExecution } from './follow-execution.ts';
import { executionQuery, searchExecutions } from './search-executions.ts';

const execution = { description: 'The execution', schema: executionSchema };

/** Returns an execution as it is read outside; throws `execution.not-found`. */
export async function readExecution(
  { view, url }: Pick<RouteRequest, 'view' | 'url'>,
  id: string,
): Promise<ExecutionAnswer> {
  const document = await view.execution(id);
  if (document === undefined) {
    throw new Failure('execution.not-found', `there is no execution \`${id}\``);
  }
  return executionAnswer(document, view.tenant, url);
}

/** Returns the values of a form, files as paths below its folder. */
export function inputsOf({
  form,
  body,
}: Pick<RouteRequest, 'form' | 'body'>): Record<string, Value> {
  const inputs = emptyMap();
  if (body !== undefined && body !== null) Object.assign(inputs, body);
  for (const [name, text] of form.fields) inputs[name] = text;
  for (const file of form.files) inputs[file.field] = file.path;
  return inputs;
}

/**
 * Tells whether the client is the official one of 0.24, whose description of the API says that starting
 * gives a list. Everybody else gets the execution itself, as the server of Kestra answers.
 */
export function wantsList(request: Pick<RouteRequest, 'header'>): boolean {
  return /^OpenAPI-Generator\/v0\.2\d\./.test(request.header('user-agent') ?? '');
}

const startQuery = z.strictObject({
  labels: textsSchema.optional(),
  wait: flag.optional(),
  revision: revision.optional(),
  scheduleDate: moment.optional(),
  kind: z.literal('NORMAL').optional(),
});

type StartQuery = z.output<typeof startQuery>;

async function start(request: RouteRequest<z.output<typeof flowParams>, StartQuery>) {
  const { view, params, query } = request;
  const id = await view.start({
    namespace: params.namespace,
    flowId: params.id,
    ...(query.revision !== undefined && { revision: query.revision }),
    ...(query.scheduleDate !== undefined && { startsAt: query.scheduleDate }),
    inputs: inputsOf(request),
    labels: labelsOf(query.labels),
  });
  if (query.wait === true) await untilRest(view, id, request.signal);
  const given = await readExecution(request, id);
  return answer(wantsList(request) ? [given] : given);
}

/** Waits until an execution rests, or nobody waits for it any more. */
async function untilRest(view: TenantView, id: string, signal: AbortSignal): Promise<void> {
  const gone = new Promise<void>((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
  await Promise.race([view.rest(id).then(() => undefined), gone]);
}

const replayQuery = z.strictObject({
  taskRunId: z.string().max(64).optional(),
  revision: revision.optional(),
});

async function replay(
  request: RouteRequest<z.output<typeof executionParams>, z.output<typeof replayQuery>>,
  inputs?: Readonly<Record<string, Value>>,
) {
  const { view, params, query } = request;
  const id = await view.replay(params.executionId, {
    ...(query.taskRunId !== undefined && { taskRunId: query.taskRunId }),
    ...(query.revision !== undefined && { revision: query.revision }),
    ...(inputs !== undefined && { inputs }),
  });
  return answer(await readExecution(request, id));
}

async function search(request: RouteRequest<unknown, z.output<typeof executionQuery>>) {
  const { view, query, url } = request;
  const { results, ...page } = await searchExecutions(view, query, Date.now());
  const documents = await view.executionDocuments(results);
  return answer({
    results: documents.map((one) => executionAnswer(one, view.tenant, url)),
    ...page,
  });
}

const deleteQuery = z.strictObject({
  deleteLogs: flag.default(true),
  deleteMetrics: flag.default(true),
  deleteStorage: flag.default(true),
});

/** The routes of single executions. */
export const executionRoutes: readonly Route[] = [
  route({
    id: 'createExecution',
    method: 'POST',
    path: '/api/v1/{tenant}/executions/{namespace}/{id}',
    tag: 'Executions',
    summary: 'Starts an execution; parts of the form are inputs.',
    access: asked('execute', 'Flow'),
    params: flowParams,
    query: startQuery,
    body: { kind: 'form' },
    answers: { 200: execution },
    handle: start,
  }),
  route({
    id: 'triggerExecution',
    method: 'POST',
    path: '/api/v1/{tenant}/executions/trigger/{namespace}/{id}',
    tag: 'Executions',
    summary: 'Starts an execution; the older address.',
    access: asked('execute', 'Flow'),
    params: flowParams,
    query: startQuery,
    body: { kind: 'form' },
    answers: { 200: execution },
    handle: start,
  }),
  route({
    id: 'searchExecutions',
    method: 'GET',
    path: '/api/v1/{tenant}/executions/search',
    tag: 'Executions',
    summary: 'Lists executions, the newest first.',
    access: listed('Execution'),
    params: tenantParams,
    query: executionQuery,
    answers: { 200: { description: 'A page of executions', schema: pageOf(executionSchema) } },
    handle: search,
  }),
  route({
    id: 'searchExecutionsByFlowId',
    method: 'GET',
    path: '/api/v1/{tenant}/executions',
    tag: 'Executions',
    summary: 'Lists the executions of a flow, the newest first.',
    access: asked('view', 'Execution'),
    params: tenantParams,
    query: z.strictObject({
      page: pageQuery.page,
      size: pageQuery.size,
      namespace,
      flowId,
    }),
    answers: { 200: { description: 'A page of executions', schema: pageOf(executionSchema) } },
    handle: search,
  }),
  route({
    id: 'getLatestExecutions',
    method: 'POST',
    path: '/api/v1/{tenant}/executions/latest',
    tag: 'Executions',
    summary: 'Returns the newest execution of each flow that is asked for.',
    access: listed('Execution'),
    params: tenantParams,
    body: {
      kind: 'json',
      schema: z.array(z.strictObject({ namespace, id: flowId })).max(100),
    },
    answers: {
      200: {
        description: 'The newest executions',
        schema: z.array(
          z.object({
            id: z.string(),
            namespace: z.string(),
            flowId: z.string(),
            startDate: z.string(),
            status: z.string(),
          }),
        ),
      },
    },
    handle: async ({ view, body }) => {
      const found = [];
      for (const { namespace: space, id } of body) {
        const [newest] = await view.executions({ namespace: space, flowId: id, limit: 1 });
        if (newest === undefined) continue;
        const startDate = new Date(newest.createdAt).toISOString();
        found.push({
          id: newest.id,
          namespace: space,
          flowId: id,
          startDate,
          status: newest.state,
        });
      }
      return answer(found);
    },
  }),
  route({
    id: 'getExecution',
    method: 'GET',
    path: '/api/v1/{tenant}/executions/{executionId}',
    tag: 'Executions',
    summary: 'Returns an execution.',
    access: asked('view', 'Execution'),
    params: executionParams,
    answers: { 200: execution },
    handle: async (request) => answer(await readExecution(request, request.params.executionId)),
  }),
  route({
    id: 'deleteExecution',
    method: 'DELETE',
    path: '/api/v1/{tenant}/executions/{executionId}',
    tag: 'Executions',
    summary: 'Deletes an ended execution; the ledger keeps its entries.',
    access: asked('delete', 'Execution'),
    params: executionParams,
    query: deleteQuery,
    answers: { 204: { description: 'It is deleted' } },
    handle: async ({ view, params, query }) => {
      await view.deleteExecutions([params.executionId], {
        logs: query.deleteLogs,
        metrics: query.deleteMetrics,
        files: query.deleteStorage,
      });
      return noContent();
    },
  }),
  route({
    id: 'followExecution',
    method: 'GET',
    path: '/api/v1/{tenant}/executions/{executionId}/follow',
    tag: 'Executions',
    summary: 'Sends the execution whenever it changes, until it rests at its end.',
    access: asked('view', 'Execution'),
    params: executionParams,
    answers: {
      200: {
        description: 'Events `start`, `progress` with the execution, and `end`',
        mediaType: 'text/event-stream',
      },
    },
    handle: async (request) => ({ status: 200, events: followExecution(request) }),
  }),
  route({
    id: 'resumeExecution',
    method: 'POST',
    path: '/api/v1/{tenant}/executions/{executionId}/resume',
    tag: 'Executions',
    summary: 'Lets a paused execution go on; parts of the form are the values of its pause.',
    access: asked('resume', 'Execution'),
    params: executionParams,
    body: { kind: 'form' },
    answers: { 204: { description: 'It goes on' } },
    handle: async (request) => {
      await request.view.resume(request.params.executionId, inputsOf(request));
      return noContent();
    },
  }),
  route({
    id: 'pauseExecution',
    method: 'POST',
    path: '/api/v1/{tenant}/executions/{executionId}/pause',
    tag: 'Executions',
    summary: 'Holds a running execution until it is resumed.',
    access: asked('pause', 'Execution'),
    params: executionParams,
    answers: { 204: { description: 'It is held' } },
    handle: async ({ view, params }) => {
      await view.pause(params.executionId);
      return noContent();
    },
  }),
  route({
    id: 'killExecution',
    method: 'DELETE',
    path: '/api/v1/{tenant}/executions/{executionId}/kill',
    tag: 'Executions',
    summary: 'Stops an execution and those it caused.',
    access: asked('kill', 'Execution'),
    params: executionParams,
    query: z.strictObject({ isOnKillCascade: flag.optional() }),
    answers: { 202: { description: 'It is being stopped', schema: z.object({ id: z.string() }) } },
    handle: async ({ view, params }) => {
      await view.kill(params.executionId);
      return answer({ id: params.executionId }, 202);
    },
  }),
  route({
    id: 'restartExecution',
    method: 'POST',
    path: '/api/v1/{tenant}/executions/{executionId}/restart',
    tag: 'Executions',
    summary: 'Lets an execution go on from what failed.',
    access: asked('restart', 'Execution'),
    params: executionParams,
    query: z.strictObject({ revision: revision.optional() }),
    answers: { 200: execution },
    handle: async (request) => {
      const { view, params, query } = request;
      const id = await view.restart(
        params.executionId,
        query.revision === undefined ? {} : { revision: query.revision },
      );
      return answer(await readExecution(request, id));
    },
  }),
  route({
    id: 'replayExecution',
    method: 'POST',
    path: '/api/v1/{tenant}/executions/{executionId}/replay',
    tag: 'Executions',
    summary: 'Starts another execution that takes over what came before a task run.',
    access: asked('replay', 'Execution'),
    params: executionParams,
    query: replayQuery,
    answers: { 200: execution },
    handle: (request) => replay(request),
  }),
  route({
    id: 'replayExecutionWithInputs',
    method: 'POST',
    path: '/api/v1/{tenant}/executions/{executionId}/replay-with-inputs',
    tag: 'Executions',
    summary: 'Replays an execution with other inputs.',
    access: asked('replay', 'Execution'),
    params: executionParams,
    query: replayQuery,
    body: { kind: 'form' },
    answers: { 200: execution },
    handle: (request) => replay(request, inputsOf(request)),
  }),
  route({
    id: 'setLabelsOnTerminatedExecution',
    method: 'POST',
    path: '/api/v1/{tenant}/executions/{executionId}/labels',
    tag: 'Executions',
    summary: 'Adds labels to an ended execution; an equal key is replaced.',
    access: asked('edit', 'Flow'),
    params: executionParams,
    body: {
      kind: 'json',
      schema: z
        .array(z.strictObject({ key: z.string().min(1).max(200), value: z.string().max(1000) }))
        .max(100),
    },
    answers: { 200: execution },
    handle: async (request) => {
      const { view, params, body } = request;
      await view.changeLabels(params.executionId, body);
      return answer(await readExecution(request, params.executionId));
    },
  }),
  route({
    id: 'getFlowFromExecutionById',
    method: 'GET',
    path: '/api/v1/{tenant}/executions/{executionId}/flow',
    tag: 'Executions',
    summary: 'Returns the revision of the flow that an execution runs.',
    access: asked('view', 'Execution'),
    params: executionParams,
    answers: { 200: { description: 'The flow', schema: flowSchema } },
    handle: async (request) => {
      const {
        namespace: space,
        flowId: id,
        flowRevision,
      } = await readExecution(request, request.params.executionId);
      return answer(flowAnswer(await storedFlow(request.view, space, id, flowRevision), false));
    },
  }),
  route({
    id: 'listExecutableNamespaces',
    method: 'GET',
    path: '/api/v1/{tenant}/executions/namespaces',
    tag: 'Executions',
    summary: 'Lists the namespaces that have a flow.',
    access: listed('Namespace'),
    params: tenantParams,
    answers: { 200: { description: 'Namespaces in order', schema: z.array(z.string()) } },
    handle: async ({ view }) =>
      answer([...new Set((await view.flows()).map((one) => one.namespace))].toSorted()),
  }),
  route({
    id: 'listFlowsOfNamespaceForExecution',
    method: 'GET',
    path: '/api/v1/{tenant}/executions/namespaces/{namespace}/flows',
    tag: 'Executions',
    summary: 'Lists the flows of a namespace that can be executed.',
    access: asked('view', 'Flow'),
    params: z.strictObject({ tenant, namespace }),
    answers: { 200: { description: 'The flows', schema: z.array(flowSchema) } },
    handle: async ({ view, params }) =>
      answer((await view.flows(params.namespace)).map((one) => flowAnswer(one, false))),
  }),
  route({
    id: 'getFlowForExecution',
    method: 'GET',
    path: '/api/v1/{tenant}/executions/flows/{namespace}/{flowId}',
    tag: 'Executions',
    summary: 'Returns a flow for somebody who wants to execute it.',
    access: asked('view', 'Flow'),
    params: z.strictObject({ tenant, namespace, flowId }),
    query: z.strictObject({ revision: revision.optional() }),
    answers: { 200: { description: 'The flow', schema: flowSchema } },
    handle: async ({ view, params, query }) =>
      answer(
        flowAnswer(await storedFlow(view, params.namespace, params.flowId, query.revision), false),
      ),
  }),
];
