/**
 * The same done to several flows: deleted, switched off, switched on; those that are named, or those that
 * a query means.
 */
import { z } from 'zod';
import type { TenantView } from '../../app/application.ts';
import { Failure } from '../../core/failure/index.ts';
import type { FlowRecord } from '../../ports/store.ts';
import { bulkSchema, textsSchema } from '../contract/index.ts';
import { answer, type Method, type Route, type RouteRequest } from '../server/index.ts';
import {
  askedForEach,
  askedForEachListed,
  flowId,
  namespace,
  route,
  tenantParams,
} from './define-route.ts';
import { searchedFlows, storedFlow } from './flows.ts';
import { filtersSchema } from './listing.ts';

type Act = (view: TenantView, record: FlowRecord) => Promise<unknown>;

/** Returns the source of a flow switched off or on; the rest stays as its author wrote it. */
function switched(source: string, isDisabled: boolean): string {
  const without = source.replace(/^disabled:[^\n]*\n?/m, '');
  if (!isDisabled) return without;
  return `${without}${without.endsWith('\n') ? '' : '\n'}disabled: true\n`;
}

const acts: readonly {
  readonly verb: 'delete' | 'disable' | 'enable';
  readonly method: Method;
  readonly summary: string;
  readonly act: Act;
}[] = [
  {
    verb: 'delete',
    method: 'DELETE',
    summary: 'Deletes flows',
    act: (view, record) => view.deleteFlow(record.namespace, record.id),
  },
  {
    verb: 'disable',
    method: 'POST',
    summary: 'Switches flows off',
    act: (view, record) => view.saveFlow(switched(record.source, true), record.id),
  },
  {
    verb: 'enable',
    method: 'POST',
    summary: 'Switches flows on',
    act: (view, record) => view.saveFlow(switched(record.source, false), record.id),
  },
];

async function each(
  { view, ask }: Pick<RouteRequest, 'view' | 'ask'>,
  records: readonly FlowRecord[],
  act: Act,
) {
  const failed: { id: string; message: string }[] = [];
  let count = 0;
  for (const record of records) {
    try {
      const { namespace: where, id } = record;
      await ask({ resourceId: id, namespace: where, flowId: id });
      await act(view, record);
      count += 1;
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      failed.push({ id: `${record.namespace}/${record.id}`, message: error.message });
    }
  }
  return answer(failed.length === 0 ? { count } : { count, failed });
}

const done = { 200: { description: 'To how many it was done', schema: bulkSchema } };

/** The routes that do something to several flows. */
export const bulkFlowRoutes: readonly Route[] = acts.flatMap(({ verb, method, summary, act }) => {
  const action = verb === 'delete' ? 'delete' : 'edit';
  return [
    route({
      id: `${verb}FlowsByIds`,
      method,
      path: `/api/v1/{tenant}/flows/${verb}/by-ids`,
      tag: 'Flows',
      summary: `${summary} that are named.`,
      access: askedForEach(action, 'Flow'),
      params: tenantParams,
      body: {
        kind: 'json',
        schema: z
          .array(z.strictObject({ namespace, id: flowId }))
          .min(1)
          .max(1_000),
      },
      answers: done,
      handle: async (request) => {
        const records: FlowRecord[] = [];
        for (const { namespace: where, id } of request.body) {
          await request.ask({ resourceId: id, namespace: where, flowId: id });
          records.push(await storedFlow(request.view, where, id));
        }
        return each(request, records, act);
      },
    }),
    route({
      id: `${verb}FlowsByQuery`,
      method,
      path: `/api/v1/{tenant}/flows/${verb}/by-query`,
      tag: 'Flows',
      summary: `${summary} that a query means; a query without a filter means all.`,
      access: askedForEachListed(action, 'Flow'),
      params: tenantParams,
      query: z.strictObject({
        q: z.string().optional(),
        scope: textsSchema.optional(),
        namespace: z.string().optional(),
        labels: textsSchema.optional(),
        filters: filtersSchema.optional(),
      }),
      body: {
        kind: 'json',
        schema: z.strictObject({ filters: filtersSchema.nullish() }),
        isOptional: true,
      },
      answers: done,
      handle: async (request) => {
        const { view, query, body } = request;
        const filters = [...(query.filters ?? []), ...(body?.filters ?? [])];
        const found = await searchedFlows(view, { ...query, filters });
        return each(
          request,
          found.map((one) => one.record),
          act,
        );
      },
    }),
  ];
});
