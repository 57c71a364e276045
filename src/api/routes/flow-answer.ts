/** Flows as Kestra's clients read them. */
import { flowDocument, type Flow, type FlowGraph } from '../../core/flow/index.ts';
import type { FlowRecord } from '../../ports/store.ts';
import type { FlowAnswer, GraphAnswer } from '../contract/index.ts';

function labelsIn(value: unknown): { key: string; value: string }[] {
  if (Array.isArray(value)) {
    return value.flatMap((one: unknown) => {
      const { key, value: text } = (one ?? {}) as Record<string, string | undefined>;
      return key === undefined ? [] : [{ key: String(key), value: String(text ?? '') }];
    });
  }
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).map(([key, text]) => ({ key, value: String(text) }));
}

/** Returns a stored flow as it is read outside; its source only where it is asked for. */
export function flowAnswer(record: FlowRecord, withSource: boolean): FlowAnswer {
  const document = flowDocument(record.source) ?? {};
  const { tasks } = document;
  return {
    ...document,
    id: record.id,
    namespace: record.namespace,
    tenantId: record.tenant,
    revision: record.revision,
    disabled: document['disabled'] === true,
    deleted: record.isDeleted,
    labels: labelsIn(document['labels']),
    tasks: Array.isArray(tasks) ? (tasks as Record<string, unknown>[]) : [],
    updated: new Date(record.at).toISOString(),
    ...(withSource && { source: record.source }),
  };
}

/** Returns a graph of tasks as Kestra's clients draw it. */
export function graphAnswer(graph: FlowGraph, flow: Flow): GraphAnswer {
  const clusterOf = new Map(
    graph.clusters.flatMap(({ id, members }) => members.map((one) => [one, id] as const)),
  );
  const parentsOf = (id: string): string[] => {
    const parent = clusterOf.get(id);
    return parent === undefined ? [] : [parent, ...parentsOf(parent)];
  };
  return {
    nodes: graph.nodes.map((node) => ({
      uid: node.id,
      type: node.kind === 'task' ? 'io.kestra.core.models.hierarchies.GraphTask' : node.kind,
      kind: node.kind,
      label: node.label,
      ...(node.type !== undefined && {
        task: { id: node.id, type: node.type, disabled: node.isDisabled },
      }),
      ...(node.block !== undefined && { block: node.block }),
    })),
    edges: graph.edges.map(({ from, to, kind, label }) => ({
      source: from,
      target: to,
      relation: { relationType: kind.toUpperCase(), ...(label !== undefined && { value: label }) },
    })),
    clusters: graph.clusters.map(({ id, label, members }) => ({
      cluster: { uid: id, label },
      nodes: members,
      parents: parentsOf(id),
    })),
    flowables: [flow.id, ...graph.clusters.map(({ id }) => id)],
  };
}
