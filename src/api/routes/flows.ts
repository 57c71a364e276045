/**
 * Flows: saved from their YAML, read, searched, validated, drawn, deleted. Every change is a revision, and
 * `If-Match` names the revision that a change is meant for.
 */
import { z } from 'zod';
import { Failure } from '../../core/failure/index.ts';
import { type Diagnostic, type Flow, flowDocument } from '../../core/flow/index.ts';
import type { FlowRecord } from '../../ports/store.ts';
import type { TenantView } from '../../app/application.ts';
import { flowSchema, pageOf, pageQuery, textsSchema, violationSchema } from '../contract/index.ts';
import {
  answer,
  noContent,
  type ReadRequest,
  type Route,
  type RouteRequest,
  type Target,
} from '../server/index.ts';
import {
  anywhere,
  asked,
  flag,
  flowParams,
  listed,
  namespace,
  revision,
  route,
  tenant,
  tenantParams,
} from './define-route.ts';
import { flowAnswer } from './flow-answer.ts';
import { checkFilters, filtersSchema, isWithin, pageFrom, passes, sorted } from './listing.ts';
import { splitDocuments } from './split-documents.ts';

const yaml = { kind: 'yaml' } as const;

function notFound(space: string, id: string): Failure {
  return new Failure('flow.not-found', `there is no flow \`${space}/${id}\``);
}

/** Returns a stored flow; throws `flow.not-found`. */
export async function storedFlow(
  view: TenantView,
  space: string,
  id: string,
  wanted?: number,
): Promise<FlowRecord> {
  const record = await view.flow(space, id, wanted);
  if (record === undefined) throw notFound(space, id);
  return record;
}

/** Returns a stored flow parsed; throws `flow.not-found`. */
export async function parsedFlow(
  view: TenantView,
  space: string,
  id: string,
  wanted?: number,
): Promise<Flow> {
  const record = await storedFlow(view, space, id, wanted);
  return flowOf(view, record.source, `${space}/${id}`);
}

/** Returns the flow of a source; throws `flow.invalid`. */
export function flowOf(view: TenantView, source: string, file: string): Flow {
  const { flow, diagnostics } = view.checkFlow(source, file);
  if (flow !== undefined) return flow;
  const count = diagnostics.filter((one) => one.severity === 'error').length;
  throw new Failure(
    'flow.invalid',
    `\`${file}\` has ${count} ${count === 1 ? 'error' : 'errors'}`,
    {
      details: { diagnostics },
    },
  );
}

/** Returns the header that names a revision. */
function tag(record: { readonly revision: number }): Record<string, string> {
  return { etag: `"${record.revision}"` };
}

/** Returns the revision that `If-Match` names; undefined when the request does not say. */
function expectedRevision(request: Pick<RouteRequest, 'header'>): number | undefined {
  const text = request.header('if-match');
  if (text === undefined || text.trim() === '*') return undefined;
  const match = /^(?:W\/)?"(\d+)"$/.exec(text.trim());
  if (match === null) throw new Failure('request.malformed', '`If-Match` names no revision');
  return Number(match[1]);
}

/** Has `work` done; what changed since `If-Match` is told as such. */
async function matching<T>(work: Promise<T>, expected: number | undefined): Promise<T> {
  try {
    return await work;
  } catch (error) {
    const isChanged = error instanceof Failure && error.code === 'store.conflict';
    if (!isChanged || expected === undefined) throw error;
    throw new Failure('request.precondition-failed', error.message, { cause: error });
  }
}

async function save(request: RouteRequest, source: string, file: string) {
  const { view } = request;
  const expected = expectedRevision(request);
  const saved = await matching(view.saveFlow(source, file, expected), expected);
  return storedFlow(view, saved.flow.namespace, saved.flow.id, saved.revision);
}

/** Returns what is wrong, as one text a line each: where clients of Kestra show it. */
function constraintsOf(diagnostics: readonly Diagnostic[]): string | undefined {
  const errors = diagnostics.filter((one) => one.severity === 'error');
  if (errors.length === 0) return undefined;
  return errors.map((one) => `${one.path}: ${one.message} (line ${one.line})`).join('\n');
}

async function violationOf(view: TenantView, source: string, index: number) {
  const { flow, diagnostics } = await view.checkFlowAmong(source, `flow ${index + 1}`);
  const constraints = constraintsOf(diagnostics);
  return {
    index,
    ...(flow !== undefined && { flow: flow.id, namespace: flow.namespace }),
    ...(constraints !== undefined && { constraints }),
    outdated: false,
    deprecationPaths: [],
    warnings: diagnostics.filter((one) => one.severity === 'warning').map((one) => one.message),
    infos: [],
    diagnostics,
  };
}

