/**
 * Flows that leave and come as files: an archive of the sources of those that whoever asks sees, and the
 * flows of an archive, or of a text of several documents, saved when all of them may be and are valid.
 */
import { readFile, stat } from 'node:fs/promises';
import { z } from 'zod';
import { Failure } from '../../core/failure/index.ts';
import { flowDocument } from '../../core/flow/index.ts';
import type { FlowRecord } from '../../ports/store.ts';
import { textsSchema } from '../contract/index.ts';
import type { Answer, Route, RouteRequest } from '../server/index.ts';
import { answer } from '../server/index.ts';
import { askedForEach, flowId, listed, namespace, route, tenantParams } from './define-route.ts';
import { isArchive, readArchive, writeArchive } from './flow-archive.ts';
import { flowOf, searchedFlows, storedFlow } from './flows.ts';
import { filtersSchema } from './listing.ts';
import { splitDocuments } from './split-documents.ts';

const archiveAnswers = {
  200: { description: 'An archive of sources', mediaType: 'application/octet-stream' },
};
const flowsMax = 2_000;
const fileBytesMax = 33_554_432;

function archiveOf(records: readonly FlowRecord[]): Answer {
  const files = records.map(({ namespace: space, id, source }) => ({
    name: `${space}.${id}.yml`,
    text: source,
  }));
  const bytes = writeArchive(files);
  return {
    status: 200,
    mediaType: 'application/octet-stream',
    headers: { 'content-disposition': 'attachment; filename="flows.zip"' },
    chunks: (async function* () {
      yield bytes;
    })(),
  };
}

/** Returns the sources that a form sends, with the names of their files. */
async function sourcesSent({ form }: Pick<RouteRequest, 'form'>) {
  const [file, ...others] = form.files;
  if (file === undefined || others.length > 0) {
    throw new Failure('request.malformed', 'the form has not exactly one file', {
      help: 'send the archive, or the text, as `fileUpload`',
    });
  }
  if ((await stat(file.path)).size > fileBytesMax) {
    throw new Failure('request.too-large', 'the file is too large', {
      help: 'send the flows in several files',
    });
  }
  const bytes = await readFile(file.path);
  const files = isArchive(bytes)
    ? await readArchive(bytes)
    : [{ name: file.name, text: bytes.toString('utf8') }];
  const sources = files.flatMap(({ name, text }) =>
    splitDocuments(text).map((source) => ({ name, source })),
  );
  if (sources.length === 0) throw new Failure('request.malformed', 'the file holds no flow');
  if (sources.length > flowsMax) {
    throw new Failure('request.too-large', `the file holds more than ${flowsMax} flows`);
  }
  return sources;
}

async function importFlows(request: RouteRequest): Promise<Answer> {
  const { view } = request;
  const sources = await sourcesSent(request);
  // Asked before anything is read of them, and before anything is saved.
  for (const { source } of sources) {
    const { namespace: space, id } = flowDocument(source) ?? {};
    if (typeof space !== 'string' || typeof id !== 'string') continue;
    await request.ask({ namespace: space, resourceId: id, flowId: id });
  }
  const seen = new Set<string>();
  for (const { name, source } of sources) {
    const flow = flowOf(view, source, name);
    const key = `${flow.namespace}/${flow.id}`;
    if (seen.has(key)) throw new Failure('request.malformed', `the flow \`${key}\` is sent twice`);
    seen.add(key);
  }
  for (const { name, source } of sources) await view.saveFlow(source, name);
  // Kestra lists what it left out; here it is all or nothing.
  return answer([]);
}

/** The routes of flows as files. */
export const flowExchangeRoutes: readonly Route[] = [
  route({
    id: 'exportFlowsByQuery',
    method: 'GET',
    path: '/api/v1/{tenant}/flows/export/by-query',
    tag: 'Flows',
    summary: 'Returns an archive of the flows that a query means.',
    access: listed('Flow'),
    params: tenantParams,
    query: z.strictObject({
      q: z.string().optional(),
      scope: textsSchema.optional(),
      namespace: z.string().optional(),
      labels: textsSchema.optional(),
      filters: filtersSchema.optional(),
    }),
    answers: archiveAnswers,
    handle: async ({ view, query }) =>
      archiveOf((await searchedFlows(view, query)).map(({ record }) => record)),
  }),
  route({
    id: 'exportFlowsByIds',
    method: 'POST',
    path: '/api/v1/{tenant}/flows/export/by-ids',
    tag: 'Flows',
    summary: 'Returns an archive of flows that are named.',
    access: askedForEach('view', 'Flow'),
    params: tenantParams,
    body: {
      kind: 'json',
      schema: z
        .array(z.strictObject({ namespace, id: flowId }))
        .min(1)
        .max(flowsMax),
    },
    answers: archiveAnswers,
    async handle({ view, body, ask }) {
      const records = new Map<string, FlowRecord>();
      for (const { namespace: space, id } of body) {
        await ask({ namespace: space, resourceId: id, flowId: id });
        records.set(`${space}/${id}`, await storedFlow(view, space, id));
      }
      return archiveOf([...records.values()]);
    },
  }),
  route({
    id: 'importFlows',
    method: 'POST',
    path: '/api/v1/{tenant}/flows/import',
    tag: 'Flows',
    summary:
      'Saves the flows of an archive or of a text; none of them when one may not be or is invalid.',
    access: askedForEach('edit', 'Flow'),
    params: tenantParams,
    body: { kind: 'form' },
    answers: {
      200: { description: 'What was left out: nothing', schema: z.array(z.string()) },
    },
    handle: importFlows,
  }),
];
