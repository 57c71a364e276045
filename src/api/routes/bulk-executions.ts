/**
 * The same done to several executions: to those that are named, or to those that a query means. What is
 * refused for one of them is told beside the count and stops none of the others.
 */
import { z } from 'zod';
import type { TenantView } from '../../app/application.ts';
import { Failure } from '../../core/failure/index.ts';
import type { ActionId, ResourceType } from '../../core/policy/index.ts';
import { bulkSchema } from '../contract/index.ts';
import { answer, type Method, type Route, type RouteRequest } from '../server/index.ts';
import {
  askedForEach,
  askedForEachListed,
  executionId,
  flag,
  route,
  tenantParams,
} from './define-route.ts';
import { filtersSchema } from './listing.ts';
import { executionFilters, meantExecutions } from './search-executions.ts';

interface BulkAct {
  readonly id: string;
  readonly method: Method;
  /** Between `executions` and `by-ids`; empty for deletion. */
  readonly path: string;
  readonly summary: string;
  readonly action: ActionId;
  readonly resource: ResourceType;
  readonly act: (view: TenantView, id: string, how: BulkOptions) => Promise<unknown>;
}

/** How it is done to each. */
interface BulkOptions {
  /** Of a replay: with the newest revision of the flow, not with that of the execution. */
  readonly latestRevision?: boolean | undefined;
}

const everything = { logs: true, metrics: true, files: true };

async function replayed(view: TenantView, id: string, { latestRevision }: BulkOptions) {
  const record = latestRevision === true ? await view.record(id) : undefined;
  const flow = record && (await view.flow(record.namespace, record.flowId));
  if (record !== undefined && flow === undefined) {
    const { namespace, flowId } = record;
    throw new Failure('flow.not-found', `there is no flow \`${namespace}/${flowId}\` any more`);
  }
  return view.replay(id, flow === undefined ? {} : { revision: flow.revision });
}

const acts: readonly BulkAct[] = [
  {
    id: 'deleteExecutions',
    method: 'DELETE',
    path: '',
    summary: 'Deletes ended executions',
    action: 'delete',
    resource: 'Execution',
    act: (view, id) => view.deleteExecutions([id], everything),
  },
  {
    id: 'killExecutions',
    method: 'DELETE',
    path: '/kill',
    summary: 'Stops executions',
    action: 'kill',
    resource: 'Execution',
    act: (view, id) => view.kill(id),
  },
  {
    id: 'pauseExecutions',
    method: 'POST',
    path: '/pause',
    summary: 'Holds running executions',
    action: 'pause',
    resource: 'Execution',
    act: (view, id) => view.pause(id),
  },
  {
    id: 'resumeExecutions',
    method: 'POST',
    path: '/resume',
    summary: 'Lets paused executions go on',
    action: 'resume',
    resource: 'Execution',
    act: (view, id) => view.resume(id, {}),
  },
  {
    id: 'restartExecutions',
    method: 'POST',
    path: '/restart',
    summary: 'Lets executions go on from what failed',
    action: 'restart',
    resource: 'Execution',
    act: (view, id) => view.restart(id),
  },
  {
    id: 'unqueueExecutions',
    method: 'POST',
    path: '/unqueue',
    summary: 'Lets executions run that wait for a slot of their flow',
    action: 'force-run',
    resource: 'Execution',
    act: (view, id) => view.unqueue(id),
  },
  {
    id: 'forceRunExecutions',
    method: 'POST',
    path: '/force-run',
    summary: 'Lets executions run whatever holds them back',
    action: 'force-run',
    resource: 'Execution',
    act: (view, id) => view.forceRun(id),
  },
  {
    id: 'replayExecutions',
    method: 'POST',
    path: '/replay',
    summary: 'Replays executions from their start',
    action: 'replay',
    resource: 'Execution',
    act: replayed,
  },
];

const failedMax = 100;

const labelsSchema = z
  .array(z.strictObject({ key: z.string().min(1).max(200), value: z.string().max(1_000) }))
  .max(100);

/** Does something to each execution that is named, after asking for it; tells how many, and what was refused. */
export async function doToEach(
  { view, ask }: Pick<RouteRequest, 'view' | 'ask'>,
  ids: readonly string[],
  act: (view: TenantView, id: string) => Promise<unknown>,
) {
  const failed: { id: string; message: string }[] = [];
  let count = 0;
  for (const id of ids) {
    try {
      const record = await view.record(id);
      await ask({
        resourceId: id,
        namespace: record?.namespace ?? null,
        ...(record !== undefined && { flowId: record.flowId }),
      });
      if (record === undefined) {
        throw new Failure('execution.not-found', `there is no execution \`${id}\``);
      }
      await act(view, id);
      count += 1;
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      if (failed.length < failedMax) failed.push({ id, message: error.message });
    }
  }
  return answer(failed.length === 0 ? { count } : { count, failed });
}