const searchQuery = z.strictObject({
  ...pageQuery,
  q: z.string().optional(),
  namespace: z.string().optional(),
  labels: textsSchema.optional(),
  scope: textsSchema.optional(),
  filters: filtersSchema.optional(),
});

type FlowSearch = Partial<z.output<typeof searchQuery>>;

function fieldsOf(record: FlowRecord, document: ReturnType<typeof flowAnswer>) {
  return (field: string): string | readonly string[] | undefined => {
    switch (field) {
      case 'q':
      case 'query':
        return [record.id, record.namespace, document.description ?? ''];
      case 'namespace':
        return record.namespace;
      case 'id':
      case 'flowId':
        return record.id;
      case 'labels':
        return document.labels.map(({ key, value }) => `${key}:${value}`);
      case 'scope':
        return record.namespace === 'system' ? 'SYSTEM' : 'USER';
      default:
        return undefined;
    }
  };
}

/** Returns the flows of `view` that a search means. */
export async function searchedFlows(view: TenantView, query: FlowSearch) {
  checkFilters(query.filters, ['q', 'query', 'namespace', 'id', 'flowId', 'labels', 'scope']);
  const records = await view.flows();
  const found = records.map((record) => ({ record, document: flowAnswer(record, false) }));
  return found.filter(({ record, document }) => {
    const read = fieldsOf(record, document);
    if (query.namespace !== undefined && !isWithin(record.namespace, query.namespace)) return false;
    const text = query.q?.toLowerCase() ?? '';
    const texts = [record.id, record.namespace, document.description ?? ''];
    if (text !== '' && !texts.some((one) => one.toLowerCase().includes(text))) return false;
    const labels = document.labels.map(({ key, value }) => `${key}:${value}`);
    if (!(query.labels ?? []).every((one) => labels.includes(one))) return false;
    const scope = read('scope') as string;
    if (query.scope !== undefined && !query.scope.includes(scope)) return false;
    return passes(query.filters ?? [], read);
  });
}

/** Returns whose the flows of a text are; none where the text names none that anybody could own. */
function flowsSent({ params, query, body }: ReadRequest): readonly Target[] {
  const sent = splitDocuments(typeof body === 'string' ? body : '').flatMap((source) => {
    const { namespace: space, id } = flowDocument(source) ?? {};
    return typeof space === 'string' && typeof id === 'string'
      ? [{ namespace: space, resourceId: id, flowId: id }]
      : [];
  });
  const named = params['namespace'] ?? query['namespace'];
  return typeof named === 'string' ? [...sent, { namespace: named, resourceId: null }] : sent;
}

