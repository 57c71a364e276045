/**
 * Triggers: how they stand, switched off and on; and webhooks, which strangers call with the key that the
 * flow names. What a webhook brings is untrusted wherever it goes.
 */
import { z } from 'zod';
import type { TriggerRow } from '../../app/triggers.ts';
import { Failure } from '../../core/failure/index.ts';
import { readJson } from '../../core/flow/index.ts';
import { emptyMap, type Value, type ValueMap } from '../../core/value/index.ts';
import { executionSchema, pageOf, pageQuery, triggerSchema } from '../contract/index.ts';
import { answer, type Method, noContent, type Route, type RouteRequest } from '../server/index.ts';
import {
  asked,
  flowId,
  listed,
  namespace,
  open,
  route,
  tenant,
  tenantParams,
} from './define-route.ts';
import { readExecution } from './executions.ts';
import { checkFilters, filtersSchema, isWithin, pageFrom, passes, sorted } from './listing.ts';

function iso(at: number): string {
  return new Date(at).toISOString();
}

function triggerAnswer({ place, state, trouble }: TriggerRow, tenantId: string) {
  const { trigger } = place;
  return {
    tenantId,
    namespace: place.namespace,
    flowId: place.flowId,
    triggerId: trigger.id,
    type: trigger.type,
    date: iso(state.firedAt ?? 0),
    ...(state.nextAt !== undefined && { nextExecutionDate: iso(state.nextAt) }),
    ...(state.executionId !== undefined && { executionId: state.executionId }),
    disabled: state.isDisabled || trigger.isDisabled,
    ...(trouble !== undefined && { trouble }),
  };
}

const triggerId = z.string().min(1).max(200);
const triggerParams = z.strictObject({ tenant, namespace, flowId, triggerId });
const identified = z.object({ namespace, flowId, triggerId });

const searchQuery = z.strictObject({
  ...pageQuery,
  q: z.string().optional(),
  namespace: z.string().optional(),
  flowId: z.string().optional(),
  filters: filtersSchema.optional(),
});

function fieldOf(one: ReturnType<typeof triggerAnswer>, field: string) {
  switch (field) {
    case 'namespace':
      return one.namespace;
    case 'flowId':
      return one.flowId;
    case 'triggerId':
      return one.triggerId;
    default:
      return [one.namespace, one.flowId, one.triggerId];
  }
}

/** Returns what a webhook brings, as flows read it under `trigger`. */
function webhookVariables(request: RouteRequest): ValueMap {
  const variables = emptyMap();
  const text = typeof request.body === 'string' ? request.body : '';
  if (text !== '') {
    const read = readJson(text)?.value;
    variables['body'] = typeof read === 'object' && read !== null ? read : text;
  }
  const lists = (of: Readonly<Record<string, unknown>>): ValueMap => {
    const map = emptyMap();
    for (const [name, value] of Object.entries(of)) {
      map[name] = [value].flat().map((one): Value => String(one));
    }
    return map;
  };
  variables['headers'] = lists(request.headers);
  variables['parameters'] = lists(request.query as Record<string, unknown>);
  return variables;
}

function webhookRoute(method: Method): Route {
  const name = method.charAt(0) + method.slice(1).toLowerCase();
  return route({
    id: `triggerExecutionBy${name}Webhook`,
    method,
    path: '/api/v1/{tenant}/executions/webhook/{namespace}/{flowId}/{key}',
    tag: 'Executions',
    summary: 'Starts an execution; the key in the address says who may.',
    access: open,
    params: z.strictObject({ tenant, namespace, flowId, key: z.string().min(1).max(256) }),
    query: z.record(z.string().max(200), z.union([z.string(), z.array(z.string())])),
    ...(method === 'GET' ? {} : { body: { kind: 'text' } as const }),
    answers: {
      200: { description: 'The execution', schema: executionSchema },
      204: { description: 'The conditions of the trigger do not hold' },
    },
    handle: async (request) => {
      const { view, params } = request;
      const id = await view.callWebhook({
        namespace: params.namespace,
        flowId: params.flowId,
        key: params.key,
        variables: webhookVariables(request),
        from: request.id,
      });
      if (id === undefined) return noContent();
      // The caller is a stranger: he learns that it was started, and nothing of what is in it.
      const {
        inputs: _inputs,
        outputs: _outputs,
        trigger: _trigger,
        variables: _variables,
        ...given
      } = await readExecution(request, id);
      return answer({ ...given, inputs: {}, outputs: {}, taskRunList: [] });
    },
  });
}

