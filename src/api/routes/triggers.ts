/**
 * Triggers: how they stand, switched off and on, past dates walked through; one, those that are named, or
 * those that a query means.
 */
import { z } from 'zod';
import type { TenantView } from '../../app/application.ts';
import type { TriggerOrder, TriggerRow } from '../../app/triggers.ts';
import { Failure } from '../../core/failure/index.ts';
import { emptyMap, type Value } from '../../core/value/index.ts';
import { bulkSchema, pageOf, pageQuery, triggerSchema } from '../contract/index.ts';
import { answer, type Method, noContent, type Route, type RouteRequest } from '../server/index.ts';
import {
  asked,
  askedForEach,
  askedForEachListed,
  flag,
  flowId,
  listed,
  namespace,
  route,
  tenant,
  tenantParams,
} from './define-route.ts';
import { checkFilters, filtersSchema, isWithin, pageFrom, passes, sorted } from './listing.ts';

function iso(at: number): string {
  return new Date(at).toISOString();
}

function backfillAnswer({ state }: TriggerRow) {
  const { backfill } = state;
  if (backfill === undefined) return {};
  return {
    backfill: {
      start: iso(backfill.start),
      end: iso(backfill.end),
      currentDate: iso(backfill.current),
      paused: backfill.isPaused,
      inputs: backfill.inputs,
      labels: backfill.labels,
      ...(state.nextAt !== undefined && { previousNextExecutionDate: iso(state.nextAt) }),
      done: backfill.done,
      ...(backfill.total !== undefined && { total: backfill.total }),
    },
  };
}

/** Returns a trigger as 2.x shows it, with the two halves that clients of 0.24 look for. */
function triggerAnswer(row: TriggerRow, tenantId: string) {
  const { place, state, trouble } = row;
  const { trigger } = place;
  const nextAt = state.backfill?.isPaused === false ? state.backfill.current : state.nextAt;
  const context = {
    tenantId,
    namespace: place.namespace,
    flowId: place.flowId,
    triggerId: trigger.id,
    date: iso(state.firedAt ?? 0),
    ...(nextAt !== undefined && { nextExecutionDate: iso(nextAt) }),
    ...(state.executionId !== undefined && { executionId: state.executionId }),
    ...(trigger.stopAfter.length > 0 && { stopAfter: trigger.stopAfter }),
    ...backfillAnswer(row),
    disabled: state.isDisabled || trigger.isDisabled,
  };
  const { id, type, description } = trigger;
  return {
    ...context,
    type,
    ...(trouble !== undefined && { trouble }),
    ...(state.trouble !== undefined && {
      troubleDate: iso(state.trouble.at),
      troubleCount: state.trouble.count,
    }),
    abstractTrigger: {
      id,
      type,
      ...(description !== undefined && { description }),
      disabled: trigger.isDisabled,
    },
    triggerContext: context,
  };
}

type TriggerAnswer = ReturnType<typeof triggerAnswer>;

const triggerId = z.string().min(1).max(200);
const triggerParams = z.strictObject({ tenant, namespace, flowId, triggerId });
const identified = z.object({ namespace, flowId, triggerId });
type Identified = z.output<typeof identified>;

const meant = {
  q: z.string().optional(),
  namespace: z.string().optional(),
  flowId: z.string().optional(),
  workerId: z.string().optional(),
  filters: filtersSchema.optional(),
};

type Meant = Partial<z.output<z.ZodObject<typeof meant>>>;