/** The query of what is done to executions that a query means. */
export const bulkQuery = z.strictObject({
  ...executionFilters,
  includeNonTerminated: flag.optional(),
  deleteLogs: flag.optional(),
  deleteMetrics: flag.optional(),
  deleteStorage: flag.optional(),
  latestRevision: flag.optional(),
});

const byIdsQuery = z.strictObject({
  includeNonTerminated: flag.optional(),
  deleteLogs: flag.optional(),
  deleteMetrics: flag.optional(),
  deleteStorage: flag.optional(),
  latestRevision: flag.optional(),
});

/** Filters in a body, beside those of the query. */
export const filtersBody = {
  kind: 'json',
  schema: z.strictObject({ filters: filtersSchema.nullish() }),
  isOptional: true,
} as const;

/** Does something to each execution that a query means and that whoever asks sees. */
export async function doToMeant(
  request: Pick<RouteRequest<unknown, BulkQuery, BulkFilters>, 'view' | 'ask' | 'query' | 'body'>,
  act: (view: TenantView, id: string) => Promise<unknown>,
) {
  const { view, query, body } = request;
  const filters = [...(query.filters ?? []), ...(body?.filters ?? [])];
  const meant = await meantExecutions(
    view,
    { ...query, ...(filters.length > 0 && { filters }) },
    Date.now(),
  );
  return doToEach(
    request,
    meant.map((one) => one.id),
    act,
  );
}

type BulkQuery = z.output<typeof bulkQuery>;
type BulkFilters = z.output<(typeof filtersBody)['schema']> | undefined;

const done = { 200: { description: 'To how many it was done', schema: bulkSchema } };

function routesOf({ id, method, path, summary, action, resource, act }: BulkAct): readonly Route[] {
  return [
    route({
      id: `${id}ByIds`,
      method,
      path: `/api/v1/{tenant}/executions${path}/by-ids`,
      tag: 'Executions',
      summary: `${summary} that are named.`,
      access: askedForEach(action, resource),
      params: tenantParams,
      query: byIdsQuery,
      body: { kind: 'json', schema: z.array(executionId).min(1).max(1_000) },
      answers: done,
      handle: (request) =>
        doToEach(request, request.body, (view, one) => act(view, one, request.query)),
    }),
    route({
      id: `${id}ByQuery`,
      method,
      path: `/api/v1/{tenant}/executions${path}/by-query`,
      tag: 'Executions',
      summary: `${summary} that a query means; a query without a filter means all.`,
      access: askedForEachListed(action, resource),
      params: tenantParams,
      query: bulkQuery,
      body: filtersBody,
      answers: done,
      handle: (request) => doToMeant(request, (view, one) => act(view, one, request.query)),
    }),
  ];
}

/** The routes that do something to several executions. */
export const bulkExecutionRoutes: readonly Route[] = [
  ...acts.flatMap(routesOf),
  route({
    id: 'setLabelsOnTerminatedExecutionsByIds',
    method: 'POST',
    path: '/api/v1/{tenant}/executions/labels/by-ids',
    tag: 'Executions',
    summary: 'Adds labels to ended executions that are named.',
    access: askedForEach('edit', 'Flow'),
    params: tenantParams,
    body: {
      kind: 'json',
      schema: z.strictObject({
        executionsId: z.array(executionId).min(1).max(1_000),
        executionLabels: labelsSchema,
      }),
    },
    answers: done,
    handle: (request) =>
      doToEach(request, request.body.executionsId, (view, id) =>
        view.changeLabels(id, request.body.executionLabels),
      ),
  }),
  route({
    id: 'setLabelsOnTerminatedExecutionsByQuery',
    method: 'POST',
    path: '/api/v1/{tenant}/executions/labels/by-query',
    tag: 'Executions',
    summary: 'Adds labels to ended executions that a query means.',
    access: askedForEachListed('edit', 'Flow'),
    params: tenantParams,
    query: bulkQuery,
    body: { kind: 'json', schema: labelsSchema },
    answers: done,
    handle: (request) =>
      doToMeant({ ...request, body: undefined }, (view, id) => view.changeLabels(id, request.body)),
  }),
];