/** The routes of triggers. */
export const triggerRoutes: readonly Route[] = [
  webhookRoute('GET'),
  webhookRoute('POST'),
  webhookRoute('PUT'),
  route({
    id: 'searchTriggers',
    method: 'GET',
    path: '/api/v1/{tenant}/triggers/search',
    tag: 'Triggers',
    summary: 'Lists triggers and how they stand.',
    access: listed('Trigger'),
    params: tenantParams,
    query: searchQuery,
    answers: { 200: { description: 'A page of triggers', schema: pageOf(triggerSchema.loose()) } },
    handle: async ({ view, query }) => {
      checkFilters(query.filters, ['q', 'query', 'namespace', 'flowId', 'triggerId']);
      const text = (query.q ?? '').toLowerCase();
      const rows = (await view.triggers())
        .map((one) => triggerAnswer(one, view.tenant))
        .filter(
          (one) =>
            (query.namespace === undefined || isWithin(one.namespace, query.namespace)) &&
            (query.flowId === undefined || one.flowId === query.flowId) &&
            `${one.namespace} ${one.flowId} ${one.triggerId}`.toLowerCase().includes(text) &&
            passes(query.filters ?? [], (field) => fieldOf(one, field)),
        );
      const inOrder = sorted(rows, query.sort, (row, name) =>
        new Map(Object.entries(row)).get(name),
      );
      return answer(pageFrom(inOrder, query));
    },
  }),
  route({
    id: 'searchTriggersForFlow',
    method: 'GET',
    path: '/api/v1/{tenant}/triggers/{namespace}/{flowId}',
    tag: 'Triggers',
    summary: 'Lists the triggers of a flow.',
    access: asked('view', 'Trigger'),
    params: z.strictObject({ tenant, namespace, flowId }),
    query: z.strictObject({ ...pageQuery, q: z.string().optional() }),
    answers: { 200: { description: 'A page of triggers', schema: pageOf(triggerSchema.loose()) } },
    handle: async ({ view, params, query }) => {
      const rows = await view.triggers(params.namespace, params.flowId);
      const found = rows
        .map((one) => triggerAnswer(one, view.tenant))
        .filter((one) => one.triggerId.includes(query.q ?? ''));
      return answer(pageFrom(found, query));
    },
  }),
  route({
    id: 'updateTrigger',
    method: 'PUT',
    path: '/api/v1/{tenant}/triggers',
    tag: 'Triggers',
    summary: 'Switches a trigger off or on.',
    access: asked('edit', 'Trigger'),
    params: tenantParams,
    body: {
      kind: 'json',
      schema: identified.extend({
        disabled: z.boolean().default(false),
        backfill: z.unknown().optional(),
      }),
    },
    answers: { 200: { description: 'The trigger', schema: triggerSchema.loose() } },
    handle: async ({ view, body }) => {
      if (body.backfill !== undefined && body.backfill !== null) {
        throw new Failure('trigger.unsupported', 'backfills are not part of this version');
      }
      return answer(triggerAnswer(await view.switchTrigger(body, body.disabled), view.tenant));
    },
  }),
  route({
    id: 'setTriggersDisabledByIds',
    method: 'POST',
    path: '/api/v1/{tenant}/triggers/set-disabled/by-triggers',
    tag: 'Triggers',
    summary: 'Switches triggers that are named off or on.',
    access: asked('edit', 'Trigger'),
    params: tenantParams,
    body: {
      kind: 'json',
      schema: z.strictObject({
        triggers: z.array(identified.loose()).min(1).max(1_000),
        disabled: z.boolean().default(true),
      }),
    },
    answers: { 200: { description: 'How many', schema: z.object({ count: z.int() }) } },
    handle: async ({ view, body }) => {
      for (const one of body.triggers) await view.switchTrigger(one, body.disabled);
      return answer({ count: body.triggers.length });
    },
  }),
  ...(['unlock', 'restart'] as const).map((verb) =>
    route({
      id: `${verb}Trigger`,
      method: 'POST',
      path: `/api/v1/{tenant}/triggers/{namespace}/{flowId}/{triggerId}/${verb}`,
      tag: 'Triggers',
      summary: 'Returns the trigger; none is ever locked here.',
      access: asked('edit', 'Trigger'),
      params: triggerParams,
      answers: { 200: { description: 'The trigger', schema: triggerSchema.loose() } },
      handle: async ({ view, params }) => {
        const rows = await view.triggers(params.namespace, params.flowId);
        const row = rows.find((one) => one.place.trigger.id === params.triggerId);
        if (row === undefined) {
          throw new Failure('trigger.not-found', `there is no trigger \`${params.triggerId}\``);
        }
        return answer(triggerAnswer(row, view.tenant));
      },
    }),
  ),
];
