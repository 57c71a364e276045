/**
 * Namespaces, which are there once something is in them, and their files. A file that is moved keeps where
 * it comes from.
 */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import type { TenantView } from '../../app/application.ts';
import { Failure } from '../../core/failure/index.ts';
import { plain } from '../../core/value/index.ts';
import { fileAttributesSchema, namespaceSchema, pageOf, pageQuery } from '../contract/index.ts';
import { answer, noContent, type Route, type RouteRequest } from '../server/index.ts';
import { asked, flag, listed, namespace, route, tenant, tenantParams } from './define-route.ts';
import { pageFrom, sorted } from './listing.ts';

const spaceParams = z.strictObject({ tenant, namespace });
const oneParams = z.strictObject({ tenant, id: namespace });

/** Returns the namespaces that hold a flow, with those above them, in order. */
async function namespacesOf(view: TenantView): Promise<readonly string[]> {
  const all = new Set<string>();
  for (const { namespace: own } of await view.flows()) {
    const parts = own.split('.');
    for (let length = 1; length <= parts.length; length += 1)
      all.add(parts.slice(0, length).join('.'));
  }
  return [...all].toSorted();
}

/** Returns a path below a namespace without the leading slashes that clients write. */
function pathOf(text: string): string {
  const path = text.replace(/^\/+/, '');
  if (path.split('/').some((part) => part === '..' || part === '.') || path.includes('\0')) {
    throw new Failure('file.refused', 'the path leads elsewhere');
  }
  return path.replace(/\/+$/, '');
}

const filePath = z.string().min(1).max(1_000);
const pathQuery = z.strictObject({ path: filePath });

function attributesOf(path: string, known: { size: number; at: number } | undefined) {
  return {
    type: known === undefined ? ('Directory' as const) : ('File' as const),
    fileName: path.split('/').at(-1) ?? path,
    size: known?.size ?? 0,
    lastModifiedTime: known?.at ?? 0,
    creationTime: known?.at ?? 0,
  };
}

async function fileAt(view: TenantView, space: string, path: string) {
  const files = view.namespaceFiles(space);
  if (!(await files.exists(path))) return undefined;
  return view.file(files.uri(path));
}

function noFile(path: string): Failure {
  return new Failure('file.not-found', `there is no file \`${path}\``);
}

async function below(view: TenantView, space: string, folder: string): Promise<readonly string[]> {
  const paths = await view.namespaceFiles(space).list();
  return folder === '' ? paths : paths.filter((one) => one.startsWith(`${folder}/`));
}

async function contentIn({ form }: Pick<RouteRequest, 'form'>): Promise<Uint8Array> {
  const file = form.files.find((one) => one.field === 'fileContent') ?? form.files[0];
  if (file !== undefined) return readFile(file.path);
  const text = form.fields.get('fileContent');
  if (text !== undefined) return Buffer.from(text);
  throw new Failure('request.malformed', 'the form has no part `fileContent`');
}

function tagOf(content: Uint8Array): string {
  return `"${createHash('sha256').update(content).digest('hex').slice(0, 32)}"`;
}

