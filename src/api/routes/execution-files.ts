/** Files of an execution: downloaded, measured, looked into. Only those that belong to it. */
import { z } from 'zod';
import type { TenantView } from '../../app/application.ts';
import { Failure } from '../../core/failure/index.ts';
import { graphOf } from '../../core/flow/index.ts';
import type { FileRecord } from '../../ports/store.ts';
import { graphSchema, textsSchema } from '../contract/index.ts';
import { answer, type Route } from '../server/index.ts';
import { asked, executionParams, route } from './define-route.ts';
import { graphAnswer } from './flow-answer.ts';
import { parsedFlow } from './flows.ts';

const uriQuery = z.strictObject({ path: z.string().min(1).max(2_000).describe('The URI') });
const previewBytesMax = 20 * 1024 * 1024;

/** Returns the record of a file of an execution; another one is not found, whether it exists or not. */
async function ownFile(view: TenantView, executionId: string, uri: string): Promise<FileRecord> {
  const file = await view.file(uri);
  if (file !== undefined && file.owner === `execution:${executionId}`) return file;
  throw new Failure('file.not-found', 'the execution has no such file');
}

function nameOf(uri: string): string {
  return decodeURIComponent(uri.split('/').at(-1) ?? 'file').replaceAll(/[^\w.-]/g, '_');
}

/** Returns lines of JSON as rows; undefined when one of them is none. */
function rowsOf(lines: readonly string[]): unknown[] | undefined {
  try {
    return lines.map((line) => JSON.parse(line) as unknown);
  } catch {
    return undefined;
  }
}

/** The routes of an execution's files and graph. */
export const executionFileRoutes: readonly Route[] = [
  route({
    id: 'downloadFileFromExecution',
    method: 'GET',
    path: '/api/v1/{tenant}/executions/{executionId}/file',
    tag: 'Executions',
    summary: 'Returns the content of a file of an execution.',
    access: asked('view', 'Execution'),
    params: executionParams,
    query: uriQuery,
    answers: { 200: { description: 'The content', mediaType: 'application/octet-stream' } },
    handle: async ({ view, params, query }) => {
      const { uri } = await ownFile(view, params.executionId, query.path);
      return {
        status: 200,
        mediaType: 'application/octet-stream',
        headers: { 'content-disposition': `attachment; filename="${nameOf(uri)}"` },
        body: await view.readFile(uri),
      };
    },
  }),
  route({
    id: 'getFileMetadatasFromExecution',
    method: 'GET',
    path: '/api/v1/{tenant}/executions/{executionId}/file/metas',
    tag: 'Executions',
    summary: 'Returns how large a file of an execution is.',
    access: asked('view', 'Execution'),
    params: executionParams,
    query: uriQuery,
    answers: { 200: { description: 'Its size', schema: z.object({ size: z.int() }) } },
    handle: async ({ view, params, query }) =>
      answer({ size: (await ownFile(view, params.executionId, query.path)).size }),
  }),
  route({
    id: 'previewFileFromExecution',
    method: 'GET',
    path: '/api/v1/{tenant}/executions/{executionId}/file/preview',
    tag: 'Executions',
    summary: 'Returns the first lines of a file of an execution.',
    access: asked('view', 'Execution'),
    params: executionParams,
    query: z.strictObject({
      path: uriQuery.shape.path,
      maxRows: z.coerce.number().int().min(1).max(5_000).default(100),
      encoding: z.enum(['UTF-8', 'utf-8', 'ISO-8859-1', 'iso-8859-1']).default('UTF-8'),
    }),
    answers: {
      200: {
        description: 'Rows where every line is JSON, text otherwise',
        schema: z.object({
          extension: z.string(),
          type: z.enum(['LIST', 'TEXT']),
          content: z.unknown(),
          maxLine: z.int(),
          truncated: z.boolean(),
        }),
      },
    },
    handle: async ({ view, params, query }) => {
      const { uri, size } = await ownFile(view, params.executionId, query.path);
      if (size > previewBytesMax) {
        throw new Failure('request.too-large', 'the file is too large to look into; download it');
      }
      const text = new TextDecoder(query.encoding).decode(await view.readFile(uri));
      const lines = text
        .split('\n')
        .filter((one, index, all) => one !== '' || index < all.length - 1);
      const shown = lines.slice(0, query.maxRows);
      const rows = shown.length === 0 ? undefined : rowsOf(shown);
      const extension = /\.([A-Za-z0-9]{1,10})$/.exec(uri)?.[1] ?? '';
      return answer({
        extension,
        type: rows === undefined ? 'TEXT' : 'LIST',
        content: rows ?? shown.join('\n'),
        maxLine: query.maxRows,
        truncated: lines.length > shown.length,
      });
    },
  }),
  route({
    id: 'getExecutionFlowGraph',
    method: 'GET',
    path: '/api/v1/{tenant}/executions/{executionId}/graph',
    tag: 'Executions',
    summary: 'Returns the graph of the flow that an execution runs.',
    access: asked('view', 'Execution'),
    params: executionParams,
    query: z.strictObject({ subflows: textsSchema.optional() }),
    answers: { 200: { description: 'The graph', schema: graphSchema } },
    handle: async ({ view, params }) => {
      const record = await view.record(params.executionId);
      if (record === undefined) {
        throw new Failure('execution.not-found', `there is no execution \`${params.executionId}\``);
      }
      const flow = await parsedFlow(view, record.namespace, record.flowId, record.revision);
      return answer(graphAnswer(graphOf(flow), flow));
    },
  }),
];