/** The routes of flows. */
export const flowRoutes: readonly Route[] = [
  route({
    id: 'createFlow',
    method: 'POST',
    path: '/api/v1/{tenant}/flows',
    tag: 'Flows',
    summary: 'Saves a flow; an unchanged one makes no revision.',
    access: asked('edit', 'Flow', flowsSent),
    params: tenantParams,
    body: yaml,
    answers: { 200: { description: 'The flow', schema: flowSchema } },
    handle: async (request) => {
      const record = await save(request, request.body, 'flow');
      return answer(flowAnswer(record, true), 200, tag(record));
    },
  }),
  route({
    id: 'validateFlows',
    method: 'POST',
    path: '/api/v1/{tenant}/flows/validate',
    tag: 'Flows',
    summary: 'Tells what is wrong with flows, without saving them.',
    access: anywhere('view', 'Flow'),
    params: tenantParams,
    body: yaml,
    answers: {
      200: { description: 'One finding for each flow', schema: z.array(violationSchema) },
    },
    handle: async ({ view, body }) =>
      answer(
        await Promise.all(
          splitDocuments(body).map((source, index) => violationOf(view, source, index)),
        ),
      ),
  }),
  route({
    id: 'searchFlows',
    method: 'GET',
    path: '/api/v1/{tenant}/flows/search',
    tag: 'Flows',
    summary: 'Lists flows.',
    access: listed('Flow'),
    params: tenantParams,
    query: searchQuery,
    answers: { 200: { description: 'A page of flows', schema: pageOf(flowSchema) } },
    handle: async ({ view, query }) => {
      const found = (await searchedFlows(view, query)).map((one) => one.document);
      const rows = sorted(found, query.sort, (row, name) => row[name]);
      return answer(pageFrom(rows, query));
    },
  }),
  route({
    id: 'searchFlowsBySourceCode',
    method: 'GET',
    path: '/api/v1/{tenant}/flows/source',
    tag: 'Flows',
    summary: 'Finds flows whose source holds a text.',
    access: listed('Flow'),
    params: tenantParams,
    query: z.strictObject({
      ...pageQuery,
      q: z.string().optional(),
      namespace: z.string().optional(),
    }),
    answers: {
      200: {
        description: 'A page of flows with the lines that were found',
        schema: pageOf(z.object({ model: flowSchema, fragments: z.array(z.string()) })),
      },
    },
    handle: async ({ view, query }) => {
      const text = (query.q ?? '').toLowerCase();
      const space = query.namespace;
      const found = (await view.flows()).flatMap((record) => {
        if (space !== undefined && !isWithin(record.namespace, space)) return [];
        const fragments = record.source
          .split('\n')
          .filter((line) => text !== '' && line.toLowerCase().includes(text))
          .slice(0, 5);
        if (text !== '' && fragments.length === 0) return [];
        return [{ model: flowAnswer(record, true), fragments }];
      });
      return answer(pageFrom(found, query));
    },
  }),
  route({
    id: 'listDistinctNamespaces',
    method: 'GET',
    path: '/api/v1/{tenant}/flows/distinct-namespaces',
    tag: 'Flows',
    summary: 'Lists the namespaces of flows.',
    access: listed('Namespace'),
    params: tenantParams,
    query: z.strictObject({ q: z.string().optional() }),
    answers: { 200: { description: 'Namespaces in order', schema: z.array(z.string()) } },
    handle: async ({ view, query }) => {
      const spaces = new Set((await view.flows()).map((one) => one.namespace));
      return answer([...spaces].filter((one) => one.includes(query.q ?? '')).toSorted());
    },
  }),
  route({
    id: 'bulkUpdateFlows',
    method: 'POST',
    path: '/api/v1/{tenant}/flows/bulk',
    tag: 'Flows',
    summary: 'Saves several flows of one text; none of them when one is invalid.',
    access: asked('edit', 'Flow', flowsSent),
    params: tenantParams,
    query: z.strictObject({
      delete: flag.optional(),
      namespace: namespace.optional(),
      allowNamespaceChild: flag.optional(),
    }),
    body: { kind: 'yaml', isOptional: true },
    answers: { 200: { description: 'The flows', schema: z.array(flowSchema) } },
    handle: async (request) => answer(await replaceFlows(request, request.body, request.query)),
  }),
  route({
    id: 'updateFlowsInNamespace',
    method: 'POST',
    path: '/api/v1/{tenant}/flows/{namespace}',
    tag: 'Flows',
    summary: 'Makes the flows of a namespace those of one text.',
    access: asked('edit', 'Flow', flowsSent),
    params: z.strictObject({ tenant, namespace }),
    query: z.strictObject({ delete: flag.optional() }),
    body: { kind: 'yaml', isOptional: true },
    answers: { 200: { description: 'The flows', schema: z.array(flowSchema) } },
    handle: async (request) =>
      answer(
        await replaceFlows(request, request.body, {
          namespace: request.params.namespace,
          delete: request.query.delete ?? true,
        }),
      ),
  }),
  route({
    id: 'listFlowsByNamespace',
    method: 'GET',
    path: '/api/v1/{tenant}/flows/{namespace}',
    tag: 'Flows',
    summary: 'Lists the flows of a namespace.',
    access: asked('view', 'Flow'),
    params: z.strictObject({ tenant, namespace }),
    answers: { 200: { description: 'The flows', schema: z.array(flowSchema) } },
    handle: async ({ view, params }) =>
      answer((await view.flows(params.namespace)).map((one) => flowAnswer(one, false))),
  }),
  route({
    id: 'getFlow',
    method: 'GET',
    path: '/api/v1/{tenant}/flows/{namespace}/{id}',
    tag: 'Flows',
    summary: 'Returns a flow.',
    access: asked('view', 'Flow'),
    params: flowParams,
    query: z.strictObject({
      source: flag.optional(),
      revision: revision.optional(),
      allowDeleted: flag.optional(),
    }),
    answers: { 200: { description: 'The flow', schema: flowSchema } },
    handle: async ({ view, params, query }) => {
      const record = await flowToRead(view, params, query);
      return answer(flowAnswer(record, query.source === true), 200, tag(record));
    },
  }),
  route({
    id: 'updateFlow',
    method: 'PUT',
    path: '/api/v1/{tenant}/flows/{namespace}/{id}',
    tag: 'Flows',
    summary: 'Saves a revision of a flow; with `If-Match` only when nobody did meanwhile.',
    access: asked('edit', 'Flow'),
    params: flowParams,
    body: yaml,
    answers: { 200: { description: 'The flow', schema: flowSchema } },
    handle: async (request) => {
      const { view, params, body } = request;
      await storedFlow(view, params.namespace, params.id);
      const flow = flowOf(view, body, `${params.namespace}/${params.id}`);
      if (flow.namespace !== params.namespace || flow.id !== params.id) {
        throw new Failure('request.malformed', 'the text is that of another flow', {
          help: 'the id and namespace of a flow never change; save it as another one',
        });
      }
      const record = await save(request, body, `${params.namespace}/${params.id}`);
      return answer(flowAnswer(record, true), 200, tag(record));
    },
  }),
  route({
    id: 'deleteFlow',
    method: 'DELETE',
    path: '/api/v1/{tenant}/flows/{namespace}/{id}',
    tag: 'Flows',
    summary: 'Deletes a flow; its revisions stay readable.',
    access: asked('delete', 'Flow'),
    params: flowParams,
    answers: { 204: { description: 'It is deleted' } },
    handle: async (request) => {
      const { view, params } = request;
      const expected = expectedRevision(request);
      await matching(view.deleteFlow(params.namespace, params.id, expected), expected);
      return noContent();
    },
  }),
  route({
    id: 'listFlowRevisions',
    method: 'GET',
    path: '/api/v1/{tenant}/flows/{namespace}/{id}/revisions',
    tag: 'Flows',
    summary: 'Lists the revisions of a flow, the first one first.',
    access: asked('view', 'Flow'),
    params: flowParams,
    answers: { 200: { description: 'The revisions', schema: z.array(flowSchema) } },
    handle: async ({ view, params }) => {
      const records = await view.flowRevisions(params.namespace, params.id);
      if (records.length === 0) throw notFound(params.namespace, params.id);
      const inOrder = records.toSorted((a, b) => a.revision - b.revision);
      return answer(inOrder.map((one) => flowAnswer(one, true)));
    },
  }),
];

