/**
 * What is in a flow: its graph, one of its tasks, and which flows it has to do with.
 *
 * INVARIANT: a stored revision or a text that was sent is read; nothing here changes a flow.
 */
import { z } from 'zod';
import { Failure } from '../../core/failure/index.ts';
import { graphOf } from '../../core/flow/index.ts';
import type { FlowRecord } from '../../ports/store.ts';
import { graphSchema, textsSchema } from '../contract/index.ts';
import { answer, type Route } from '../server/index.ts';
import {
  anywhere,
  asked,
  flag,
  flowParams,
  revision,
  route,
  tenantParams,
} from './define-route.ts';
import { flowAnswer, graphAnswer } from './flow-answer.ts';
import { flowOf, parsedFlow, storedFlow } from './flows.ts';

const revisionQuery = z.strictObject({ revision: revision.optional() });
const graphQuery = z.strictObject({
  revision: revision.optional(),
  subflows: textsSchema.optional(),
});

const subflowTypes = /(^|\.)flow\.(Subflow|Flow|ForEachItem)$/;

/** Returns the task of `id` somewhere below `value`. */
function taskIn(value: unknown, id: string): Record<string, unknown> | undefined {
  if (Array.isArray(value)) {
    for (const one of value) {
      const found = taskIn(one, id);
      if (found !== undefined) return found;
    }
    return undefined;
  }
  if (value === null || typeof value !== 'object') return undefined;
  const map = value as Record<string, unknown>;
  if (map['id'] === id && typeof map['type'] === 'string') return map;
  return taskIn(Object.values(map), id);
}

/** Returns which flow starts which, by subflows and by triggers on other flows. */
function dependenciesOf(records: readonly FlowRecord[]) {
  const edges: { source: string; target: string; relation: string }[] = [];
  const walk = (value: unknown, visit: (map: Record<string, unknown>) => void): void => {
    if (Array.isArray(value)) for (const one of value) walk(one, visit);
    else if (value !== null && typeof value === 'object') {
      visit(value as Record<string, unknown>);
      for (const one of Object.values(value)) walk(one, visit);
    }
  };
  for (const record of records) {
    const own = `${record.namespace}_${record.id}`;
    const document = flowAnswer(record, false);
    walk(document.tasks, (task) => {
      const { type, namespace: space, flowId } = task;
      if (typeof type !== 'string' || !subflowTypes.test(type)) return;
      if (typeof space !== 'string' || typeof flowId !== 'string') return;
      edges.push({ source: own, target: `${space}_${flowId}`, relation: 'FLOW_TASK' });
    });
    walk(document['triggers'], (map) => {
      const { namespace: space, flowId } = map;
      if (typeof space !== 'string' || typeof flowId !== 'string') return;
      edges.push({ source: `${space}_${flowId}`, target: own, relation: 'FLOW_TRIGGER' });
    });
  }
  return edges;
}

/** The routes of what is in flows. */
export const flowContentRoutes: readonly Route[] = [
  route({
    id: 'graphOfSource',
    method: 'POST',
    path: '/api/v1/{tenant}/flows/graph',
    tag: 'Flows',
    summary: 'Returns the graph of a flow that is not saved.',
    access: anywhere('view', 'Flow'),
    params: tenantParams,
    query: z.strictObject({ subflows: textsSchema.optional() }),
    body: { kind: 'yaml' },
    answers: { 200: { description: 'The graph', schema: graphSchema } },
    handle: async ({ view, body }) => {
      const flow = flowOf(view, body, 'flow');
      return answer(graphAnswer(graphOf(flow), flow));
    },
  }),
  route({
    id: 'generateFlowGraph',
    method: 'GET',
    path: '/api/v1/{tenant}/flows/{namespace}/{id}/graph',
    tag: 'Flows',
    summary: 'Returns the graph of a flow.',
    access: asked('view', 'Flow'),
    params: flowParams,
    query: graphQuery,
    answers: { 200: { description: 'The graph', schema: graphSchema } },
    handle: async ({ view, params, query }) => {
      const flow = await parsedFlow(view, params.namespace, params.id, query.revision);
      return answer(graphAnswer(graphOf(flow), flow));
    },
  }),
  route({
    id: 'getTaskFromFlow',
    method: 'GET',
    path: '/api/v1/{tenant}/flows/{namespace}/{id}/tasks/{taskId}',
    tag: 'Flows',
    summary: 'Returns one task of a flow, with its properties as they are read.',
    access: asked('view', 'Flow'),
    params: z.strictObject({ ...flowParams.shape, taskId: z.string().max(200) }),
    query: revisionQuery,
    answers: { 200: { description: 'The task', schema: z.record(z.string(), z.unknown()) } },
    handle: async ({ view, params, query }) => {
      const record = await storedFlow(view, params.namespace, params.id, query.revision);
      const task = taskIn(flowAnswer(record, false), params.taskId);
      if (task === undefined) {
        throw new Failure('task.not-found', `the flow has no task \`${params.taskId}\``);
      }
      return answer(task);
    },
  }),
  route({
    id: 'getFlowDependencies',
    method: 'GET',
    path: '/api/v1/{tenant}/flows/{namespace}/{id}/dependencies',
    tag: 'Flows',
    summary: 'Returns which flows a flow starts, and which start it.',
    access: asked('view', 'Flow'),
    params: flowParams,
    query: z.strictObject({ destinationOnly: flag.optional(), expandAll: flag.optional() }),
    answers: {
      200: {
        description: 'Flows and what joins them',
        schema: z.object({
          nodes: z.array(z.object({ uid: z.string(), namespace: z.string(), id: z.string() })),
          edges: z.array(
            z.object({ source: z.string(), target: z.string(), relation: z.string() }),
          ),
        }),
      },
    },
    handle: async ({ view, params, query, seen }) => {
      await storedFlow(view, params.namespace, params.id);
      const shown = await (await seen('Flow')).flows();
      const edges = dependenciesOf(shown);
      const own = `${params.namespace}_${params.id}`;
      const near = edges.filter(
        (edge) => edge.source === own || (query.destinationOnly !== true && edge.target === own),
      );
      const ids = new Set([own, ...near.flatMap(({ source, target }) => [source, target])]);
      const nodes = shown
        .filter((one) => ids.has(`${one.namespace}_${one.id}`))
        .map((one) => ({
          uid: `${one.namespace}_${one.id}`,
          namespace: one.namespace,
          id: one.id,
        }));
      return answer({ nodes, edges: near });
    },
  }),
];