/** Throws `request.precondition-failed` when a file is not the one that `If-Match` names. */
async function checkTag(
  { view, header }: Pick<RouteRequest, 'view' | 'header'>,
  space: string,
  path: string,
): Promise<void> {
  const wanted = header('if-match');
  if (wanted === undefined) return;
  const files = view.namespaceFiles(space);
  const isThere = await files.exists(path);
  const own = isThere ? tagOf(await files.read(path)) : '';
  if (!isThere || (wanted !== '*' && wanted.replace(/^W\//, '') !== own)) {
    throw new Failure('request.precondition-failed', `the file \`${path}\` has changed`);
  }
}

/** The routes of namespaces and their files. */
export const namespaceRoutes: readonly Route[] = [
  route({
    id: 'searchNamespaces',
    method: 'GET',
    path: '/api/v1/{tenant}/namespaces/search',
    tag: 'Namespaces',
    summary: 'Lists namespaces.',
    access: listed('Namespace'),
    params: tenantParams,
    query: z.strictObject({ ...pageQuery, q: z.string().optional(), existing: flag.optional() }),
    answers: { 200: { description: 'A page of namespaces', schema: pageOf(namespaceSchema) } },
    handle: async ({ view, query }) => {
      const found = (await namespacesOf(view)).filter((one) => one.includes(query.q ?? ''));
      const rows = found.map((id) => ({ id, deleted: false, disabled: false }));
      return answer(
        pageFrom(
          sorted(rows, query.sort, (row) => row.id),
          query,
        ),
      );
    },
  }),
  route({
    id: 'autocompleteNamespaces',
    method: 'POST',
    path: '/api/v1/{tenant}/namespaces/autocomplete',
    tag: 'Namespaces',
    summary: 'Lists the namespaces whose name holds a text.',
    access: listed('Namespace'),
    params: tenantParams,
    body: {
      kind: 'json',
      schema: z.strictObject({
        q: z.string().optional(),
        ids: z.array(z.string()).optional(),
        existingOnly: z.boolean().optional(),
      }),
    },
    answers: { 200: { description: 'Names', schema: z.array(z.string()) } },
    handle: async ({ view, body }) => {
      const found = (await namespacesOf(view)).filter((one) => one.includes(body.q ?? ''));
      return answer([...new Set([...(body.ids ?? []), ...found])]);
    },
  }),
  route({
    id: 'getNamespace',
    method: 'GET',
    path: '/api/v1/{tenant}/namespaces/{id}',
    tag: 'Namespaces',
    summary: 'Returns a namespace.',
    access: asked('view', 'Namespace', ({ params }) => ({ namespace: String(params['id']) })),
    params: oneParams,
    answers: { 200: { description: 'The namespace', schema: namespaceSchema } },
    handle: async ({ view, params }) => {
      if (!(await namespacesOf(view)).includes(params.id)) {
        throw new Failure('namespace.not-found', `there is no namespace \`${params.id}\``);
      }
      return answer({ id: params.id, deleted: false });
    },
  }),
  route({
    id: 'getFileContent',
    method: 'GET',
    path: '/api/v1/{tenant}/namespaces/{namespace}/files',
    tag: 'Files',
    summary: 'Returns the content of a file.',
    access: asked('view', 'File'),
    params: spaceParams,
    query: pathQuery,
    answers: { 200: { description: 'The content', mediaType: 'application/octet-stream' } },
    handle: async ({ view, params, query }) => {
      const content = await view.namespaceFiles(params.namespace).read(pathOf(query.path));
      return {
        status: 200,
        mediaType: 'application/octet-stream',
        headers: { etag: tagOf(content), 'content-disposition': 'attachment' },
        body: content,
      };
    },
  }),
  route({
    id: 'createNamespaceFile',
    method: 'POST',
    path: '/api/v1/{tenant}/namespaces/{namespace}/files',
    tag: 'Files',
    summary: 'Stores a file; with `If-Match` only over the one that is named.',
    access: asked('edit', 'File'),
    params: spaceParams,
    query: pathQuery,
    body: { kind: 'form' },
    answers: { 200: { description: 'It is stored' } },
    handle: async (request) => {
      const { view, params, query } = request;
      const path = pathOf(query.path);
      await checkTag(request, params.namespace, path);
      const content = await contentIn(request);
      await view.namespaceFiles(params.namespace).put(path, content, plain);
      return { status: 200, headers: { etag: tagOf(content) } };
    },
  }),
  route({
    id: 'moveFileDirectory',
    method: 'PUT',
    path: '/api/v1/{tenant}/namespaces/{namespace}/files',
    tag: 'Files',
    summary: 'Gives a file, or all files of a folder, another path.',
    access: asked('edit', 'File'),
    params: spaceParams,
    query: z.strictObject({ from: filePath, to: filePath }),
    answers: { 200: { description: 'It is moved' } },
    handle: async ({ view, params, query }) => {
      const files = view.namespaceFiles(params.namespace);
      const [source, target] = [pathOf(query.from), pathOf(query.to)];
      const isFile = await files.exists(source);
      const paths = isFile ? [source] : await below(view, params.namespace, source);
      if (paths.length === 0) throw noFile(source);
      for (const path of paths) {
        const to = target + path.slice(source.length);
        if (await files.exists(to)) throw new Failure('file.exists', `the file \`${to}\` exists`);
      }
      for (const path of paths) {
        // It comes from where it came from, under whichever name.
        const provenance = await files.provenance(path);
        await files.put(target + path.slice(source.length), await files.read(path), provenance);
        await files.delete(path);
      }
      return { status: 200 };
    },
  }),
  route({
    id: 'deleteFileDirectory',
    method: 'DELETE',
    path: '/api/v1/{tenant}/namespaces/{namespace}/files',
    tag: 'Files',
    summary: 'Deletes a file, or all files of a folder.',
    access: asked('delete', 'File'),
    params: spaceParams,
    query: pathQuery,
    answers: { 204: { description: 'It is deleted' } },
    handle: async (request) => {
      const { view, params, query } = request;
      const path = pathOf(query.path);
      await checkTag(request, params.namespace, path);
      const files = view.namespaceFiles(params.namespace);
      const isFile = await files.exists(path);
      const paths = isFile ? [path] : await below(view, params.namespace, path);
      if (paths.length === 0) throw noFile(path);
      for (const one of paths) await files.delete(one);
      return noContent();
    },
  }),
  route({
    id: 'searchNamespaceFiles',
    method: 'GET',
    path: '/api/v1/{tenant}/namespaces/{namespace}/files/search',
    tag: 'Files',
    summary: 'Finds files by a part of their path.',
    access: asked('view', 'File'),
    params: spaceParams,
    query: z.strictObject({ q: z.string().max(200).default('') }),
    answers: { 200: { description: 'Paths with a leading slash', schema: z.array(z.string()) } },
    handle: async ({ view, params, query }) => {
      const paths = await view.namespaceFiles(params.namespace).list();
      return answer(paths.filter((one) => one.includes(query.q)).map((one) => `/${one}`));
    },
  }),
  route({
    id: 'getFileMetadatas',
    method: 'GET',
    path: '/api/v1/{tenant}/namespaces/{namespace}/files/stats',
    tag: 'Files',
    summary: 'Returns what is known of a file or folder.',
    access: asked('view', 'File'),
    params: spaceParams,
    query: z.strictObject({ path: filePath.optional() }),
    answers: { 200: { description: 'What is known', schema: fileAttributesSchema } },
    handle: async ({ view, params, query }) => {
      const path = pathOf(query.path ?? '');
      const file = path === '' ? undefined : await fileAt(view, params.namespace, path);
      if (file !== undefined) return answer(attributesOf(path, file));
      if (path !== '' && (await below(view, params.namespace, path)).length === 0) {
        throw noFile(path);
      }
      return answer(attributesOf(path, undefined));
    },
  }),
  route({
    id: 'listNamespaceDirectoryFiles',
    method: 'GET',
    path: '/api/v1/{tenant}/namespaces/{namespace}/files/directory',
    tag: 'Files',
    summary: 'Lists what is directly in a folder.',
    access: asked('view', 'File'),
    params: spaceParams,
    query: z.strictObject({ path: z.string().max(1_000).optional() }),
    answers: { 200: { description: 'Files and folders', schema: z.array(fileAttributesSchema) } },
    handle: async ({ view, params, query }) => {
      const folder = pathOf(query.path ?? '');
      const start = folder === '' ? 0 : folder.length + 1;
      const names = new Map<string, string | undefined>();
      for (const path of await below(view, params.namespace, folder)) {
        const [name = '', ...rest] = path.slice(start).split('/');
        names.set(name, rest.length === 0 ? path : undefined);
      }
      const listed = [];
      for (const [name, path] of names) {
        const file = path === undefined ? undefined : await fileAt(view, params.namespace, path);
        listed.push(attributesOf(name, file));
      }
      return answer(listed);
    },
  }),
];