/** Saves all flows of `text`; with `delete`, those of the namespace that are not in it go. */
async function replaceFlows(
  request: RouteRequest,
  text: string,
  options: {
    readonly delete?: boolean | undefined;
    readonly namespace?: string | undefined;
    readonly allowNamespaceChild?: boolean | undefined;
  },
) {
  const { view } = request;
  const sources = splitDocuments(text);
  const flows = sources.map((source, index) => flowOf(view, source, `flow ${index + 1}`));
  const space = options.namespace;
  const isAllowed = (own: string): boolean =>
    space === undefined ||
    own === space ||
    (options.allowNamespaceChild === true && isWithin(own, space));
  const stranger = flows.find((flow) => !isAllowed(flow.namespace));
  if (stranger !== undefined) {
    const what = `the flow \`${stranger.id}\` is of the namespace \`${stranger.namespace}\``;
    throw new Failure('request.malformed', `${what}, not of \`${space}\``);
  }
  const kept = new Set(flows.map((one) => `${one.namespace}/${one.id}`));
  const isOver = (one: FlowRecord): boolean =>
    isAllowed(one.namespace) && !kept.has(`${one.namespace}/${one.id}`);
  const over =
    options.delete === true && space !== undefined ? (await view.flows()).filter(isOver) : [];
  // Asked before anything is saved: who may not delete one of them changes nothing at all.
  for (const { namespace: own, id } of over) {
    await request.ask({ action: 'delete', namespace: own, resourceId: id, flowId: id });
  }
  const records: FlowRecord[] = [];
  for (const [index, source] of sources.entries()) {
    const saved = await view.saveFlow(source, `flow ${index + 1}`);
    records.push(await storedFlow(view, saved.flow.namespace, saved.flow.id, saved.revision));
  }
  for (const one of over) await view.deleteFlow(one.namespace, one.id);
  return records.map((one) => flowAnswer(one, true));
}

async function flowToRead(
  view: TenantView,
  { namespace: space, id }: { readonly namespace: string; readonly id: string },
  query: { readonly revision?: number | undefined; readonly allowDeleted?: boolean | undefined },
): Promise<FlowRecord> {
  if (query.revision === undefined && query.allowDeleted === true) {
    const all = await view.flowRevisions(space, id);
    const newest = all.toSorted((a, b) => b.revision - a.revision)[0];
    if (newest !== undefined) return newest;
  }
  return storedFlow(view, space, id, query.revision);
}