function fieldOf(one: TriggerAnswer, field: string) {
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

/** Returns the triggers that a query means. */
async function meantTriggers(view: TenantView, query: Meant): Promise<readonly TriggerAnswer[]> {
  checkFilters(query.filters, ['q', 'query', 'namespace', 'flowId', 'triggerId']);
  const text = (query.q ?? '').toLowerCase();
  return (await view.triggers())
    .map((one) => triggerAnswer(one, view.tenant))
    .filter(
      (one) =>
        (query.namespace === undefined || isWithin(one.namespace, query.namespace)) &&
        (query.flowId === undefined || one.flowId === query.flowId) &&
        `${one.namespace} ${one.flowId} ${one.triggerId}`.toLowerCase().includes(text) &&
        passes(query.filters ?? [], (field) => fieldOf(one, field)),
    );
}

const instant = z.iso.datetime({ offset: true });
const labels = z.union([
  z.array(z.object({ key: z.string().min(1), value: z.string() })),
  z.record(z.string(), z.string()),
]);

/** What a backfill is asked for with; what clients send back of one that they were shown is left out. */
const backfillSchema = z.object({
  start: instant,
  end: instant.nullish(),
  inputs: z.record(z.string(), z.unknown()).nullish(),
  labels: labels.nullish(),
});

function isNothing(value: unknown): value is null | undefined {
  return value === undefined || value === null;
}

function backfillOrder(asked: z.output<typeof backfillSchema>): TriggerOrder {
  const { start, end, inputs, labels: given } = asked;
  const pairs = Array.isArray(given)
    ? given
    : Object.entries(given ?? {}).map(([key, value]) => ({ key, value }));
  const reserved = pairs.find(({ key }) => key.startsWith('system.'));
  if (reserved !== undefined) {
    const what = `the label \`${reserved.key}\` belongs to the system`;
    throw new Failure('execution.label-reserved', what);
  }
  return {
    kind: 'backfill',
    start: Date.parse(start),
    ...(end !== undefined && end !== null && { end: Date.parse(end) }),
    inputs: Object.assign(emptyMap(), inputs as Record<string, Value> | undefined),
    labels: pairs,
  };
}

const shown = { 200: { description: 'The trigger', schema: triggerSchema.loose() } };
const pageAnswer = {
  200: { description: 'A page of triggers', schema: pageOf(triggerSchema.loose()) },
};

/** What the door is asked about a trigger that the content of a request names. */
function targetOf({ body }: { readonly body: unknown }) {
  const { namespace: where, flowId: flow } = body as Identified;
  return { resourceId: flow, namespace: where, flowId: flow };
}

/** Does to several triggers what `orders` say, each for itself. */
async function each(
  { view, ask }: Pick<RouteRequest, 'view' | 'ask'>,
  triggers: readonly Identified[],
  action: 'edit' | 'delete',
  order: TriggerOrder,
) {
  const failed: { id: string; message: string }[] = [];
  let count = 0;
  for (const one of triggers) {
    const { namespace: where, flowId: flow } = one;
    try {
      await ask({ action, resourceId: flow, namespace: where, flowId: flow });
      await view.changeTrigger(one, order);
      count += 1;
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      failed.push({ id: `${where}/${flow}/${one.triggerId}`, message: error.message });
    }
  }
  return answer(failed.length === 0 ? { count } : { count, failed });
}

const done = { 200: { description: 'To how many it was done', schema: bulkSchema } };
const manyNamed = z.array(identified.loose()).min(1).max(1_000);

interface BulkAct {
  /** Between `triggers` and `by-triggers`. */
  readonly path: string;
  readonly id: string;
  readonly summary: string;
  readonly order: TriggerOrder;
  readonly action: 'edit' | 'delete';
}

const acts: readonly BulkAct[] = [
  {
    path: 'unlock',
    id: 'unlockTriggers',
    summary: 'Lets triggers fire although what they started has not ended',
    order: { kind: 'unlock' },
    action: 'edit',
  },
  {
    path: 'backfill/pause',
    id: 'pauseBackfills',
    summary: 'Holds backfills',
    order: { kind: 'pause-backfill' },
    action: 'edit',
  },
  {
    path: 'backfill/unpause',
    id: 'unpauseBackfills',
    summary: 'Lets backfills go on',
    order: { kind: 'continue-backfill' },
    action: 'edit',
  },
  {
    path: 'backfill/delete',
    id: 'deleteBackfills',
    summary: 'Ends backfills where they are',
    order: { kind: 'delete-backfill' },
    action: 'edit',
  },
  {
    path: 'delete',
    id: 'forgetTriggers',
    summary: 'Forgets how triggers stand',
    order: { kind: 'forget' },
    action: 'delete',
  },
];

function bulkRoutes({ path, id, summary, order, action }: BulkAct) {
  return [
    route({
      id: `${id}ByIds`,
      method: 'POST',
      path: `/api/v1/{tenant}/triggers/${path}/by-triggers`,
      tag: 'Triggers',
      summary: `${summary}, those that are named.`,
      access: askedForEach(action, 'Trigger'),
      params: tenantParams,
      body: { kind: 'json', schema: manyNamed },
      answers: done,
      handle: (request) => each(request, request.body, action, order),
    }),
    route({
      id: `${id}ByQuery`,
      method: 'POST',
      path: `/api/v1/{tenant}/triggers/${path}/by-query`,
      tag: 'Triggers',
      summary: `${summary}, those that a query means; a query without a filter means all.`,
      access: askedForEachListed(action, 'Trigger'),
      params: tenantParams,
      query: z.strictObject(meant),
      body: { kind: 'json', schema: queryBody, isOptional: true },
      answers: done,
      handle: async (request) => each(request, await queried(request), action, order),
    }),
  ];
}

const queryBody = z.looseObject({ filters: filtersSchema.nullish() });

/** Returns the triggers that a query and its body mean. */
function queried({
  view,
  query,
  body,
}: {
  readonly view: TenantView;
  readonly query: Meant;
  readonly body?: { readonly filters?: Meant['filters'] | null } | undefined;
}) {
  const filters = [...(query.filters ?? []), ...(body?.filters ?? [])];
  return meantTriggers(view, { ...query, filters });
}

function backfillRoute(
  verb: 'pause' | 'unpause' | 'delete',
  method: Method,
  summary: string,
  kind: 'pause-backfill' | 'continue-backfill' | 'delete-backfill',
): Route {
  return route({
    id: `${verb}Backfill`,
    method,
    path: `/api/v1/{tenant}/triggers/backfill/${verb}`,
    tag: 'Triggers',
    summary,
    access: asked('edit', 'Trigger', targetOf),
    params: tenantParams,
    body: { kind: 'json', schema: identified.loose() },
    answers: shown,
    handle: async ({ view, body }) =>
      answer(triggerAnswer(await view.changeTrigger(body, { kind }), view.tenant)),
  });
}

/** The routes of triggers. */
export const triggerRoutes: readonly Route[] = [
  route({
    id: 'searchTriggers',
    method: 'GET',
    path: '/api/v1/{tenant}/triggers/search',
    tag: 'Triggers',
    summary: 'Lists triggers and how they stand.',
    access: listed('Trigger'),
    params: tenantParams,
    query: z.strictObject({ ...pageQuery, ...meant }),
    answers: pageAnswer,
    handle: async ({ view, query }) => {
      const rows = await meantTriggers(view, query);
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
    answers: pageAnswer,
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
    summary: 'Switches a trigger off or on, or has it walk through past dates.',
    access: asked('edit', 'Trigger', targetOf),
    params: tenantParams,
    body: {
      kind: 'json',
      schema: identified
        .extend({ disabled: z.boolean().optional(), backfill: backfillSchema.nullish() })
        .loose(),
    },
    answers: shown,
    handle: async ({ view, body }) => {
      const { backfill, disabled } = body;
      // Clients send back the whole trigger: what it says of a backfill that is there asks for nothing.
      const rows = await view.triggers(body.namespace, body.flowId);
      const before = rows.find(({ place }) => place.trigger.id === body.triggerId);
      const present = before?.state.backfill?.start;
      const isAsked = !isNothing(backfill) && present !== Date.parse(backfill.start);
      const order: TriggerOrder = { kind: disabled === true ? 'disable' : 'enable' };
      if (!isAsked)
        return answer(triggerAnswer(await view.changeTrigger(body, order), view.tenant));
      if (disabled !== undefined) await view.changeTrigger(body, order);
      const row = await view.changeTrigger(body, backfillOrder(backfill));
      return answer(triggerAnswer(row, view.tenant));
    },
  }),
  route({
    id: 'setTriggersDisabledByIds',
    method: 'POST',
    path: '/api/v1/{tenant}/triggers/set-disabled/by-triggers',
    tag: 'Triggers',
    summary: 'Switches triggers that are named off or on.',
    access: askedForEach('edit', 'Trigger'),
    params: tenantParams,
    body: {
      kind: 'json',
      schema: z.strictObject({ triggers: manyNamed, disabled: z.boolean().default(true) }),
    },
    answers: done,
    handle: (request) => {
      const { triggers, disabled } = request.body;
      return each(request, triggers, 'edit', { kind: disabled ? 'disable' : 'enable' });
    },
  }),
  route({
    id: 'setTriggersDisabledByQuery',
    method: 'POST',
    path: '/api/v1/{tenant}/triggers/set-disabled/by-query',
    tag: 'Triggers',
    summary: 'Switches triggers that a query means off or on.',
    access: askedForEachListed('edit', 'Trigger'),
    params: tenantParams,
    query: z.strictObject({ ...meant, disabled: flag.default(true) }),
    body: { kind: 'json', schema: queryBody, isOptional: true },
    answers: done,
    handle: async (request) => {
      const kind = request.query.disabled ? 'disable' : 'enable';
      return each(request, await queried(request), 'edit', { kind });
    },
  }),
  ...(['unlock', 'restart'] as const).map((verb) =>
    route({
      id: `${verb}Trigger`,
      method: 'POST',
      path: `/api/v1/{tenant}/triggers/{namespace}/{flowId}/{triggerId}/${verb}`,
      tag: 'Triggers',
      summary:
        verb === 'unlock'
          ? 'Lets a trigger fire although what it started has not ended.'
          : 'Lets a trigger begin anew: what it waits for and what went wrong is forgotten.',
      access: asked('edit', 'Trigger'),
      params: triggerParams,
      answers: shown,
      handle: async ({ view, params }) =>
        answer(triggerAnswer(await view.changeTrigger(params, { kind: verb }), view.tenant)),
    }),
  ),
  route({
    id: 'deleteTrigger',
    method: 'DELETE',
    path: '/api/v1/{tenant}/triggers/{namespace}/{flowId}/{triggerId}',
    tag: 'Triggers',
    summary: 'Forgets how a trigger stands; while its flow has it, it begins anew.',
    access: asked('delete', 'Trigger'),
    params: triggerParams,
    answers: { 204: { description: 'It is forgotten' } },
    handle: async ({ view, params }) => {
      await view.changeTrigger(params, { kind: 'forget' });
      return noContent();
    },
  }),
  backfillRoute('pause', 'PUT', 'Holds a backfill.', 'pause-backfill'),
  backfillRoute('unpause', 'PUT', 'Lets a backfill go on.', 'continue-backfill'),
  backfillRoute('delete', 'POST', 'Ends a backfill where it is.', 'delete-backfill'),
  ...acts.flatMap(bulkRoutes),
];
